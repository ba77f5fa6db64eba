"""Incidents: the list, declaring one, its timeline, and what is done to it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.attendance.models import Amnesty
from schoolday.office.attendance.scope import Scope
from schoolday.office.http import page, person_of
from schoolday.office.incidents import actions, forms, queries
from schoolday.office.incidents.access import access_incident, access_incidents, access_to_steer
from schoolday.office.incidents.models import Incident
from schoolday.office.incidents.saying import scope_words
from schoolday.office.incidents.timeline import district_zone, timeline_of
from schoolday.office.incidents.views.shared import scope_fields
from schoolday.office.incidents.words import KIND_WORDS, LAYER_WORDS, SEVERITY_WORDS
from schoolday.office.people.access import NotYours, access_operator
from schoolday.office.people.models import Person
from schoolday.office.people.queries import is_operator

_ON_A_PAGE = 25
_LANGUAGES = (("en", "English"), ("es", "Español"), ("ht", "Kreyòl ayisyen"))


@require_GET
@page
def listing(request: HttpRequest) -> HttpResponse:
    """Show what is broken now, and what was."""
    person = person_of(request)
    mine = access_incidents(person)
    closed = Paginator(queries.closed_incidents(among=mine), _ON_A_PAGE).get_page(request.GET.get("page"))
    open_ones = list(queries.open_incidents(among=mine))
    told = queries.told_of(open_ones)
    context = {
        "open": [_row(one) | {"told": told[one.id]} for one in open_ones],
        "closed": [_row(one) for one in closed],
        "at": closed,
        "is_operator": is_operator(person),
    }
    with timezone.override(district_zone()):
        return render(request, "incidents/list.html", context)


@require_http_methods(["GET", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    """Declare an incident: one tap says which part, the rest can stay as it is."""
    person = person_of(request)
    access_operator(person)
    zone = district_zone()
    error = None
    if request.method == "POST":
        layer = request.POST.get("layer", "")
        title = request.POST.get("title", "").strip() or _title(layer)
        try:
            incident = actions.declare(
                person,
                layer=layer,
                title=title,
                scope=forms.read_scope(request.POST),
                severity=request.POST.get("severity", ""),
                started_at=forms.read_moment(request.POST.get("since", ""), zone),
                next_update_at=forms.read_next(request.POST),
            )
            return redirect("incidents:incident", incident_id=incident.id)
        except SchooldayError as refused:
            error = refused
    asked = request.POST if request.method == "POST" else request.GET
    context = {
        "error": error,
        "layers": LAYER_WORDS.items(),
        "severities": SEVERITY_WORDS.items(),
        "minutes": forms.NEXT_MINUTES,
        "typed": asked,
        "layer": asked.get("layer", ""),
        "severity": asked.get("severity", Incident.Severity.MAJOR.value),
        "since": asked.get("since") or forms.typed(clock.now(), zone),
        **scope_fields(forms.read_scope(asked), one_school=request.GET.get("of", "")),
    }
    return render(request, "incidents/new.html", context, status=error.status if error else 200)


@require_GET
@page
def incident(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Show one incident with its timeline, the next word due, and a form to write into it."""
    person = person_of(request)
    found = access_incident(person, incident_id)
    return _incident_page(request, person, found)


@require_POST
@page
def write(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Take one entry."""
    person = person_of(request)
    found = access_incident(person, incident_id)
    try:
        actions.write(
            person,
            found.id,
            kind=request.POST.get("kind", ""),
            text=request.POST.get("text", ""),
            next_update_at=forms.read_next(request.POST),
        )
    except SchooldayError as error:
        return _incident_page(request, person, found, error=error)
    messages.success(request, _("It stands in the timeline."))
    return redirect("incidents:incident", incident_id=found.id)


@require_POST
@page
def public(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Take the public text."""
    person = person_of(request)
    found = access_to_steer(person, incident_id)
    try:
        actions.set_public(person, found.id, forms.read_texts(request.POST, "public"))
    except SchooldayError as error:
        return _incident_page(request, person, found, error=error)
    messages.success(request, _("Saved."))
    return redirect("incidents:incident", incident_id=found.id)


@require_http_methods(["GET", "POST"])
@page
def close(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Close with a review."""
    person = person_of(request)
    found = access_to_steer(person, incident_id)
    error = None
    if request.method == "POST":
        try:
            actions.close(person, found.id, {part: request.POST.get(part, "") for part in actions.REVIEW_PARTS})
            messages.success(request, _("The incident is closed."))
            return redirect("incidents:incident", incident_id=found.id)
        except SchooldayError as refused:
            error = refused
    typed = request.POST if request.method == "POST" else found.review
    open_amnesties = Amnesty.objects.filter(incident_id=found.id, until_at=None, undone_at=None).count()
    context = {"incident": found, "error": error, "typed": typed, "open_amnesties": open_amnesties}
    return render(request, "incidents/close.html", context, status=error.status if error else 200)


@require_POST
@page
def reopen(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Open it again."""
    person = person_of(request)
    actions.reopen(person, access_to_steer(person, incident_id).id)
    messages.success(request, _("The incident is open again."))
    return redirect("incidents:incident", incident_id=incident_id)


def _incident_page(
    request: HttpRequest, person: Person, found: Incident, *, error: SchooldayError | None = None
) -> HttpResponse:
    whole = is_operator(person)
    typed = request.POST if error else {}
    context = {
        "incident": found,
        "row": _row(found) | {"told": queries.told_of([found])[found.id]},
        "scope": scope_words(Scope.from_dict(found.scope)),
        "lines": [(line, KIND_WORDS[line.kind]) for line in reversed(timeline_of(found, whole=whole))],
        "kinds": list(KIND_WORDS.items()),
        "kind": typed.get("kind", "seen"),
        "text": typed.get("text", ""),
        "minutes": forms.NEXT_MINUTES,
        "texts": [(code, name, typed.get(f"public_{code}", found.public.get(code, ""))) for code, name in _LANGUAGES],
        "amnesties": list(Amnesty.objects.filter(incident_id=found.id).order_by("made_at")) if whole else [],
        "is_operator": whole,
        "error": error,
    }
    with timezone.override(district_zone()):
        return render(request, "incidents/incident.html", context, status=error.status if error else 200)


def _row(one: Incident) -> dict[str, object]:
    return {
        "incident": one,
        "layer": LAYER_WORDS[one.layer],
        "severity": SEVERITY_WORDS[one.severity],
        "due": queries.due_of(one),
    }


def _title(layer: str) -> str:
    """Return the title of who has no time to type one, in English: it is kept, and everybody reads the same."""
    from django.utils import translation

    words = {str(key): word for key, word in LAYER_WORDS.items()}
    if layer not in words:
        raise NotYours
    with translation.override("en"):
        return _("%(part)s: trouble") % {"part": words[layer]}
