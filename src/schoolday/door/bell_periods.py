"""Whom a door expects now, from the plan's columns: by school and period, a bit for each student."""

import time
from array import array
from collections.abc import Mapping

from schoolday.door.meeting_columns import SchoolMeetings
from schoolday.door.people_columns import SchoolPeople
from schoolday.door.plan import Plan

MINUTES = 60
_BREATH_SECONDS = 0.001  # after each school that is worked out, so that it never stands in the way of a join


class Arrivals:
    """First arrivals per minute of the last hour."""

    __slots__ = ("_counts", "_minute")

    def __init__(self) -> None:
        self._counts = array("I", bytes(4 * MINUTES))
        self._minute = 0

    def count(self, minute: int) -> None:
        """Count one in this minute (since 1970). Of more than an hour ago: not at all."""
        if minute > self._minute:
            self._go_on(minute)
        elif minute <= self._minute - MINUTES:
            return
        self._counts[minute % MINUTES] += 1

    def read(self, minute: int) -> list[int]:
        """Return the hour that ends with this minute, oldest first."""
        if minute > self._minute:
            self._go_on(minute)
        return [self._counts[at % MINUTES] for at in range(minute - MINUTES + 1, minute + 1)]

    def _go_on(self, minute: int) -> None:
        for at in range(max(self._minute + 1, minute - MINUTES + 1), minute + 1):
            self._counts[at % MINUTES] = 0
        self._minute = minute


class Period:
    """One start of a school's meetings. `expected`: those whose newest open meeting it is; `arrived`: who came."""

    __slots__ = ("arrived", "expected")

    def __init__(self, expected: int, arrived: bytearray) -> None:
        self.expected, self.arrived = expected, arrived

    def has(self, row: int) -> bool:
        return bool(self.arrived[row >> 3] & 1 << (row & 7))


class SchoolBell:
    """One school: its open periods by their start. `next_at`: when another opens or one ends, 0: not in this plan."""

    __slots__ = ("arrivals", "bands", "meetings", "next_at", "people", "periods")

    def __init__(
        self,
        meetings: SchoolMeetings,
        people: SchoolPeople,
        *,
        periods: dict[int, Period],
        bands: dict[str, int],
        arrivals: Arrivals,
        next_at: int,
    ) -> None:
        self.meetings, self.people, self.periods, self.bands = meetings, people, periods, bands
        self.arrivals, self.next_at = arrivals, next_at

    def still(self, meetings: SchoolMeetings, people: SchoolPeople, *, now: int) -> bool:
        """Say whether this is how it still is."""
        return self.meetings is meetings and self.people is people and not 0 < self.next_at <= now


def take(school: SchoolBell, period: Period, sub: str, *, minute: int) -> None:
    """Note that somebody has come; counted in `minute` if that is not 0. A microsecond. Adults are in no column."""
    row = school.people.row_of(sub)
    if row is None or period.arrived[row >> 3] & 1 << (row & 7):
        return
    period.arrived[row >> 3] |= 1 << (row & 7)
    if minute:
        school.arrivals.count(minute)


def work_out(plan: Plan, before: Mapping[str, SchoolBell], *, now: int) -> dict[str, SchoolBell]:
    """
    Return every school as it is now; those in which nothing changed are the same objects. Off the loop's thread.

    A millisecond for a school of 2,000 in which a period opened. Who has arrived is taken over; columns of people that
    changed get copies, so who arrives meanwhile must be told to these again.
    """
    found = {}
    for school in plan.schools:
        old = before.get(school.org)
        if old is not None and old.still(school.meetings, school.people, now=now):
            found[school.org] = old
            continue
        found[school.org] = work_out_school(
            school.meetings, school.people, old, now=now, opens_seconds=plan.index.join_opens_seconds
        )
        time.sleep(_BREATH_SECONDS)
    return found


def work_out_school(
    meetings: SchoolMeetings, people: SchoolPeople, old: SchoolBell | None, *, now: int, opens_seconds: int
) -> SchoolBell:
    """Return one school as it is now. `old`: as it was before."""
    sections, next_at = meetings.open_sections(now=now, opens_seconds=opens_seconds)
    periods: dict[int, Period] = {}
    newer = 0
    for starts_at in sorted(sections, reverse=True):
        members = people.rows_in(sections[starts_at])
        periods[starts_at] = Period(members & ~newer, _arrived(old, people, starts_at))
        newer |= members
    same = old is not None and old.people is people
    return SchoolBell(
        meetings,
        people,
        periods=periods,
        bands=old.bands if old is not None and same else people.rows_by_band(),
        arrivals=old.arrivals if old is not None else Arrivals(),
        next_at=next_at,
    )


def _arrived(old: SchoolBell | None, people: SchoolPeople, starts_at: int) -> bytearray:
    before = old.periods.get(starts_at) if old is not None else None
    if old is None or before is None:
        return bytearray(len(people) + 7 >> 3)
    if old.people is people:
        return before.arrived
    arrived = bytearray(len(people) + 7 >> 3)
    for row in range(len(old.people)):
        if before.has(row):
            there = old.people.row_in(people, row)
            if there is not None:
                arrived[there >> 3] |= 1 << (there & 7)
    return arrived
