"""Badges to print: for the teachers of a section and the office of its school."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.names import names_in
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.rosters.models import Section
from schoolday.office.signin import actions
from schoolday.office.signin.access_sections import access_section, own_sections, students_of
from schoolday.office.signin.badge_cards import cards_of, picture_rows_of
from schoolday.office.signin.membership import days_of, sections_between


@require_GET
@page
def sections(request: HttpRequest) -> HttpResponse:
    """List the sections whose badges this person may print: her own, and those of a school whose office she is in."""
    person = person_of(request)
    schools = schools_of_staff(person)
    found = list(own_sections(person))
    school = None
    if request.GET.get("school"):
        school = access_school(person, request.GET["school"])
    elif len(schools) == 1:
        (school,) = schools
    if school is not None:
        days = days_of(school)
        of_school = sections_between(days.first, days.last).filter(school=school).select_related("school")
        found = list(of_school.order_by("title", "id"))
    elif not schools and not found:
        raise NotYours
    led = own_sections(person).filter(enrollments__person=person, enrollments__role="teacher")
    own_lists = {one.id for one in found if one.school in schools} | set(led.values_list("id", flat=True))
    context = {"sections": found, "schools": schools, "school": school, "own_lists": own_lists}
    return render(request, "signin/badge_sections.html", context)


@require_GET
@page
def sheet(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show the badges of a section, eight on a printed page."""
    person = person_of(request)
    section, days = access_section(person, section_id)
    cards = cards_of(students_of(section, days))
    audit.record(person, "look.badges", "section", section.id, badges=len(cards))
    return _private(render(request, "signin/badge_sheet.html", _context(section, cards=cards)))


@require_GET
@page
def pictures(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show the picture PINs of a section, for the teacher's eyes; never on the same sheet as the badges."""
    person = person_of(request)
    section, days = access_section(person, section_id)
    rows = picture_rows_of(students_of(section, days))
    audit.record(person, "look.picture_pins", "section", section.id, pins=len(rows))
    return _private(render(request, "signin/picture_sheet.html", _context(section, rows=rows)))


@require_http_methods(["GET", "POST"])
@page
def new_badge(request: HttpRequest, section_id: str, student_id: str) -> HttpResponse:
    """Say what a new badge does, then make it: the old one is dead, and what was opened with it."""
    person = person_of(request)
    section, days = access_section(person, section_id)
    students = students_of(section, days)
    student = next((one for one in students if one.id == student_id), None)
    if student is None:
        raise NotYours
    if request.method == "GET":
        return _private(
            render(request, "signin/new_badge.html", _context(section, name=names_in(students)[student.id]))
        )
    actions.new_badge(student, actor=person)
    messages.success(request, _("There is a new badge. Please print it: the old one stops working within minutes."))
    return redirect("signin:badge-sheet", section_id=section.id)


def _context(section: Section, **more: object) -> dict[str, object]:
    return {"section": section, "school": section.school, **more}


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
