"""
Bells and calendar of the demo district: a day on which a bell rings at a given minute, and every other day.

On the bell's own date, whatever its weekday, the calendar says `demo`; all schools ring their second period at that
minute. Periods last 45 minutes with 5 between; those that do not fit into the local day are left out, and the last may
be cut short by midnight. Where less than 20 minutes of the day are left, or the clock is being changed,
the district moves to the next time zone in which the bell can ring, and orgs.csv says so.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from schoolday.drill.district import shape
from schoolday.drill.district.classes import BELL_PERIOD, PERIODS
from schoolday.drill.district.oneroster import write_rows
from schoolday.lib.errors import SchooldayError
from schoolday.office.timetable.sittings import real_time

DEMO = "demo"
DEFAULT_ZONE = "America/New_York"
_PERIOD = timedelta(minutes=45)
_BREAK = timedelta(minutes=5)
_LUNCH = timedelta(minutes=40)
_SHORTEST = timedelta(minutes=20)
_LAST_MINUTE = time(23, 59)
_FIRST_BELL = time(8, 30)
# Once around the world, westward: where the district moves when its own day is over.
_WESTWARD = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "Pacific/Pago_Pago", "Pacific/Auckland", "Australia/Brisbane",
    "Asia/Tokyo", "Asia/Manila", "Asia/Bangkok", "Asia/Dhaka", "Asia/Karachi", "Asia/Dubai", "Africa/Nairobi",
    "Africa/Johannesburg", "Africa/Lagos", "Africa/Abidjan", "Atlantic/Cape_Verde", "America/Sao_Paulo",
    "America/Puerto_Rico",
)  # fmt: skip


class DistrictOutOfYear(SchooldayError):
    """The district's academic sessions do not hold the date of the bell."""

    code = "district_out_of_year"


@dataclass(frozen=True)
class BellFiles:
    """What `write_bells` made. `zone_moved`: orgs.csv now names another zone, so import the roster again."""

    bell_at: datetime
    on: date
    time_zone: str
    zone_moved: bool


@dataclass(frozen=True)
class _Period:
    code: str
    starts: datetime
    ends: datetime

    def row(self, school: str, day_type: str) -> tuple[str, ...]:
        return (school, day_type, self.code, f"{self.starts:%H:%M}", f"{self.ends:%H:%M}")


def write_bells(out: Path, *, bell_at: datetime) -> BellFiles:
    """
    Write bells.csv and calendar.csv of a district that `write_district` made, so that a bell rings at this minute.

    `bell_at`: aware, a whole minute; its zone, where it has a name, is the district's. The roster stays as it is, but
    for the zone in orgs.csv. Killed half way it leaves whole files, some of them old: run it again.

    :raises ValueError: for a naive time, or one with seconds
    :raises DistrictOutOfYear: if the district's school year does not hold that date
    """
    zone = zone_for(bell_at)
    local = bell_at.astimezone(zone)
    year = _year_of(out)
    if year != school_year(local.date()):
        raise DistrictOutOfYear(
            f"{out} is a district of the school year {year}, and {local.date()} is not in it: write the district anew."
        )
    moved = _name_zone(out / "orgs.csv", zone.key)
    with (out / "orgs.csv").open(newline="", encoding="utf-8") as file:
        schools = [row["sourcedId"] for row in csv.DictReader(file) if row["type"] == "school"]
    write_rows(out / "bells.csv", _bell_rows(schools, local.replace(tzinfo=None)))
    write_rows(out / "calendar.csv", _calendar_rows(year, local.date()))
    return BellFiles(bell_at=bell_at, on=local.date(), time_zone=zone.key, zone_moved=moved)


def zone_for(bell_at: datetime) -> ZoneInfo:
    """
    Return the zone in which the bell can ring and 20 minutes of class follow: its own if that may be, else one west.

    :raises ValueError: for a naive time, or one with seconds
    """
    if bell_at.tzinfo is None:
        raise ValueError("The time of the bell needs a zone, as in 2026-11-20T14:05-05:00.")
    if bell_at.second or bell_at.microsecond:
        raise ValueError("A bell rings at a whole minute; leave the seconds out.")
    own = getattr(bell_at.tzinfo, "key", None) or DEFAULT_ZONE
    if own == "UTC":
        own = DEFAULT_ZONE
    ring = (own, *_WESTWARD[_WESTWARD.index(own) + 1 :], *_WESTWARD) if own in _WESTWARD else (own, *_WESTWARD)
    return next(zone for name in ring if _rings(bell_at, zone := ZoneInfo(name)))


def school_year(on: date) -> int:
    """Return the year in which the school year of a date begins: on 1 July."""
    return on.year if on.month >= 7 else on.year - 1


def _rings(bell_at: datetime, zone: ZoneInfo) -> bool:
    local = bell_at.astimezone(zone)
    wall = local.replace(tzinfo=None)
    ends = next((p.ends for p in _demo_periods("m", wall) if p.code == BELL_PERIOD["m"]), None)
    if ends is None or real_time(wall.date(), wall.time(), zone) != bell_at.astimezone(UTC):
        return False
    # A clock that is changed during the class would make it an hour longer, or shorter.
    return real_time(wall.date(), ends.time(), zone) - bell_at == ends - wall


def _demo_periods(band: str, bell: datetime) -> Iterator[_Period]:
    """Return the periods around the bell, on the wall, all inside its date."""
    codes = PERIODS[band]
    midnight = datetime.combine(bell.date(), time())
    last = datetime.combine(bell.date(), _LAST_MINUTE)
    second = codes.index(BELL_PERIOD[band])
    for i, code in enumerate(codes):
        starts = bell + (i - second) * (_PERIOD + _BREAK)
        ends = min(starts + _PERIOD, last)
        if starts >= midnight and ends - starts >= _SHORTEST:
            yield _Period(code, starts, ends)


def _regular_periods(band: str, *, on: date, count: int | None = None) -> Iterator[_Period]:
    """Return the periods of an ordinary day from 8:30 on, lunch after the third."""
    starts = datetime.combine(on, _FIRST_BELL)
    for i, code in enumerate(PERIODS[band][:count]):
        yield _Period(code, starts, starts + _PERIOD)
        starts += _PERIOD + (_LUNCH if i == 2 else _BREAK)


def _bell_rows(schools: list[str], bell: datetime) -> Iterator[tuple[str, ...]]:
    yield ("schoolSourcedId", "dayType", "period", "starts", "ends")
    for school in schools:
        band = shape.band_of(school)
        for period in _demo_periods(band, bell):
            yield period.row(school, DEMO)
        for period in _regular_periods(band, on=bell.date()):
            yield period.row(school, "regular")
        for period in _regular_periods(band, on=bell.date(), count=4):
            yield period.row(school, "early")


def _calendar_rows(year: int, bell_on: date) -> Iterator[tuple[str, ...]]:
    yield ("schoolSourcedId", "date", "dayType", "name")
    days = dict(_days_off(year))
    days |= {date(year, 12, 1): ("early", "Teachers plan together"), date(year + 1, 3, 2): ("early", "Report cards")}
    days[bell_on] = (DEMO, "Demo day")
    for on in sorted(days):
        yield ("", on.isoformat(), *days[on])


def _days_off(year: int) -> Iterator[tuple[date, tuple[str, str]]]:
    def every_day(first: date, last: date, name: str) -> Iterator[tuple[date, tuple[str, str]]]:
        for n in range((last - first).days + 1):
            if (first + timedelta(days=n)).weekday() < 5:
                yield first + timedelta(days=n), ("", name)

    yield from every_day(date(year, 7, 1), _monday(year, 8, 3) - timedelta(days=1), "Summer break")
    yield _monday(year, 9, 1), ("", "Labor Day")
    thanksgiving = _monday(year, 11, 4) + timedelta(days=3)
    if thanksgiving.day > 28:
        thanksgiving -= timedelta(days=7)
    yield from every_day(thanksgiving - timedelta(days=3), thanksgiving + timedelta(days=1), "Thanksgiving")
    yield from every_day(date(year, 12, 21), date(year + 1, 1, 3), "Winter break")
    yield _monday(year + 1, 1, 3), ("", "Martin Luther King Jr. Day")
    yield _monday(year + 1, 2, 3), ("", "Presidents' Day")
    spring = _monday(year + 1, 3, 4)
    yield from every_day(spring, spring + timedelta(days=4), "Spring break")
    yield from every_day(date(year + 1, 6, 10), date(year + 1, 6, 30), "Summer break")


def _monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (nth - 1))


def _year_of(out: Path) -> int:
    with (out / "academicSessions.csv").open(newline="", encoding="utf-8") as file:
        return next(int(row["startDate"][:4]) for row in csv.DictReader(file) if row["type"] == "schoolYear")


def _name_zone(path: Path, zone: str) -> bool:
    """Write the zone of every org into orgs.csv; say whether another stood there."""
    with path.open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    column = head.index("metadata.timeZone")
    moved = any(row[column] != zone for row in rows)
    if moved:
        write_rows(path, [tuple(head), *((*row[:column], zone, *row[column + 1 :]) for row in rows)])
    return moved
