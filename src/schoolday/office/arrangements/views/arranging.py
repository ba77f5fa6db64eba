"""Who comes to a class beside its roster: by school and by class; find somebody, one tap, and one tap back."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from schoolday.lib.errors import BadRequest
from schoolday.office.arrangements import actions, queries
from schoolday.office.arrangements.access import (
    Leave,
    access_arrangement,
    access_section,
    own_sections,
    rules_of,
    search,
)
from schoolday.office.arrangements.words import kind_words
from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.models import Person
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.people.zones import today
from schoolday.office.rosters.queries import current_sections

_WORDS_AT_MOST_LETTERS = 100


@require_GET
@page
def start(request: HttpRequest) -> HttpResponse:
    """Lead the office of one school straight to it; let others choose a school, and teachers a class of theirs."""
    person = person_of(request)
    schools, sections = schools_of_staff(person), own_sections(person)
    if not (schools or sections):
        raise NotYours
    if len(schools) == 1:
        return redirect("arrangements:school", school_id=schools[0].id)
    return render(request, "arrangements/start.html", {"schools": schools, "sections": sections})


@require_http_methods(["GET", "POST"])
@page
def school(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show who comes to the classes of a school, today on top; end one; say what the school allows."""
    person = person_of(request)
    found = access_school(person, school_id)
    if request.method == "POST":
        if request.POST.get("do") == "rules":
            actions.set_rules(
                found,
                guardians_may_observe="guardians" in request.POST,
                teachers_may_invite="teachers" in request.POST,
                actor=person,
            )
            messages.success(request, _("Saved."))
        else:
            _end(request, person)
        return redirect("arrangements:school", school_id=found.id)
    on = today(found)
    context = {
        "school": found,
        "groups": _groups(queries.comings(on, school=found)),
        "sections": current_sections(found, on),
        "rules": rules_of(found),
    }
    return render(request, "arrangements/school.html", context)


@require_http_methods(["GET", "POST"])
@page
def section(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show who comes to one class; find somebody by name or e-mail; let her come, or end it. Names only by POST."""
    person = person_of(request)
    leave = access_section(person, section_id)
    kind = request.POST.get("kind", leave.kinds[0] if leave.kinds else "")
    asked: dict[str, object] = {"words": "", "found": [], "kind": kind, "begins_on": leave.on, "last_on": leave.on}
    if request.method == "POST":
        if request.POST.get("do") != "find":
            if request.POST.get("do") == "end":
                _end(request, person, of=leave)
            else:
                _make(request, leave, person)
            return redirect("arrangements:section", section_id=section_id)
        words = request.POST.get("words", "").strip()[:_WORDS_AT_MOST_LETTERS]
        begins_on, last_on = _days(request)
        found = search(leave, kind, words) if words else []
        audit.record(person, "look.people", "section", section_id, found=len(found))
        asked |= {"words": words, "found": found, "begins_on": begins_on, "last_on": last_on, "asked": True}
    context = {
        "section": leave.section,
        "school": leave.section.school if leave.is_office else None,
        "groups": _groups(queries.comings(leave.on, section=leave.section)),
        "kinds": [(one, kind_words(one)) for one in leave.kinds],
        "ends": leave.is_office,
        "guests": not leave.is_office and bool(leave.kinds),
        **asked,
    }
    response = render(request, "arrangements/section.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _make(request: HttpRequest, leave: Leave, actor: Person) -> None:
    begins_on, last_on = _days(request)
    made = actions.arrange(
        leave,
        person_id=request.POST.get("person", ""),
        kind=request.POST.get("kind", ""),
        begins_on=begins_on,
        last_on=last_on,
        actor=actor,
    )
    messages.success(request, _("%(name)s has the class the next time she opens the app.") % {"name": made.person.name})


def _end(request: HttpRequest, actor: Person, *, of: Leave | None = None) -> None:
    made = access_arrangement(actor, request.POST.get("arrangement", ""))
    if of is not None and made.section_id != of.section.id:
        raise NotYours
    actions.end(made, actor=actor)
    messages.success(request, _("Ended. The doors know it with the next plan, within minutes."))


def _days(request: HttpRequest) -> tuple[date, date]:
    try:
        return (
            date.fromisoformat(request.POST.get("begins_on", "")),
            date.fromisoformat(request.POST.get("last_on", "")),
        )
    except ValueError as error:
        raise BadRequest(_("Write both days.")) from error


def _groups(found: queries.Comings) -> list[tuple[str, list[tuple[object, str]], bool]]:
    """Return title, rows with the word for each, and whether they can be ended."""
    parts = ((_("Today"), found.today, True), (_("Later"), found.later, True), (_("Over"), found.over, False))
    return [(title, [(row, kind_words(row.kind)) for row in rows], open_) for title, rows, open_ in parts]
