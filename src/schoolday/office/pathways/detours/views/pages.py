"""The pages of detours: what is in force, and one detour with its buttons."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from schoolday.lib import clock
from schoolday.office.http import page, person_of
from schoolday.office.pathways.detours import actions, queries
from schoolday.office.pathways.detours.access import access_detour, access_detours, may_undo, visible_to
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.views.showing import publish, row_of, zone
from schoolday.office.pathways.detours.words import STATUS_WORDS, Names
from schoolday.office.people.access import NotYours
from schoolday.office.people.queries import is_operator, schools_of_staff

_PAST = timedelta(days=60)
_PAST_AT_MOST = 50


@require_GET
@page
def detours(request: HttpRequest) -> HttpResponse:
    """List what is in force, waits, comes, and was."""
    person = person_of(request)
    access_detours(person)
    now = clock.now()
    past = Detour.objects.exclude(pk__in=queries.not_over(now).order_by().values("pk")).filter(made_at__gt=now - _PAST)
    shown = visible_to(
        person, [*queries.not_over(now), *past.select_related("made_by").order_by("-made_at")[:_PAST_AT_MOST]]
    )
    names = Names.of(one.scope for one in shown)
    rows = [row_of(one, names, request) for one in shown]
    groups = [
        (STATUS_WORDS[status], [row for row in rows if row["status"] == status])
        for status in ("in_force", "proposed", "coming", "over", "undone")
    ]
    return render(request, "detours/list.html", {"groups": [group for group in groups if group[1]], "zone": zone()})


@require_http_methods(["GET", "POST"])
@page
def detour(request: HttpRequest, detour_id: str) -> HttpResponse:
    """Show one detour; approve it, undo it in one act, or go on to change it."""
    person = person_of(request)
    found = access_detour(person, detour_id)
    may_approve = is_operator(person) and found.made_by_id != person.id
    if request.method == "POST":
        if request.POST.get("do") == "undo" and may_undo(person, found):
            actions.undo(found, actor=person)
            publish(request, person, _("Undone. Classes meet again as before."))
        elif request.POST.get("do") == "approve" and may_approve:
            actions.approve(found, actor=person)
            publish(request, person, _("Approved. It is in force."))
        else:
            raise NotYours
        return redirect("pathways:detour", detour_id=found.id)
    status = found.status(clock.now())
    is_open = status in ("proposed", "coming", "in_force")
    context = {
        "row": row_of(found, Names.of([found.scope]), request),
        "detour": found,
        "may_undo": is_open and may_undo(person, found),
        "may_approve": status == "proposed" and may_approve,
        "may_tell": status in ("coming", "in_force") and (is_operator(person) or bool(schools_of_staff(person))),
        "zone": zone(),
    }
    return render(request, "detours/detour.html", context)
