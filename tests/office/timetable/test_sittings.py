"""When a section meets: the rules, and the mornings on which the clock is changed."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolday.office.timetable.sittings import (
    Bell,
    Rung,
    day_type,
    in_session,
    meeting_id,
    real_time,
    ring,
    sittings_of,
)

NEW_YORK = ZoneInfo("America/New_York")
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)
TUESDAY = date(2026, 9, 1)
# Odd clocks on purpose: half an hour of summer time, jumps at midnight, a day that never was.
ZONES = st.sampled_from(
    ["America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "Africa/Cairo", "Asia/Kathmandu"]
).map(ZoneInfo)
DATES = st.dates(date(1990, 1, 1), date(2037, 12, 31)) | st.sampled_from([SPRING, AUTUMN, date(2011, 12, 30)])
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


def utc(on: date, wall: str, zone: ZoneInfo = NEW_YORK) -> str:
    return f"{real_time(on, time.fromisoformat(wall), zone):%H:%M:%S}"


def rung(*bells: tuple[str, str, str]) -> list[Rung]:
    return ring(
        [Bell(code, time.fromisoformat(starts), time.fromisoformat(ends)) for code, starts, ends in bells],
        on=TUESDAY,
        zone=NEW_YORK,
    )


def met(periods: str, *bells: tuple[str, str, str], kind: str = "scheduled") -> list[str]:
    found = sittings_of("section", kind=kind, periods=periods, on=TUESDAY, rung=rung(*bells))
    return [
        f"{s.period} {s.starts_at.astimezone(NEW_YORK):%H:%M}-{s.ends_at.astimezone(NEW_YORK):%H:%M}" for s in found
    ]


ONE, TWO, ALL = ("1", "08:30", "09:15"), ("2", "09:20", "10:05"), ("ALL", "08:00", "15:00")


def test_winter_and_summer_time() -> None:
    assert utc(date(2026, 1, 12), "08:30") == "13:30:00"
    assert utc(date(2026, 9, 1), "08:30") == "12:30:00"


def test_first_bell_on_the_mornings_on_which_the_clock_is_changed() -> None:
    assert utc(SPRING, "08:30") == "12:30:00"
    assert utc(AUTUMN, "08:30") == "13:30:00"


def test_time_that_the_clock_jumps_over_is_the_moment_of_the_jump() -> None:
    assert [utc(SPRING, wall) for wall in ("01:59", "02:00", "02:30", "02:59", "03:00")] == [
        "06:59:00", "07:00:00", "07:00:00", "07:00:00", "07:00:00",
    ]  # fmt: skip


def test_time_that_comes_twice_is_the_first() -> None:
    assert [utc(AUTUMN, wall) for wall in ("00:59", "01:30", "02:00")] == ["04:59:00", "05:30:00", "07:00:00"]


def test_period_inside_the_jump_is_left_out_and_one_across_it_is_shorter() -> None:
    bells = [Bell("in", time(2, 10), time(2, 50)), Bell("across", time(1, 40), time(3, 10))]
    (only,) = ring(bells, on=SPRING, zone=NEW_YORK)
    assert (only.code, only.ends_at - only.starts_at) == ("across", timedelta(minutes=30))


@given(DATES, TIMES, ZONES)
def test_wall_shows_the_time_at_that_moment_unless_it_was_jumped_over(on: date, wall: time, zone: ZoneInfo) -> None:
    moment = real_time(on, wall, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    asked = datetime.combine(on, wall)
    if shown != asked:
        just_before = (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert just_before < asked < shown


@given(DATES, TIMES, TIMES, ZONES)
def test_later_on_the_wall_is_never_earlier_in_truth(on: date, one: time, other: time, zone: ZoneInfo) -> None:
    first, second = sorted((one, other))
    assert real_time(on, first, zone) <= real_time(on, second, zone)


@given(DATES, st.lists(st.tuples(TIMES, TIMES), max_size=8), ZONES)
def test_bells_in_order_on_the_wall_ring_in_order_and_apart(
    on: date, times: list[tuple[time, time]], zone: ZoneInfo
) -> None:
    walls = sorted({wall for pair in times for wall in pair})
    bells = [Bell(str(n), starts, ends) for n, (starts, ends) in enumerate(zip(walls[::2], walls[1::2], strict=False))]
    found = ring(bells, on=on, zone=zone)
    assert all(r.starts_at < r.ends_at for r in found)
    assert all(earlier.ends_at <= later.starts_at for earlier, later in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ("1", ["1 08:30-09:15"]),
        (" 2 ,1", ["1 08:30-09:15", "2 09:20-10:05"]),
        ("3", []),
        ("", []),
        (" , ", []),
    ],
)
def test_section_meets_in_the_periods_it_names(periods: str, expected: list[str]) -> None:
    assert met(periods, ONE, TWO, ALL) == expected


def test_homeroom_without_periods_meets_all_day() -> None:
    assert met("", ONE, TWO, ALL, kind="homeroom") == ["ALL 08:00-15:00"]
    assert met("", TWO, ONE, kind="homeroom") == ["ALL 08:30-10:05"]
    assert met("", kind="homeroom") == []
    assert met("1", ONE, TWO, kind="homeroom") == ["1 08:30-09:15"]
    assert met("9", ONE, TWO, kind="homeroom") == []


def test_periods_that_begin_together_are_one_meeting_the_longer() -> None:
    assert met("1,1b", ONE, ("1b", "08:30", "10:00")) == ["1b 08:30-10:00"]
    assert met("1,1b", ("1b", "08:30", "10:00"), ONE) == ["1b 08:30-10:00"]


def test_calendar_of_the_school_wins_over_the_districts_over_the_weekday() -> None:
    saturday = date(2026, 9, 5)
    assert day_type(TUESDAY, school={}, district={}) == "regular"
    assert day_type(saturday, school={}, district={}) == ""
    assert day_type(TUESDAY, school={}, district={TUESDAY: ""}) == ""
    assert day_type(TUESDAY, school={TUESDAY: "early"}, district={TUESDAY: ""}) == "early"
    assert day_type(saturday, school={saturday: "regular"}, district={}) == "regular"


def test_last_day_of_a_session_is_the_one_before_its_end() -> None:
    sessions = [(date(2026, 9, 1), date(2026, 9, 3))]
    assert [in_session(date(2026, 9, n), sessions) for n in (1, 2, 3)] == [True, True, False]
    assert not in_session(date(2026, 8, 31), sessions)


@given(st.text(max_size=12), DATES, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - made aware below
def test_id_is_of_our_alphabet_and_follows_from_its_parts(section: str, on: date, starts: datetime) -> None:
    at = starts.replace(tzinfo=UTC, microsecond=0)
    id = meeting_id(section, on=on, starts_at=at)
    assert len(id) == 12
    assert set(id) <= set("0123456789abcdefghjkmnpqrstvwxyz")
    assert id == meeting_id(section, on=on, starts_at=at.astimezone(NEW_YORK))
    assert id != meeting_id(section, on=on, starts_at=at + timedelta(minutes=1))
