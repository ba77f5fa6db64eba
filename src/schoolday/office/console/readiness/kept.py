"""The count of a large district: made by the worker, kept in the database, shown with its time."""

import dataclasses
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from schoolday.lib import clock
from schoolday.office.console.models import ReadinessCount
from schoolday.office.console.readiness import figures
from schoolday.office.console.readiness.days import NextDay
from schoolday.office.console.readiness.figures import Calls, Figures, SchoolLine, Tally
from schoolday.office.people.models import Org
from schoolday.office.timetable.zones import zone_of

EVERY_SECONDS = 60.0  # how often it looks whether it is time
_REST_AT_LEAST = timedelta(minutes=5)  # devices renew over hours; our judgement
_SHARE = 20  # counting takes at most a twentieth of the time, so that it never crowds out a morning


class CountWhenDue:
    """
    Count all schools of a large district again: at the start, and after a rest of twenty times what it took.

    A small district is counted when somebody looks. Killed in the middle, the count before stands.
    """

    def __init__(self) -> None:
        self._due_at: datetime | None = None

    def __call__(self) -> object:
        if self._due_at is not None and clock.now() < self._due_at:
            return None
        schools = list(Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True))
        if not figures.is_large(schools):
            return None
        began = time.monotonic()
        keep(figures.figures_of(schools))
        took_seconds = time.monotonic() - began
        self._due_at = clock.now() + max(_REST_AT_LEAST, timedelta(seconds=_SHARE * took_seconds))
        return {"schools": len(schools), "took_seconds": round(took_seconds, 1)}


@transaction.atomic
def keep(found: Figures) -> None:
    """Put a count in the place of the one before."""
    ReadinessCount.objects.all().delete()
    ReadinessCount.objects.bulk_create(
        ReadinessCount(
            school=line.school,
            at=found.at,
            on=line.day.on if line.day else None,
            bell_at=line.day.bell_at if line.day else None,
            students=dataclasses.astuple(line.students),
            adults=dataclasses.astuple(line.adults),
            calls=dataclasses.astuple(line.calls),
        )
        for line in found.lines
    )


def kept(schools: Sequence[Org]) -> Figures | None:
    """Return the last count of these schools; None: there is none yet. A new school is in the next one. One query."""
    ids = [school.id for school in schools]
    rows = list(ReadinessCount.objects.filter(school__in=ids).select_related("school__parent"))
    if not rows:
        return None
    lines = [
        SchoolLine(
            school=row.school,
            day=NextDay(row.on, row.bell_at, zone_of(row.school)) if row.on and row.bell_at else None,
            students=Tally(*row.students),
            adults=Tally(*row.adults),
            calls=Calls(*row.calls),
        )
        for row in rows
    ]
    return Figures(sorted(lines, key=figures.worst_first), min(row.at for row in rows))
