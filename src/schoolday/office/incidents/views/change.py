"""Changing an incident: the form, what it would change and which amnesties follow, and the second word that does it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolday.lib.errors import SchooldayError
from schoolday.office.attendance.models import Amnesty
from schoolday.office.attendance.scope import Scope
from schoolday.office.http import page, person_of
from schoolday.office.incidents import changing, forms
from schoolday.office.incidents.access import access_to_steer
from schoolday.office.incidents.actions import BadIncident, ClosedMeanwhile
from schoolday.office.incidents.models import Incident
from schoolday.office.incidents.saying import all_scope_words, change_words
from schoolday.office.incidents.timeline import district_zone
from schoolday.office.incidents.views.shared import scope_fields
from schoolday.office.incidents.words import LAYER_WORDS, SEVERITY_WORDS


@require_http_methods(["GET", "POST"])
@page
def change(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Ask what shall be different and why; show before and after; do it on the second word."""
    person = person_of(request)
    found = access_to_steer(person, incident_id)
    if found.closed_at is not None:
        raise ClosedMeanwhile
    if request.method == "GET":
        return _page(request, found)
    try:
        facts = _facts(request, found)
        if request.POST.get("do") == "change":
            changing.change(
                person, found.id, facts, reason=request.POST.get("reason", ""), stamp=request.POST.get("stamp", "")
            )
            messages.success(request, _("Changed. Whoever was told before does not hear of it by itself: tell people."))
            return redirect("incidents:incident", incident_id=found.id)
        return _page(request, found, facts=facts, changes=changing.changed(found, facts))
    except SchooldayError as error:
        return _page(request, found, error=error)


def _facts(request: HttpRequest, found: Incident) -> changing.Facts:
    started_at = forms.read_moment(request.POST.get("since", ""), district_zone())
    if started_at is None:
        raise BadIncident
    return changing.Facts(
        title=request.POST.get("title", ""),
        layer=request.POST.get("layer", ""),
        severity=request.POST.get("severity", ""),
        scope=forms.read_scope(request.POST),
        started_at=started_at,
    )


def _page(
    request: HttpRequest,
    found: Incident,
    *,
    facts: changing.Facts | None = None,
    changes: dict[str, list[object]] | None = None,
    error: SchooldayError | None = None,
) -> HttpResponse:
    """Show the form; with `changes` what they do, and the button that does it."""
    zone = district_zone()
    is_typed = request.method == "POST"
    typed = request.POST
    scope = forms.read_scope(typed) if is_typed else Scope.from_dict(found.scope)
    one_school = request.GET.get("of", "") or (scope.schools[0] if scope.sections and len(scope.schools) == 1 else "")
    following = changing.followers(found, changes) if changes else []
    context = {
        "incident": found,
        "error": error,
        "looked": facts is not None,
        "stamp": (typed.get("stamp", "") if is_typed and not error else "") or changing.stamp_of(found),
        "changes": change_words([changes], zone)[0] if changes else [],
        "following": list(zip(following, all_scope_words([one.scope for one in following]), strict=True)),
        "amnesties_stay": Amnesty.objects.filter(incident_id=found.id, undone_at=None).count() - len(following),
        "layers": LAYER_WORDS.items(),
        "severities": SEVERITY_WORDS.items(),
        "title": typed.get("title", "") if is_typed else found.title,
        "layer": typed.get("layer", "") if is_typed else found.layer,
        "severity": typed.get("severity", "") if is_typed else found.severity,
        "since": typed.get("since", "") if is_typed else forms.typed(found.started_at, zone),
        "reason": typed.get("reason", ""),
        **scope_fields(scope, one_school=one_school),
    }
    with timezone.override(zone):
        return render(request, "incidents/change.html", context, status=error.status if error else 200)
