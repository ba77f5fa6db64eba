"""What families say: a guardian of her children, the office from paper or telephone, a teacher of the camera."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolday.lib.errors import BadRequest
from schoolday.office.arrangements import actions, queries
from schoolday.office.arrangements.access import (
    access_child,
    access_looks_after,
    access_office_of,
    access_pupil,
    children_of,
)
from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.models import Person
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.people.zones import today


@require_http_methods(["GET", "POST"])
@page
def family(request: HttpRequest) -> HttpResponse:
    """Let a guardian say yes or no for each of her children, and change it at any time; lead the office to its list."""
    guardian = person_of(request)
    if request.method == "POST":
        child = access_child(guardian, request.POST.get("child", ""))
        actions.say_as_guardian(child, subject=request.POST.get("subject", ""), yes=_yes(request), guardian=guardian)
        messages.success(request, _("Saved. You can change it at any time."))
        return redirect("arrangements:family")
    children = children_of(guardian)
    if not children:
        return _to_calls(guardian)
    rows = []
    for said in queries.said_of(children):
        own = {word.subject: word.says_yes for word in said.words if word.guardian_id == guardian.id}
        rows.append((said, own.get(queries.RECORDING), own.get(queries.CAMERA)))
    return _private(render(request, "arrangements/family.html", {"rows": rows}))


@require_http_methods(["GET", "POST"])
@page
def section(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show who may be recorded and who has not answered; let the teacher say whose camera goes to her only."""
    person = person_of(request)
    leave = access_looks_after(person, section_id)
    if request.method == "POST":
        child = access_pupil(person, leave, request.POST.get("child", ""))
        actions.say_as_school(child, yes=_yes(request), actor=person)
        messages.success(
            request, _("Saved. It counts when devices have fetched it, in the evening or at the next start.")
        )
        return redirect("arrangements:families", section_id=section_id)
    audit.record(person, "look.consents", "section", section_id)
    said = queries.said_of(queries.pupils_of(leave.section, leave.on))
    return _private(render(request, "arrangements/families.html", {"section": leave.section, "said": said}))


@require_http_methods(["GET", "POST"])
@page
def school(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show the school's office whom to call; keep what a family said on paper or by telephone."""
    person = person_of(request)
    found = access_school(person, school_id)
    if request.method == "POST":
        child = access_office_of(person, request.POST.get("child", ""))
        actions.say_for_guardian(
            child,
            subject=queries.RECORDING,
            yes=_yes(request),
            guardian_id=request.POST.get("guardian", ""),
            actor=person,
        )
        messages.success(request, _("Saved, with your name and the time."))
        return redirect("arrangements:calls", school_id=found.id)
    audit.record(person, "look.consents", "org", school_id)
    said = queries.said_of(queries.pupils_of_school(found, today(found)))
    unanswered = [one for one in said if one.recording is None]
    context = {
        "school": found,
        "unanswered": unanswered,
        "answered": [one for one in said if one.recording is not None],
    }
    return _private(render(request, "arrangements/calls.html", context))


def _to_calls(person: Person) -> HttpResponse:
    """Lead the school's office to whom it calls; of several schools she chooses one where they are listed."""
    schools = schools_of_staff(person)
    if not schools:
        raise NotYours
    if len(schools) == 1:
        return redirect("arrangements:calls", school_id=schools[0].id)
    return redirect("arrangements:start")


def _yes(request: HttpRequest) -> bool:
    said = request.POST.get("says", "")
    if said not in ("yes", "no"):
        raise BadRequest(_("Say yes or no."))
    return said == "yes"


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
