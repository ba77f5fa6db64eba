"""Slips to print: how each child of a class calls in without internet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from schoolday.office.families import calling
from schoolday.office.families.access import access_slips
from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.signin.access_sections import own_sections, students_of
from schoolday.office.signin.membership import days_of, sections_between


@require_GET
@page
def sections(request: HttpRequest) -> HttpResponse:
    """List the classes whose slips this person may print: her own, and those of a school whose office she is in."""
    person = person_of(request)
    schools = schools_of_staff(person)
    school = None
    if request.GET.get("school"):
        school = access_school(person, request.GET["school"])
    elif len(schools) == 1:
        (school,) = schools
    own = own_sections(person).filter(enrollments__person=person, enrollments__role="teacher").distinct()
    if not schools and not own:
        raise NotYours
    of_school = []
    if school is not None:
        days = days_of(school)
        of_school = list(sections_between(days.first, days.last).filter(school=school).order_by("title", "id"))
    context = {"own": list(own), "schools": schools, "school": school, "of_school": of_school}
    return render(request, "families/phone_sections.html", context)


@require_GET
@page
def sheet(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show a slip a child, for this week or the next; that somebody looked is in the audit."""
    person = person_of(request)
    section, days = access_slips(person, section_id)
    is_next = request.GET.get("week") == "next"
    week = calling.week_now(weeks_ahead=int(is_next))
    number = calling.number_of(section.school_id)
    slips = calling.slips_of(section, students_of(section, days), days, week) if number else []
    audit.record(person, "look.phone_digits", "section", section.id, week=week.code, children=len(slips))
    context = {"section": section, "number": number, "slips": slips, "week": week, "is_next": is_next}
    response = render(request, "families/phone_sheet.html", context)
    response["Cache-Control"] = "no-store"
    return response
