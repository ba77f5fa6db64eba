"""Importing bells and calendar: all of it or nothing."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from schoolday.office.people import audit
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.oneroster.problems import Report
from schoolday.office.rosters.oneroster.source import open_source
from schoolday.office.timetable.actions.meetings import compute_meetings
from schoolday.office.timetable.importing.problems import TimetableProblem, ours
from schoolday.office.timetable.importing.read import Day, Timetable, read_timetable
from schoolday.office.timetable.models import BellSchedule, CalendarDay, Period
from schoolday.office.timetable.sittings import Bell
from schoolday.office.timetable.zones import today

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do. With problems nothing was written; `problem_count` may exceed those kept."""

    problems: tuple[TimetableProblem, ...]
    problem_count: int
    counts: Counts


def import_timetable(path: Path, *, is_dry_run: bool = False, actor: Person | None = None) -> Imported:
    """
    Import bells.csv and calendar.csv from a folder or zip; either may be missing.

    A schedule (school and day type) that the file names becomes what the file says; others stay. Of the calendar, the
    file says all there is from its first to its last date, for the district and for each school it names.
    The same files twice change nothing. Meetings of today and tomorrow follow, school by school.
    """
    report = Report()
    counts: Counts = {"bells": _nothing(), "calendar": _nothing()}
    changed: set[str] = set()
    with transaction.atomic():
        schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True)
        with open_source(path, report) as source:
            if source is None:
                return Imported(ours(report), len(report), counts)
            found = read_timetable(
                source,
                schools=dict(schools.values_list("sourced_id", "id")),
                known_types=set(BellSchedule.objects.values_list("school_id", "day_type")),
                report=report,
            )
        if len(report):
            return Imported(ours(report), len(report), counts)
        changed |= _put_bells(found, counts["bells"])
        in_calendar = _put_days(found, counts["calendar"])
        changed |= {school for school in in_calendar if school is not None}
        if is_dry_run:
            transaction.set_rollback(True)
        elif changed or in_calendar:
            audit.record(actor, "timetable.imported", "district", "", counts=counts)
    if not is_dry_run:
        recompute(schools if None in in_calendar else schools.filter(id__in=changed))
    return Imported((), 0, counts)


def recompute(schools: Collection[Org]) -> None:
    """Make the meetings of today and tomorrow follow the timetable, one transaction per school and day."""
    for school in schools:
        on = today(school)
        for day in (on, on + timedelta(days=1)):
            compute_meetings(school, day)


def _put_bells(found: Timetable, counts: dict[str, int]) -> set[str]:
    """Write the schedules that the file names; return the schools whose bells changed."""
    before: dict[tuple[str, str], dict[str, Period]] = defaultdict(dict)
    for period in Period.objects.select_related("schedule"):
        before[period.schedule.school_id, period.schedule.day_type][period.code] = period
    schedules = {(s.school_id, s.day_type): s for s in BellSchedule.objects.all()}
    changed, fresh, moved, gone = set(), [], [], []
    for (school, kind), bells in found.bells.items():
        old = before[school, kind]
        schedule = schedules.get((school, kind)) or BellSchedule.objects.create(school_id=school, day_type=kind)
        for bell in bells:
            if bell.code not in old:
                fresh.append(Period(schedule=schedule, code=bell.code, starts=bell.starts, ends=bell.ends))
                changed.add(school)
                continue
            period = old.pop(bell.code)
            if Bell(period.code, period.starts, period.ends) != bell:
                period.starts, period.ends = bell.starts, bell.ends
                moved.append(period)
                changed.add(school)
        if old:
            gone += [period.pk for period in old.values()]
            changed.add(school)
    Period.objects.bulk_create(fresh, batch_size=1000)
    Period.objects.bulk_update(moved, ["starts", "ends"], batch_size=1000)
    _delete(Period, gone)
    counts |= {"added": len(fresh), "changed": len(moved), "removed": len(gone)}
    return changed


def _put_days(found: Timetable, counts: dict[str, int]) -> set[str | None]:
    """Write the days that the file names; return the schools, None for the district, whose calendar changed."""
    changed: set[str | None] = set()
    fresh, moved, gone = [], [], []
    before: dict[str | None, dict[date, CalendarDay]] = defaultdict(dict)
    for row in CalendarDay.objects.all():
        before[row.school_id][row.on] = row
    for school, days in found.days.items():
        for on, day in days.items():
            if on not in before[school]:
                fresh.append(CalendarDay(school_id=school, on=on, day_type=day.day_type, name=day.name))
                changed.add(school)
                continue
            row = before[school].pop(on)
            if Day(row.day_type, row.name) != day:
                row.day_type, row.name = day.day_type, day.name
                moved.append(row)
                changed.add(school)
        between = [row.pk for on, row in before[school].items() if min(days) <= on <= max(days)]
        if between:
            gone += between
            changed.add(school)
    CalendarDay.objects.bulk_create(fresh, batch_size=1000)
    CalendarDay.objects.bulk_update(moved, ["day_type", "name"], batch_size=1000)
    _delete(CalendarDay, gone)
    counts |= {"added": len(fresh), "changed": len(moved), "removed": len(gone)}
    return changed


def _delete(model: type[Period] | type[CalendarDay], keys: list[int]) -> None:
    for start in range(0, len(keys), 1000):
        model._default_manager.filter(pk__in=keys[start : start + 1000]).delete()


def _nothing() -> dict[str, int]:
    return {"added": 0, "changed": 0, "removed": 0}
