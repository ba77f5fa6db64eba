"""Amnesties: the list, a new one with its preview, and ending, undoing and opening one again."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.attendance import amnesty_actions
from schoolday.office.attendance.amnesties import preview
from schoolday.office.attendance.models import Amnesty
from schoolday.office.attendance.scope import Scope, check_scope
from schoolday.office.http import page, person_of
from schoolday.office.incidents import forms
from schoolday.office.incidents.access import access_amnesty, access_incident
from schoolday.office.incidents.actions import BadIncident
from schoolday.office.incidents.models import Incident
from schoolday.office.incidents.saying import all_scope_words, scope_words
from schoolday.office.incidents.timeline import district_zone
from schoolday.office.incidents.views.shared import scope_fields
from schoolday.office.people.access import NotYours, access_operator
from schoolday.office.people.models import Person

_SHOWN_AT_MOST = 50
_LANGUAGES = (("en", "English"), ("es", "Español"), ("ht", "Kreyòl ayisyen"))
_VERBS = {
    "end": amnesty_actions.end_amnesty,
    "undo": amnesty_actions.undo_amnesty,
    "reopen": amnesty_actions.reopen_amnesty,
}


@require_GET
@page
def listing(request: HttpRequest) -> HttpResponse:
    """Show the newest amnesties, each with how many entries it frees now."""
    access_operator(person_of(request))
    found = list(Amnesty.objects.order_by("-made_at", "id")[:_SHOWN_AT_MOST])
    counts = amnesty_actions.counts_of(found)
    incidents = Incident.objects.in_bulk([one.incident_id for one in found if one.incident_id])
    now = clock.now()
    words = all_scope_words([Scope.from_dict(one.scope) for one in found])
    rows = [
        {
            "amnesty": one,
            "scope": scope,
            "entries": counts.get(one.id, 0),
            "incident": incidents.get(one.incident_id),
            "is_over": one.until_at is not None and one.until_at <= now,
        }
        for one, scope in zip(found, words, strict=True)
    ]
    with timezone.override(district_zone()):
        return render(request, "incidents/amnesties.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    """Ask for window, scope and reason; show what it touches; declare it on the second word."""
    person = person_of(request)
    access_operator(person)
    zone = district_zone()
    asked = request.POST if request.method == "POST" else request.GET
    linked = _linked(person, asked.get("incident", ""))
    error, touched = None, None
    if request.method == "POST":
        try:
            scope = forms.read_scope(request.POST)
            from_at, until_at = _window(request)
            reason = forms.read_texts(request.POST, "reason")
            if request.POST.get("do") == "declare":
                amnesty_actions.declare_amnesty(
                    person,
                    scope=scope,
                    from_at=from_at,
                    until_at=until_at,
                    reason=reason,
                    incident_id=linked.id if linked else "",
                )
                messages.success(request, _("The amnesty is in force."))
                return redirect("incidents:amnesties")
            check_scope(scope)
            touched = preview(scope=scope, from_at=from_at, until_at=until_at)
        except SchooldayError as refused:
            error = refused
    scope = forms.read_scope(asked)
    if request.method == "GET" and linked and not request.GET.get("of"):
        scope = Scope.from_dict(linked.scope)
    given = forms.read_texts(asked, "reason") if request.method == "POST" else _reason(linked)
    context = {
        "error": error,
        "touched": touched,
        "linked": linked,
        "from": asked.get("from") or forms.typed(linked.started_at if linked else clock.now(), zone),
        "until": asked.get("until") or forms.typed(linked.closed_at if linked else None, zone),
        "reasons": [(code, name, given.get(code, "")) for code, name in _LANGUAGES],
        "what": scope_words(scope) if touched else "",
        **scope_fields(scope, one_school=request.GET.get("of", "")),
    }
    return render(request, "incidents/new_amnesty.html", context, status=error.status if error else 200)


@require_POST
@page
def do(request: HttpRequest, amnesty_id: str, verb: str) -> HttpResponse:
    """End it, undo it, or put it in force again."""
    person = person_of(request)
    found = access_amnesty(person, amnesty_id)
    if verb not in _VERBS:
        raise NotYours
    _VERBS[verb](person, found.id)
    messages.success(request, _("Saved. The register follows."))
    return redirect("incidents:amnesties")


def _window(request: HttpRequest) -> tuple[datetime, datetime | None]:
    zone = district_zone()
    try:
        from_at = forms.read_moment(request.POST.get("from", ""), zone)
        until_at = forms.read_moment(request.POST.get("until", ""), zone)
    except BadIncident as error:
        raise amnesty_actions.BadAmnesty from error
    if from_at is None:
        raise amnesty_actions.BadAmnesty
    return from_at, until_at


def _linked(person: Person, incident_id: str) -> Incident | None:
    return access_incident(person, incident_id) if incident_id else None


def _reason(linked: Incident | None) -> dict[str, str]:
    """Return what families read unless somebody types better: the incident's public text, else a plain sentence."""
    if linked and linked.public:
        return dict(linked.public)
    texts = {}
    for code, _name in _LANGUAGES:
        with override(code):
            texts[code] = _("Part of our online school did not work at this time. It does not count against you.")
    return texts
