"""The demo's bell rings at its minute, at any hour of any day."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schoolday.drill.district import BellFiles, DistrictOutOfYear, write_bells, write_district
from tests.drill.reading import rows_of

NEW_YORK = ZoneInfo("America/New_York")
BANDS = {"e": ["M1", "M2", "M3", "A1", "A2", "A3"], "m": list("123456"), "h": list("1234567")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district of the school year that began in July 2026."""
    folder = tmp_path_factory.mktemp("district")
    write_district(folder, students=60, seed=1, bell_at=datetime(2026, 11, 20, 14, 5, tzinfo=NEW_YORK))
    return folder


def check(folder: Path, bell_at: datetime) -> BellFiles:
    """Ring, and check everything that must hold whatever the hour."""
    done = write_bells(folder, bell_at=bell_at)
    zone = ZoneInfo(done.time_zone)
    local = bell_at.astimezone(zone)
    assert done.on == local.date()
    assert {org["metadata.timeZone"] for org in rows_of(folder / "orgs.csv")} == {done.time_zone}
    (today,) = [day for day in rows_of(folder / "calendar.csv") if day["date"] == done.on.isoformat()]
    assert (today["schoolSourcedId"], today["dayType"]) == ("", "demo")
    schools = [org["sourcedId"] for org in rows_of(folder / "orgs.csv") if org["type"] == "school"]
    assert len(schools) == 3
    for school in schools:
        bells = [b for b in rows_of(folder / "bells.csv") if (b["schoolSourcedId"], b["dayType"]) == (school, "demo")]
        codes = BANDS[school.split("-")[1]]
        at = [bell for bell in bells if bell["starts"] == f"{local:%H:%M}"]
        assert [bell["period"] for bell in at] == [codes[1]]
        # The wall's time is that moment, and no other: also while the clock is being changed.
        assert datetime.combine(done.on, local.time().replace(fold=0), zone).astimezone(UTC) == bell_at.astimezone(UTC)
        order = [codes.index(bell["period"]) for bell in bells]
        assert order == list(range(order[0], order[0] + len(order)))
        before = ""
        for bell in bells:
            assert re.fullmatch(r"\d\d:\d\d", bell["starts"])
            assert before < bell["starts"] < bell["ends"]
            before = bell["ends"]
        ends = datetime.combine(done.on, datetime.strptime(at[0]["ends"], "%H:%M").time(), zone)  # noqa: DTZ007 - a wall's time
        assert timedelta(minutes=20) <= ends.astimezone(UTC) - bell_at <= timedelta(minutes=45)
    return done


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("minute", [0, 7, 39, 50, 59])
def test_at_any_minute(folder: Path, hour: int, minute: int) -> None:
    done = check(folder, datetime(2026, 11, 20, hour, minute, tzinfo=NEW_YORK))
    late = (hour, minute) > (23, 39)
    assert done.time_zone == ("America/Chicago" if late else "America/New_York")


@pytest.mark.parametrize("day", range(14))
def test_on_any_day_of_the_week_and_on_holidays(folder: Path, day: int) -> None:
    done = check(folder, datetime(2026, 11, 20, 9, 30, tzinfo=NEW_YORK) + timedelta(days=day))
    assert done.time_zone == "America/New_York"


@pytest.mark.parametrize("start", [datetime(2026, 11, 1, 3, 0, tzinfo=UTC), datetime(2027, 3, 14, 4, 0, tzinfo=UTC)])
def test_all_through_the_nights_on_which_the_clock_is_changed(folder: Path, start: datetime) -> None:
    zones = [check(folder, start + timedelta(minutes=n)).time_zone for n in range(0, 420, 3)]
    aware = {check(folder, (start + timedelta(minutes=n)).astimezone(NEW_YORK)).time_zone for n in range(0, 420, 20)}
    assert zones[0] == zones[-1] == "America/New_York"
    # Where Chicago is about to change its own clock, it is Denver.
    assert aware <= {"America/New_York", "America/Chicago", "America/Denver"}


@pytest.mark.parametrize(
    "zone", ["Pacific/Honolulu", "Pacific/Pago_Pago", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]
)
def test_in_any_zone_the_last_minutes_of_a_day_move_it_to_another(folder: Path, zone: str) -> None:
    done = check(folder, datetime(2026, 11, 20, 23, 55, tzinfo=ZoneInfo(zone)))
    assert done.time_zone != zone
    done = check(folder, datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo(zone)))
    assert done.time_zone == ("America/New_York" if zone == "UTC" else zone)


def test_midday_has_a_full_day_and_the_edges_of_the_day_have_less(folder: Path) -> None:
    def periods(hour: int, minute: int) -> int:
        check(folder, datetime(2026, 11, 20, hour, minute, tzinfo=NEW_YORK))
        return len(
            [b for b in rows_of(folder / "bells.csv") if (b["schoolSourcedId"], b["dayType"]) == ("sch-h-0003", "demo")]
        )

    assert [periods(12, 0), periods(0, 10), periods(0, 50), periods(23, 39)] == [7, 6, 7, 2]


def test_ringing_again_leaves_the_roster_as_it_is(folder: Path) -> None:
    check(folder, datetime(2026, 11, 20, 8, 0, tzinfo=NEW_YORK))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = check(folder, datetime(2026, 11, 21, 16, 20, tzinfo=NEW_YORK))
    changed = {path.name for path in folder.iterdir() if before[path.name] != path.read_bytes()}
    assert changed == {"bells.csv", "calendar.csv"}
    assert not done.zone_moved
    late = check(folder, datetime(2026, 11, 21, 23, 50, tzinfo=NEW_YORK))
    assert late.zone_moved
    assert check(folder, datetime(2026, 11, 21, 16, 20, tzinfo=NEW_YORK)).zone_moved


def test_other_days_are_ordinary(folder: Path) -> None:
    check(folder, datetime(2026, 11, 20, 14, 5, tzinfo=NEW_YORK))
    bells = rows_of(folder / "bells.csv")
    regular = [b for b in bells if (b["schoolSourcedId"], b["dayType"]) == ("sch-m-0002", "regular")]
    assert (regular[0]["starts"], regular[0]["ends"], len(regular)) == ("08:30", "09:15", 6)
    days = {day["date"]: (day["dayType"], day["name"]) for day in rows_of(folder / "calendar.csv")}
    assert days["2026-09-07"] == ("", "Labor Day")
    assert days["2026-11-26"] == ("", "Thanksgiving")
    assert days["2027-01-18"] == ("", "Martin Luther King Jr. Day")
    assert days["2026-12-01"][0] == "early"
    assert days["2026-07-01"] == days["2027-06-30"] == ("", "Summer break")
    assert "2026-10-01" not in days
    assert {kind for kind, _ in days.values()} <= {"", *(bell["dayType"] for bell in bells)}
    assert all(date.fromisoformat(day).weekday() < 5 for day, (kind, _) in days.items() if not kind)


def test_another_school_year_and_times_that_will_not_do_are_refused(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(DistrictOutOfYear, match="school year 2026, and 2027-07-01 is not in it"):
        write_bells(folder, bell_at=datetime(2027, 7, 1, 9, 0, tzinfo=NEW_YORK))
    with pytest.raises(ValueError, match="needs a zone"):
        write_bells(folder, bell_at=datetime(2026, 11, 20, 9, 0))  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="whole minute"):
        write_bells(folder, bell_at=datetime(2026, 11, 20, 9, 0, 30, tzinfo=NEW_YORK))
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
