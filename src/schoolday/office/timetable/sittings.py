"""
When a section meets on a date: calendar -> type of day -> bells of the school -> the section's periods -> real times.

Pure functions; docs/use/timetable.md tells the rules to people. No I/O, about 10 microseconds a section.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schoolday.lib import ids

REGULAR = "regular"  # the type of a Monday to Friday of which the calendar says nothing
ALL_DAY = "ALL"  # the period in which a homeroom without periods meets
HOMEROOM = "homeroom"
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Bell:
    """One period on the school's wall clock."""

    code: str
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Rung:
    """One period on one date, in real time (UTC)."""

    code: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meeting as computed. `id` follows from section, date and start, so computing twice gives the same."""

    id: str
    section_id: str
    on: date
    period: str
    starts_at: datetime
    ends_at: datetime


def day_type(on: date, *, school: Mapping[date, str], district: Mapping[date, str]) -> str:
    """Return the type of a day, empty for no school: the school's calendar, else the district's, else the weekday."""
    for calendar in (school, district):
        if on in calendar:
            return calendar[on]
    return REGULAR if on.weekday() < 5 else ""


def in_session(on: date, sessions: Iterable[tuple[date, date]]) -> bool:
    """Say whether a date lies in one of these (first day, first day no longer in it)."""
    return any(first <= on < end for first, end in sessions)


def real_time(on: date, wall: time, zone: ZoneInfo) -> datetime:
    """
    Return the moment (UTC) at which the wall clock shows this time.

    A time the clock jumps over in spring is the moment of the jump; one that comes twice in autumn is the
    first of the two. So later on the wall is never earlier in truth.
    """
    local = datetime.combine(on, wall.replace(fold=0), zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # Inside the gap both readings are off, by the width of the jump: halve the way between them to its moment.
    early, late = local.replace(fold=1).astimezone(UTC), moment
    offset = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def ring(bells: Iterable[Bell], *, on: date, zone: ZoneInfo) -> list[Rung]:
    """Return the periods of one date in real time, by start. One that the clock jumps over whole is left out."""
    rung = [Rung(bell.code, real_time(on, bell.starts, zone), real_time(on, bell.ends, zone)) for bell in bells]
    return sorted((r for r in rung if r.starts_at < r.ends_at), key=lambda r: (r.starts_at, r.code))


def sittings_of(section_id: str, *, kind: str, periods: str, on: date, rung: Sequence[Rung]) -> list[Sitting]:
    """
    Return the meetings of a section that is in session, by start.

    `periods`: OneRoster's, separated by commas. A homeroom without periods meets in `ALL`, or, where the bells
    have none, once from the first bell to the last. Any other section without periods does not meet: nobody knows when.
    """
    wanted = {code for part in periods.split(",") if (code := part.strip())}
    if not wanted and kind == HOMEROOM and rung:
        wanted = {ALL_DAY}
        if all(r.code != ALL_DAY for r in rung):
            rung = [Rung(ALL_DAY, rung[0].starts_at, max(r.ends_at for r in rung))]
    found: dict[datetime, Rung] = {}
    for r in rung:
        # Two periods of one section that begin together are one meeting: the longer.
        if r.code in wanted and (r.starts_at not in found or found[r.starts_at].ends_at < r.ends_at):
            found[r.starts_at] = r
    return [
        Sitting(meeting_id(section_id, on=on, starts_at=start), section_id, on, r.code, start, r.ends_at)
        for start, r in found.items()
    ]


def meeting_id(section_id: str, *, on: date, starts_at: datetime) -> str:
    """Return the id of a meeting: 60 bits of a hash, so that two computations, or two machines, agree."""
    text = f"{section_id}|{on.isoformat()}|{int(starts_at.timestamp())}"
    digest = hashlib.blake2b(text.encode(), digest_size=8, person=b"meeting").digest()
    return ids.from_int(int.from_bytes(digest, "big") >> (64 - ids.ID_BITS))
