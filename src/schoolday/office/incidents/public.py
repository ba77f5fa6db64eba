"""What everybody may read of incidents, as the plan of each school carries it: their public texts and their times."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from schoolday.contracts import plan
from schoolday.contracts.plan import Texts
from schoolday.office.attendance.scope import Scope
from schoolday.office.incidents.models import Incident

SHOWN_WHEN_OVER = timedelta(hours=6)  # who comes home from work reads that it is over; our judgement


def incidents_of(schools: Collection[str] | None, now: datetime) -> dict[str, tuple[plan.Incident, ...]]:
    """
    Return what may be read of incidents, by school: open ones, the worst first, then those that were closed lately.

    One without a public text is nobody's to read. `schools`: ids, None: all. Two queries, one when there is nothing.
    """
    told = Incident.objects.exclude(public={}).filter(Q(closed_at=None) | Q(closed_at__gt=now - SHOWN_WHEN_OVER))
    found = defaultdict(list)
    for one in sorted(told.prefetch_related("schools"), key=_rank):
        value = _as_plan(one)
        for school in one.schools.all():
            if schools is None or school.id in schools:
                found[school.id].append(value)
    return {school: tuple(those) for school, those in found.items()}


def _rank(incident: Incident) -> tuple[bool, float, int, str]:
    """Order as the pages of incidents do: open ones by severity, then age; closed ones the last first."""
    severity = -list(Incident.Severity).index(Incident.Severity(incident.severity))
    if incident.closed_at:
        return True, -incident.closed_at.timestamp(), 0, incident.id
    return False, severity, int(incident.started_at.timestamp()), incident.id


def _as_plan(incident: Incident) -> plan.Incident:
    return plan.Incident(
        id=incident.id,
        since_at=int(incident.started_at.timestamp()),
        text=Texts(**incident.public),
        next_at=_seconds(incident.next_update_at),
        over_at=_seconds(incident.closed_at),
        bands=Scope.from_dict(incident.scope).bands,
    )


def _seconds(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0
