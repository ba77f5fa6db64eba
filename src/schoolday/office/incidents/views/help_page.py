"""Who asks for help: by cause and school, with what to tell the family and whom to call."""

import csv
import io
from zlib import crc32

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from schoolday.office.attendance.export import BYTE_ORDER_MARK, harmless
from schoolday.office.http import page, person_of
from schoolday.office.incidents.help import actions
from schoolday.office.incidents.help.access import access_help, access_request
from schoolday.office.incidents.help.causes import CAUSE_WORDS
from schoolday.office.incidents.help.queries import bursts, groups_of
from schoolday.office.incidents.timeline import district_zone
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.people.queries import is_operator

REFRESH_SECONDS = 15
_VERBS = {"take": actions.take, "done": actions.finish, "undo": actions.give_back}
_COLUMNS = ("asked_at", "cause", "school", "section", "name", "phones", "language", "state", "times")

# A file of its own: the edge's content security policy lets no page carry a script.
_SCRIPT = """\
"use strict";
// Keeps the list fresh; a round that fails waits for the next, the page stays as it is.
const list = document.getElementById("help-list");
let before = list.dataset.print;
setInterval(async () => {
  if (document.hidden || list.contains(document.activeElement)) return;  // never under somebody's finger
  try {
    const answer = await fetch(list.dataset.from, { credentials: "same-origin", redirect: "error" });
    const print = answer.headers.get("X-Print");
    if (!answer.ok || print === before) return;  // read aloud and moved only when something changed
    before = print;
    list.innerHTML = await answer.text();
  } catch { /* the next round asks again */ }
}, ROUND_MS);
""".replace("ROUND_MS", str(REFRESH_SECONDS * 1000))


@require_GET
@page
def help_page(request: HttpRequest) -> HttpResponse:
    """Show who waits."""
    person = person_of(request)
    with timezone.override(district_zone()):
        return _private(render(request, "incidents/help.html", _context(person)))


@require_GET
@page
def panel(request: HttpRequest) -> HttpResponse:
    """Give the list alone, for the page that is open. `X-Print` tells one state of it from the next."""
    person = person_of(request)
    context = _context(person)
    with timezone.override(district_zone()):
        response = render(request, "incidents/help_list.html", context)
    response["X-Print"] = str(context["print"])
    return _private(response)


@require_GET
@cache_control(max_age=300)
def script(_request: HttpRequest) -> HttpResponse:
    """Give the few lines that fetch the list again. Open to anyone: they hold nothing."""
    return HttpResponse(_SCRIPT, content_type="text/javascript; charset=utf-8")


@require_POST
@page
def do(request: HttpRequest, request_id: str, verb: str) -> HttpResponse:
    """Take it on, be done with it, or give it back."""
    person = person_of(request)
    found = access_request(person, request_id)
    if verb not in _VERBS:
        raise NotYours
    _VERBS[verb](person, found)
    messages.success(request, _("Saved."))
    return redirect("incidents:help")


@require_GET
@page
def export(request: HttpRequest) -> HttpResponse:
    """Give out the list as a file; that it was given out is in the audit."""
    person = person_of(request)
    groups = groups_of(access_help(person))
    zone = district_zone()
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for group in groups:
        for caller in group.callers:
            row = (
                caller.request.asked_at.astimezone(zone).isoformat(timespec="seconds"),
                group.cause,
                group.school.name if group.school else "",
                caller.request.section.title if caller.request.section else "",
                caller.name,
                ", ".join(f"{whose} {number}" for whose, number in caller.phones),
                caller.language,
                caller.request.state,
                caller.times,
            )
            writer.writerow([harmless(cell) for cell in row])
    audit.record(person, "look.help_file", "help", "", people=sum(len(group.callers) for group in groups))
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="help.csv"'
    return _private(response)


def _context(person: Person) -> dict[str, object]:
    mine = access_help(person)
    groups = groups_of(mine)
    found = [(group, CAUSE_WORDS[group.cause]) for group in groups]
    suggested = [(burst, str(CAUSE_WORDS[burst.cause])) for burst in bursts(mine)] if is_operator(person) else []
    states = [
        (caller.request.id, caller.request.state, caller.request.taken_by_id, caller.times)
        for group in groups
        for caller in group.callers
    ]
    return {
        "groups": found,
        "bursts": suggested,
        "waiting": sum(group.waiting for group in groups),
        "print": crc32(repr((states, suggested)).encode()),
    }


def _private(response: HttpResponse) -> HttpResponse:
    """Let no one on the way keep a page with people's names."""
    response["Cache-Control"] = "no-store"
    return response
