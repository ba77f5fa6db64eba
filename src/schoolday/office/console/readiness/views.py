"""Readiness as principals (their schools) and operators (all) see it."""

from collections.abc import Iterable
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from schoolday.office.attendance.views.api import read_date
from schoolday.office.attendance.views.staff import as_file
from schoolday.office.console.readiness import actions, calls, figures, file, lists, whole
from schoolday.office.console.readiness.days import NextDay, next_days
from schoolday.office.console.readiness.figures import Tally
from schoolday.office.console.readiness.own import access_own
from schoolday.office.console.readiness.words import DEGREE_WORDS
from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.models import Org, Person
from schoolday.office.people.queries import is_operator, schools_of_staff
from schoolday.office.rosters.queries import sections_in_force

_FAMILIES_ON_A_PAGE = 100
_DEGREES = tuple(DEGREE_WORDS)
_LANGUAGES = ("en", "es", "ht")
Part = tuple[str, object, int, float]


@require_GET
@page
def district(request: HttpRequest) -> HttpResponse:
    """Show one bar per school, the worst first; whoever has one school only is led to it."""
    person = person_of(request)
    schools = schools_of_staff(person)
    if not schools:
        access_own(person)
        return HttpResponseRedirect(reverse("console:readiness-own"))
    if len(schools) == 1:
        return HttpResponseRedirect(reverse("console:readiness-school", args=[schools[0].id]))
    found = whole.figures_of_all(schools) if is_operator(person) else figures.figures_of(schools)
    if found is None:
        return render(request, "console/readiness/uncounted.html", {"schools": schools})
    context = {
        "figures": found,
        "parts": parts(found.students),
        "lines": [(line, parts(line.students)) for line in found.lines],
    }
    return render(request, "console/readiness/district.html", context)


@require_GET
@page
def own(request: HttpRequest) -> HttpResponse:
    """Show a teacher which of her own students are ready, and which of their families want a call."""
    person = person_of(request)
    found = access_own(person)
    for one in found:
        audit.record(person, "look.families_to_call", "org", one.school.id, families=len(one.families))
    schools = [
        (
            one,
            [(row, parts(row.tally)) for row in one.sections],
            _with_words([family for family in one.families if family.guardian], one.school, one.day.on),
            [family for family in one.families if family.guardian is None],
        )
        for one in found
    ]
    return _private(render(request, "console/readiness/own.html", {"schools": schools}))


@require_GET
@page
def school(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show a school: adults who are not ready on top, then grades and sections."""
    person = person_of(request)
    found = access_school(person, school_id)
    line = figures.figures_of([found]).lines[0]
    context: dict[str, object] = {
        "school": found,
        "line": line,
        "parts": parts(line.students),
        "has_several_schools": len(schools_of_staff(person)) > 1,
    }
    if line.day:
        context |= {
            "adults": lists.adults_not_ready(found, line.day),
            "grades": [(g, tally, parts(tally)) for g, tally in figures.grades_of(found, line.day).items()],
            "sections": [(row, parts(row.students)) for row in figures.sections_of(found, line.day)],
        }
    return render(request, "console/readiness/school.html", context)


@require_GET
@page
def section(request: HttpRequest, school_id: str, section_id: str) -> HttpResponse:
    """Show who of a section holds what; `?only=missing` only those who are not ready."""
    person = person_of(request)
    found, day = _school_and_day(person, school_id)
    if day is None:
        raise NotYours
    one = sections_in_force(day.on).filter(school=found, id=section_id).first()
    if one is None:
        raise NotYours
    everybody = lists.section_list(one, day)
    only_missing = request.GET.get("only") == "missing"
    students = [holder for holder in everybody if holder.role == "student"]
    ready = sum(holder.is_ready for holder in students)
    may = sum(holder.state in ("grace", "badge") for holder in students)
    tally = Tally(len(students), ready, may)
    context = {
        "school": found,
        "section": one,
        "day": day,
        "tally": tally,
        "parts": parts(tally),
        "holders": [holder for holder in everybody if not (only_missing and holder.is_ready)],
        "only_missing": only_missing,
    }
    return _private(render(request, "console/readiness/section.html", context))


@require_GET
@page
def families(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show whom to call this evening. `?language=` only these families, `?all=1` all on one page, to print."""
    person = person_of(request)
    found, day = _school_and_day(person, school_id)
    everybody = calls.families_to_call(found, day) if day else []
    language = request.GET.get("language", "")
    shown = [family for family in everybody if family.guardian and language in ("", family.language)]
    on_a_page = max(1, len(shown)) if request.GET.get("all") else _FAMILIES_ON_A_PAGE
    at = Paginator(shown, on_a_page).get_page(request.GET.get("page"))
    audit.record(person, "look.families_to_call", "org", found.id, families=len(at))
    spoken = sorted({family.language for family in everybody if family.guardian} | ({language} & set(_LANGUAGES)))
    context = {
        "school": found,
        "day": day,
        "at": at,
        "calls": _with_words(at, found, day.on) if day else [],
        "without_number": [family for family in everybody if family.guardian is None],
        "count": len([family for family in everybody if family.guardian]),
        "called": len([family for family in everybody if family.guardian and family.is_called]),
        "language": language,
        "languages": spoken,
    }
    return _private(render(request, "console/readiness/families.html", context))


@require_POST
@page
def note(request: HttpRequest, school_id: str) -> HttpResponse:
    """Take one note of a call and go back to the list."""
    person = person_of(request)
    found = access_school(person, school_id)
    on = read_date(request.POST.get("on"))
    if on is None:
        raise actions.NoSuchNote
    students = request.POST.getlist("student")
    actions.note_call(person, found, students, on=on, outcome=request.POST.get("outcome", ""))
    kept = {name: value for name in ("language", "page", "all") if (value := request.POST.get(name))}
    back = reverse("console:readiness-families", args=[school_id])
    return HttpResponseRedirect(f"{back}{'?' + urlencode(kept) if kept else ''}#{students[0]}")


@require_GET
@page
def export(request: HttpRequest, school_id: str) -> HttpResponse:
    """Give out the list as a file; that it was given out is in the audit."""
    person = person_of(request)
    found, day = _school_and_day(person, school_id)
    if day is None:
        raise NotYours
    audit.record(person, "look.families_file", "org", found.id, on=day.on.isoformat())
    return as_file(file.csv_lines(found, day), name=f"families-to-call-{day.on.isoformat()}.csv")


def parts(tally: Tally) -> list[Part]:
    """Return the parts of a bar: name, word, how many, width in percent."""
    return [(d, DEGREE_WORDS[d], int(getattr(tally, d)), tally.share(d)) for d in _DEGREES]


def _with_words(found: Iterable[calls.Family], school: Org, on: date) -> list[tuple[calls.Family, str, str]]:
    return [
        (
            family,
            calls.sentence(family, school=school, on=on, language=family.language),
            "" if family.language == "en" else calls.sentence(family, school=school, on=on, language="en"),
        )
        for family in found
    ]


def _school_and_day(person: Person, school_id: str) -> tuple[Org, NextDay | None]:
    school = access_school(person, school_id)
    return school, next_days([school]).get(school.id)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
