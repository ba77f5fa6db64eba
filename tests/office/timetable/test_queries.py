"""School days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from schoolday.lib import clock
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import AcademicSession
from schoolday.office.timetable.actions import compute_meetings
from schoolday.office.timetable.models import CalendarDay, Meeting
from schoolday.office.timetable.queries import is_school_day, next_school_day, school_days
from schoolday.office.timetable.zones import UnknownTimeZone, today, zone_of
from tests.cast import Cast, make_section
from tests.office.timetable.bells import set_bells

FRIDAY = date(2026, 9, 4)


def days(org: Org, from_on: date = FRIDAY, count: int = 5) -> list[str]:
    return [f"{on:%m-%d}" for on in school_days(org, from_on, count)]


def test_next_five_school_days_skip_weekend_and_holiday(cast: Cast) -> None:
    CalendarDay.objects.create(school=None, on=date(2026, 9, 7), day_type="", name="Labor Day")
    CalendarDay.objects.create(school=cast.school, on=date(2026, 9, 5), day_type="regular")
    assert days(cast.school) == ["09-04", "09-05", "09-08", "09-09", "09-10"]
    assert days(cast.other_school) == days(cast.district) == ["09-04", "09-08", "09-09", "09-10", "09-11"]
    assert next_school_day(cast.school, FRIDAY) == date(2026, 9, 5)
    assert next_school_day(cast.district, FRIDAY) == date(2026, 9, 8)
    assert [is_school_day(cast.district, FRIDAY + timedelta(days=n)) for n in range(5)] == [
        True,
        False,
        False,
        False,
        True,
    ]


def test_fewer_when_the_year_ends_and_none_after_it(cast: Cast) -> None:
    assert days(cast.school, date(2027, 6, 29)) == ["06-29", "06-30"]
    assert days(cast.school, date(2027, 7, 1)) == []
    assert next_school_day(cast.school, date(2027, 6, 30)) is None
    assert days(cast.school, date(2026, 7, 1), 1) == ["08-03"]


def test_sessions_are_those_of_the_school(cast: Cast) -> None:
    AcademicSession.objects.create(
        sourced_id="summer", title="Summer", kind="term", starts_on="2027-07-01", ends_on="2027-08-01"
    ).sections.add(cast.other_section)
    assert days(cast.school, date(2027, 7, 1)) == []
    assert days(cast.other_school, date(2027, 7, 1), 1) == ["07-01"]
    assert days(cast.district, date(2027, 7, 1), 1) == ["07-01"]


def test_roster_without_sessions_has_no_bounds(cast: Cast) -> None:
    AcademicSession.objects.all().delete()
    assert days(cast.school, date(2030, 1, 4), 2) == ["01-04", "01-07"]


def test_few_queries(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        school_days(cast.district, FRIDAY, 5)
    with django_assert_num_queries(2):
        school_days(cast.school, FRIDAY, 5)


def test_today_is_the_schools_own(cast: Cast) -> None:
    cast.other_school.time_zone = "Pacific/Kiritimati"
    with clock.at(datetime(2026, 9, 1, 3, 0, tzinfo=UTC)):
        assert today(cast.school) == date(2026, 8, 31)
        assert today(cast.other_school) == date(2026, 9, 1)


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "America"])
def test_unknown_zone_is_named(cast: Cast, name: str) -> None:
    cast.school.time_zone = name
    with pytest.raises(UnknownTimeZone, match="of org s1 is unknown"):
        zone_of(cast.school)


def test_computing_asks_as_often_for_many_sections_as_for_one(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    set_bells(cast.school, "1 08:30 09:15,2 09:20 10:05")
    with clock.at(datetime(2026, 9, 1, 10, 0, tzinfo=UTC)):
        with django_assert_num_queries(7):
            compute_meetings(cast.school, date(2026, 9, 1))
        for number in range(30):
            make_section(cast.school, f"Art {number}", periods="1,2")
        with django_assert_num_queries(7):
            compute_meetings(cast.school, date(2026, 9, 2))
        assert Meeting.objects.filter(on=date(2026, 9, 2)).count() == 61
