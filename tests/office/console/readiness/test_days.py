"""Which day is the next, for many schools at once; the same as timetable.queries says of one."""

from datetime import UTC, date, datetime, time, timedelta

from schoolday.lib import clock
from schoolday.office.console.readiness.days import next_days
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import AcademicSession
from schoolday.office.timetable.models import CalendarDay
from schoolday.office.timetable.queries import school_days
from tests.cast import Cast
from tests.office.attendance.day import queries_of
from tests.office.console.readiness.evening import BELL, EVENING, TUESDAY, day_of, ring


def test_the_evening_asks_about_tomorrow(bells: Cast) -> None:
    day = day_of(bells.school)
    assert (day.on, day.bell_at) == (TUESDAY, BELL)


def test_the_morning_asks_about_today_until_the_first_bell(bells: Cast) -> None:
    with clock.at(BELL - timedelta(seconds=1)):
        assert day_of(bells.school).on == TUESDAY
    with clock.at(BELL):
        assert day_of(bells.school).on == TUESDAY + timedelta(days=1)


def test_weekends_and_holidays_of_the_district_or_the_school_are_passed_over(bells: Cast) -> None:
    CalendarDay.objects.create(school=None, on=TUESDAY, day_type="")
    CalendarDay.objects.create(school=bells.other_school, on=TUESDAY, day_type="regular")
    CalendarDay.objects.create(school=bells.school, on=TUESDAY + timedelta(days=1), day_type="")
    assert day_of(bells.school).on == date(2026, 9, 17)
    assert day_of(bells.other_school).on == TUESDAY
    with clock.at(EVENING + timedelta(days=4)):  # Friday
        assert day_of(bells.school).on == date(2026, 9, 21)


def test_an_early_day_has_its_own_first_bell(bells: Cast) -> None:
    ring(bells.school, time(7), "early")
    CalendarDay.objects.create(school=bells.school, on=TUESDAY, day_type="early")
    assert day_of(bells.school).bell_at == BELL - timedelta(hours=1)


def test_a_school_lives_in_its_own_zone(bells: Cast) -> None:
    bells.school.time_zone = "Pacific/Auckland"  # there it is Tuesday, 10:00, and the bell has rung
    bells.school.save()
    day = day_of(bells.school)
    assert day.on == TUESDAY + timedelta(days=1)
    assert day.bell_at == datetime(2026, 9, 15, 20, tzinfo=UTC)


def test_without_bells_it_is_noon(cast: Cast) -> None:
    assert day_of(cast.school).bell_at == BELL + timedelta(hours=4)


def test_when_the_year_is_over_there_is_no_day(bells: Cast) -> None:
    AcademicSession.objects.update(ends_on=TUESDAY)
    assert next_days([bells.school, bells.other_school]) == {}


def test_a_schools_own_session_counts_before_the_districts(bells: Cast) -> None:
    late = AcademicSession.objects.create(
        sourced_id="late", title="late", kind="term", starts_on="2026-09-21", ends_on="2027-07-01"
    )
    bells.section.sessions.set([late])
    assert day_of(bells.school).on == date(2026, 9, 21)
    assert day_of(bells.other_school).on == TUESDAY


def test_it_agrees_with_the_timetable(bells: Cast) -> None:
    for days in range(0, 280, 7):
        with clock.at(EVENING + timedelta(days=days)):
            (expected,) = school_days(bells.school, (EVENING + timedelta(days=days + 1)).date(), 1)
            assert day_of(bells.school).on == expected


def test_any_number_of_schools_takes_the_same_queries(bells: Cast) -> None:
    one = queries_of(lambda: next_days(list(Org.objects.filter(id=bells.school.id))))
    for name in "abc":
        school = Org.objects.create(sourced_id=name, kind=Org.Kind.SCHOOL, name=name, parent=bells.district)
        ring(school)
        school.sections.add(bells.section)
    assert queries_of(lambda: next_days(list(Org.objects.filter(kind=Org.Kind.SCHOOL)))) == one
