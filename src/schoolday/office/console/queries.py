"""The state of this installation in a dozen numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django_tasks_db.models import DBTaskResult

from schoolday.lib import clock
from schoolday.office.attendance import reconcile
from schoolday.office.attendance.models import DoorCursor, RefusedEvidence
from schoolday.office.console.work.worker import read_heartbeat
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.people.models import AuditEntry, RoleAssignment
from schoolday.office.rosters.models import ImportRun
from schoolday.settings_spec import Settings

RECENT = timedelta(days=7)
DOOR_IS_LATE_SECONDS = 120  # an idle door is written down every 30 s
WORKER_IS_LATE_SECONDS = 60


@dataclass(frozen=True)
class DoorState:
    """One door as the office knows it; `lag_seconds` since its spool was last read, None: never."""

    door: str
    drained_at: datetime | None
    lag_seconds: int | None

    @property
    def is_late(self) -> bool:
        return self.lag_seconds is None or self.lag_seconds > DOOR_IS_LATE_SECONDS


@dataclass(frozen=True)
class State:
    """
    `worker`: the last heartbeat of the worker on this machine, None: none; `people`: how many have which role.

    `reconciled`: by door, what the last reconcile of its spools found, within a week.
    """

    plan: PlanRelease | None
    doors: list[DoorState]
    jobs_waiting: int
    jobs_failed: int
    imports_failed: int
    evidence_refused: int
    people: dict[str, int]
    reconciled: dict[str, dict[str, Any]]
    worker: dict[str, Any] | None
    worker_lag_seconds: int | None

    @property
    def worker_is_late(self) -> bool:
        return self.worker_lag_seconds is None or self.worker_lag_seconds > WORKER_IS_LATE_SECONDS


def state_of(settings: Settings) -> State:
    """Return the state of the installation; failures of the last week. 8 queries, however many doors."""
    now = clock.now()
    since = now - RECENT
    heartbeat = read_heartbeat(settings.run_dir)
    drained = dict(DoorCursor.objects.values_list("door").annotate(at=Max("drained_at")))
    people = RoleAssignment.objects.filter(person__is_active=True).values_list("role")
    return State(
        plan=PlanRelease.objects.order_by("-version").first(),
        doors=[_door(door, drained.get(door), now) for door in sorted(settings.doors_drain)],
        jobs_waiting=DBTaskResult.objects.ready().count(),
        jobs_failed=DBTaskResult.objects.failed().filter(finished_at__gte=since).count(),
        imports_failed=ImportRun.objects.filter(
            state__in=(ImportRun.State.REFUSED, ImportRun.State.FAILED), started_at__gte=since, is_dry_run=False
        ).count(),
        evidence_refused=RefusedEvidence.objects.filter(at__gte=since).count(),
        people=dict(people.annotate(count=Count("person_id", distinct=True)).order_by("role")),
        reconciled=_reconciled(since),
        worker=heartbeat,
        worker_lag_seconds=None if heartbeat is None else max(0, int(now.timestamp() - heartbeat.get("at", 0))),
    )


def _door(door: str, drained_at: datetime | None, now: datetime) -> DoorState:
    lag = None if drained_at is None else max(0, int((now - drained_at).total_seconds()))
    return DoorState(door, drained_at, lag)


def _reconciled(since: datetime) -> dict[str, dict[str, Any]]:
    rows = AuditEntry.objects.filter(verb=reconcile.VERB, at__gte=since).order_by("id")
    return {
        door: {**detail, "at": at.timestamp()} for door, detail, at in rows.values_list("subject_id", "detail", "at")
    }
