"""The panel on top of the school's day: classes without an adult. Fetched again every 15 s while the page is open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from schoolday.office.attendance.alone import alone_now, on_duty
from schoolday.office.http import page, person_of
from schoolday.office.people.access import access_school
from schoolday.office.people.models import Org
from schoolday.office.timetable.zones import zone_of

REFRESH_SECONDS = 15

# A file of its own: the edge's content security policy lets no page carry a script.
_SCRIPT = """\
"use strict";
// Keeps the panel of classes without an adult fresh; a round that fails waits for the next, the page stays as it is.
const panel = document.getElementById("alone");
let before = panel.innerHTML.trim();
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(panel.dataset.from, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const text = (await answer.text()).trim();
    if (text === before) return;  // read aloud and moved only when something changed
    before = text;
    panel.innerHTML = text;
  } catch { /* the next round asks again */ }
}, ROUND_MS);
""".replace("ROUND_MS", str(REFRESH_SECONDS * 1000))


@require_GET
@page
def panel(request: HttpRequest, school_id: str) -> HttpResponse:
    """Give the panel alone; nothing but its container when every class has an adult."""
    school = access_school(person_of(request), school_id)
    response = render(request, "attendance/alone.html", alone_context(school))
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@cache_control(max_age=300)
def script(_: HttpRequest) -> HttpResponse:
    """Give the few lines that fetch the panel again. Open to anyone: they hold nothing."""
    return HttpResponse(_SCRIPT, content_type="text/javascript; charset=utf-8")


def alone_context(school: Org) -> dict[str, object]:
    """Return what the panel's template needs. 8 queries at most."""
    found = alone_now(school)
    return {
        "school": school,
        "zone": zone_of(school),
        "alone_classes": found,
        "duty": on_duty(school) if found else [],
    }
