"""Recordings as people see them: the list, one to watch, and all that one child is in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schoolday.lib.errors import SchooldayError
from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.recordings import actions, queries
from schoolday.office.recordings.access import (
    access_child,
    access_recording,
    access_to_extend,
    access_to_manage,
    is_grown_up,
    is_office,
    may_manage,
    visible_to,
)
from schoolday.office.timetable.zones import zone_of

_ON_A_PAGE = 25


@require_GET
@page
def listing(request: HttpRequest) -> HttpResponse:
    """Show the recordings that she may watch."""
    person = person_of(request)
    found = Paginator(queries.in_order(visible_to(person)), _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "recordings/list.html", {"found": found})


@require_GET
@page
def recording(request: HttpRequest, recording_id: str) -> HttpResponse:
    """Show one recording, and what she may do with it."""
    person = person_of(request)
    found = access_recording(person, recording_id)
    manages = may_manage(person, found.section)
    audit.record(person, "look.recording", "recording", found.id)
    context = {
        "recording": found,
        "manages": manages,
        "office": is_office(person, found.section),
        "copies": is_grown_up(person, found.section),
        "heard": queries.people_in(found) if manages else [],
    }
    with timezone.override(zone_of(found.section.school)):
        return render(request, "recordings/recording.html", context)


@require_POST
@page
def publish(request: HttpRequest, recording_id: str) -> HttpResponse:
    """Show it to the class, or no longer."""
    person = person_of(request)
    found = access_to_manage(person, recording_id)
    shows = request.POST.get("published") == "1"
    actions.publish(found, by=person, published=shows)
    messages.success(request, _("The class can watch it now.") if shows else _("The class can no longer watch it."))
    return redirect("recordings:recording", recording_id=found.id)


@require_http_methods(["GET", "POST"])
@page
def delete(request: HttpRequest, recording_id: str) -> HttpResponse:
    """Ask once, then delete for good."""
    person = person_of(request)
    found = access_to_manage(person, recording_id)
    if request.method == "GET":
        return render(request, "recordings/delete.html", {"recording": found})
    actions.delete([found], by=person, why="asked")
    messages.success(request, _("The recording is deleted."))
    return redirect("recordings:list")


@require_POST
@page
def extend(request: HttpRequest, recording_id: str) -> HttpResponse:
    """Keep it longer, with a reason."""
    person = person_of(request)
    found = access_to_extend(person, recording_id)
    days = request.POST.get("days", "")
    try:
        count = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
        actions.extend(found, by=person, days=count, reason=request.POST.get("reason", ""))
        messages.success(request, _("It is kept longer."))
    except SchooldayError as error:
        messages.error(request, _(error.text))
    return redirect("recordings:recording", recording_id=found.id)


@require_http_methods(["GET", "POST"])
@page
def child(request: HttpRequest, student_id: str) -> HttpResponse:
    """Show the recordings that a child is in; delete those that were ticked."""
    person = person_of(request)
    student = access_child(person, student_id)
    if not schools_of_staff(person):
        raise NotYours
    parts = queries.parts_with(student, among=visible_to(person))
    if request.method == "POST":
        wanted = set(request.POST.getlist("recording"))
        chosen = [one.recording for one in parts if one.recording.id in wanted]
        count = actions.delete(chosen, by=person, why="withdrawn")
        messages.success(request, _("Deleted: %(count)d") % {"count": count})
        return redirect("recordings:child", student_id=student.id)
    audit.record(person, "look.recordings_of", "person", student.id, found=len(parts))
    return render(request, "recordings/child.html", {"student": student, "parts": parts})
