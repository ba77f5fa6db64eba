"""
Changes made by hand, each with its way back.

The audit row of a change holds what was and what is now, so undoing needs no second record of either.
"""

from collections.abc import Collection
from datetime import date, time
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from schoolday.lib.errors import SchooldayError
from schoolday.office.people import audit
from schoolday.office.people.models import AuditEntry, Org, Person
from schoolday.office.timetable import queries
from schoolday.office.timetable.actions.importing import recompute
from schoolday.office.timetable.models import BellSchedule, CalendarDay, Period
from schoolday.office.timetable.sittings import Bell

BELLS = "timetable.bells"
DAY = "timetable.day"
UNDONE = "timetable.undone"
_SUBJECT = "school"
Bells = list[list[str]]  # as in the audit: code, starts, ends


class ChangedMeanwhile(SchooldayError):
    """Somebody else changed the same thing since this page was opened."""

    code = "changed_meanwhile"
    status = HTTPStatus.CONFLICT
    text = gettext_noop("Somebody changed this since you opened it. Look at it as it is now, then try again.")


class NothingToUndo(SchooldayError):
    """The last change is undone already, or there was none."""

    code = "nothing_to_undo"
    status = HTTPStatus.CONFLICT
    text = gettext_noop("There is nothing to undo.")


@transaction.atomic
def save_bells(actor: Person, school: Org, day_type: str, bells: Collection[Bell], *, seen: Bells) -> None:
    """
    Make the bells of a school on one type of day what is given; none: the schedule is gone.

    `seen`: what the editor was shown. Meetings of today and tomorrow that have not begun follow.

    :raises ChangedMeanwhile: if the schedule is no longer what was seen
    """
    _lock(school)
    before = written(queries.bells_of(school, day_type))
    if before != seen:
        raise ChangedMeanwhile
    after = written(bells)
    if after != before:
        _write_bells(school, day_type, after)
        audit.record(actor, BELLS, _SUBJECT, school.id, day_type=day_type, before=before, after=after)
        recompute([school])


@transaction.atomic
def mark_day(actor: Person, school: Org, on: date, day: tuple[str, str] | None) -> None:
    """
    Say what kind of day a date is at a school: (day type, name), an empty type for no school; None: as usual.

    Meetings of today and tomorrow that have not begun follow.
    """
    _lock(school)
    before, after = _day(school, on), list(day) if day else None
    if after != before:
        _write_day(school, on, after)
        audit.record(actor, DAY, _SUBJECT, school.id, on=on.isoformat(), before=before, after=after)
        recompute([school])


@transaction.atomic
def undo(actor: Person, school: Org) -> None:
    """
    Take back the last change made by hand at a school; once.

    :raises NothingToUndo: if there is none
    :raises ChangedMeanwhile: if an import has changed the same thing since
    """
    _lock(school)
    entry = last_change(school)
    if entry is None:
        raise NothingToUndo
    before, after = entry.detail["before"], entry.detail["after"]
    if entry.verb == BELLS:
        day_type = entry.detail["day_type"]
        _check(written(queries.bells_of(school, day_type)), after)
        _write_bells(school, day_type, before)
    else:
        on = date.fromisoformat(entry.detail["on"])
        _check(_day(school, on), after)
        _write_day(school, on, before)
    audit.record(actor, UNDONE, _SUBJECT, school.id, entry=entry.pk)
    recompute([school])


def last_change(school: Org) -> AuditEntry | None:
    """Return the change that undo would take back. One query."""
    changes = AuditEntry.objects.filter(subject_kind=_SUBJECT, subject_id=school.id, verb__in=(BELLS, DAY, UNDONE))
    entry = changes.order_by("-pk").first()
    return None if entry is None or entry.verb == UNDONE else entry


def written(bells: Collection[Bell]) -> Bells:
    """Return bells as the audit and the editor's page hold them, by start."""
    in_order = sorted(bells, key=lambda bell: (bell.starts, bell.code))
    return [[bell.code, f"{bell.starts:%H:%M}", f"{bell.ends:%H:%M}"] for bell in in_order]


def _lock(school: Org) -> None:
    Org.objects.select_for_update().get(pk=school.pk)


def _check(now: Any, after: Any) -> None:
    if now != after:
        raise ChangedMeanwhile


def _write_bells(school: Org, day_type: str, bells: Bells) -> None:
    if not bells:
        BellSchedule.objects.filter(school=school, day_type=day_type).delete()
        return
    schedule, _ = BellSchedule.objects.get_or_create(school=school, day_type=day_type)
    schedule.periods.all().delete()
    Period.objects.bulk_create(
        Period(schedule=schedule, code=code, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))
        for code, starts, ends in bells
    )


def _day(school: Org, on: date) -> list[str] | None:
    row = CalendarDay.objects.filter(school=school, on=on).first()
    return [row.day_type, row.name] if row else None


def _write_day(school: Org, on: date, day: list[str] | None) -> None:
    if day is None:
        CalendarDay.objects.filter(school=school, on=on).delete()
    else:
        values = {"day_type": day[0], "name": day[1]}
        CalendarDay.objects.update_or_create(school=school, on=on, defaults=values)
