"""Reading incidents: for their own pages, and for whoever stands above (notices, the operator's desk)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, QuerySet, When

from schoolday.contracts.plan import Texts
from schoolday.lib import clock
from schoolday.office.incidents.models import Incident
from schoolday.office.people.models import AuditEntry, Org


@dataclass(frozen=True)
class Due:
    """When the next word is due, and by how many minutes it is late (0: it is not)."""

    at: datetime | None
    late_minutes: int

    @property
    def is_late(self) -> bool:
        return self.at is not None and clock.now() > self.at


def open_incidents(*, among: QuerySet[Incident] | None = None) -> QuerySet[Incident]:
    """Return the incidents that are not closed, the worst first, then the oldest."""
    found = Incident.objects.all() if among is None else among
    worst_first = Case(When(severity="critical", then=0), When(severity="major", then=1), default=2)
    return found.filter(closed_at=None).order_by(worst_first, "started_at", "id")


def closed_incidents(*, among: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return those that are closed, the last closed first."""
    return among.filter(closed_at__isnull=False).order_by("-closed_at", "id")


def touching(school: Org) -> QuerySet[Incident]:
    """Return the open incidents that touch a school, the worst first."""
    return open_incidents(among=Incident.objects.filter(schools=school))


def public_texts(incidents: Iterable[Incident]) -> dict[str, Texts]:
    """Return what everybody may read of these, by id; those without a public text are left out."""
    return {one.id: Texts(**one.public) for one in incidents if one.public}


TOLD_WITHIN = timedelta(minutes=3)  # the promise: first notice within 3 minutes (README, "Everybody knows where to go")


@dataclass(frozen=True)
class Told:
    """When people were first told of it by a notice; None: not yet. `minutes`: after its start, or until now."""

    at: datetime | None
    minutes: int
    is_late: bool


def told_of(incidents: Iterable[Incident]) -> dict[str, Told]:
    """Return of each incident when the first notice of it was sent, as the audit says. One query."""
    by_id = {one.id: one for one in incidents}
    if not by_id:
        return {}
    sent = AuditEntry.objects.filter(
        verb="notice.send", at__gte=min(one.started_at for one in by_id.values()), detail__incident__in=list(by_id)
    )
    first: dict[str, datetime] = {}
    for detail, at in sent.order_by("-at").values_list("detail", "at"):
        first[detail["incident"]] = at
    found = {}
    for one in by_id.values():
        waited = max(timedelta(0), (first.get(one.id) or one.closed_at or clock.now()) - one.started_at)
        found[one.id] = Told(first.get(one.id), int(waited.total_seconds() // 60), waited > TOLD_WITHIN)
    return found


def due_of(incident: Incident) -> Due:
    """Return when the next word of an open incident is due."""
    at = None if incident.closed_at else incident.next_update_at
    late = (clock.now() - at).total_seconds() if at else 0
    return Due(at, max(0, int(late // 60)))
