"""What the board gets: a page that prints, and files. That it was given out is in the audit."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from schoolday.lib import clock
from schoolday.office.attendance.models import Amnesty
from schoolday.office.attendance.scope import Scope
from schoolday.office.http import page, person_of
from schoolday.office.incidents import export as files
from schoolday.office.incidents.access import access_incident
from schoolday.office.incidents.saying import scope_words
from schoolday.office.incidents.timeline import district_zone, timeline_of
from schoolday.office.incidents.words import KIND_WORDS, LAYER_WORDS, SEVERITY_WORDS
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.queries import is_operator


@require_GET
@page
def board(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Show an incident as a document: facts, timeline, review; the browser makes a PDF of it."""
    person = person_of(request)
    incident = access_incident(person, incident_id)
    whole, zone = is_operator(person), district_zone()
    audit.record(person, "look.incident_board", "incident", incident.id)
    context = {
        "incident": incident,
        "layer": LAYER_WORDS[incident.layer],
        "severity": SEVERITY_WORDS[incident.severity],
        "scope": scope_words(Scope.from_dict(incident.scope)),
        "lines": [(line, KIND_WORDS[line.kind]) for line in timeline_of(incident, whole=whole)],
        "amnesties": [
            (one, one.entries.count()) for one in Amnesty.objects.filter(incident_id=incident.id, undone_at=None)
        ],
        "made_at": clock.now(),
        "zone": zone.key,
    }
    with timezone.override(zone):
        return render(request, "incidents/board.html", context)


@require_GET
@page
def export(request: HttpRequest, incident_id: str, form: str) -> HttpResponse:
    """Give out the timeline as a file."""
    person = person_of(request)
    incident = access_incident(person, incident_id)
    if form not in ("csv", "json"):
        raise NotYours
    lines = timeline_of(incident, whole=is_operator(person))
    audit.record(person, "look.incident_file", "incident", incident.id, form=form)
    if form == "csv":
        response = HttpResponse(files.as_csv(lines), content_type="text/csv; charset=utf-8")
    else:
        body = msgspec.json.format(msgspec.json.encode(files.as_dict(incident, lines)), indent=2)
        response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="incident-{incident.id}.{form}"'
    response["Cache-Control"] = "no-store"
    return response
