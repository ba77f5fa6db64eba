"""When the next word on a notice was promised: by its incident's clock, else by the notice's own words."""

from collections.abc import Collection
from datetime import datetime

from schoolday.office.incidents.models import Incident
from schoolday.office.incidents.queries import due_of
from schoolday.office.notices.models import Notice


def promised_at(notices: Collection[str]) -> dict[str, int]:
    """
    Return by notice when the next word on it was promised, in seconds since 1970. Two queries.

    An incident's clock goes on after the notice was sent, so it counts; once it is closed nothing more is promised.
    """
    rows = list(Notice.objects.filter(id__in=notices).only("id", "incident_id", "facts"))
    incidents = Incident.objects.in_bulk({row.incident_id for row in rows if row.incident_id})
    found = {}
    for row in rows:
        incident = incidents.get(row.incident_id)
        if incident is not None and incident.closed_at:
            continue
        due = due_of(incident).at if incident else None
        if due is None and row.facts.get("next_at"):
            due = datetime.fromisoformat(row.facts["next_at"])
        if due is not None:
            found[row.id] = int(due.timestamp())
    return found
