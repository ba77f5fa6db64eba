"""Making the meetings of a date."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schoolday.lib import clock
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import AcademicSession, Section
from schoolday.office.timetable.actions import compute_meetings
from schoolday.office.timetable.models import CalendarDay, Meeting
from schoolday.office.timetable.queries import meetings_of
from tests.cast import Cast, make_section
from tests.office.timetable.bells import set_bells

TUESDAY = date(2026, 9, 1)
EARLY = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)  # 6:00 in New York


def compute(school: Org, on: date = TUESDAY, *, at: datetime = EARLY) -> list[tuple[str, str, str]]:
    """Section's title, period and real times of every meeting."""
    with clock.at(at):
        meetings = compute_meetings(school, on)
    assert [m.id for m in meetings] == [m.id for m in sorted(meetings, key=lambda m: (m.starts_at, m.section_id))]
    assert {m.id for m in meetings} == set(
        Meeting.objects.filter(section__school=school, on=on).values_list("id", flat=True)
    )
    return [(m.section.title, m.period, f"{m.starts_at:%H:%M}-{m.ends_at:%H:%M}") for m in meetings]


@pytest.fixture
def bells(cast: Cast) -> None:
    set_bells(cast.school, "1 08:30 09:15, 2 09:20 10:05")


pytestmark = pytest.mark.usefixtures("bells")


def test_section_meets_in_its_periods_at_real_times(cast: Cast) -> None:
    make_section(cast.school, "Art 7", periods=" 2 ,1")
    assert compute(cast.school) == [
        *sorted([("Math 7", "1", "12:30-13:15"), ("Art 7", "1", "12:30-13:15")], key=lambda row: order(row[0])),
        ("Art 7", "2", "13:20-14:05"),
    ]


def order(title: str) -> str:
    return Section.objects.get(title=title).id


def test_run_again_changes_nothing(cast: Cast) -> None:
    compute(cast.school)
    before = list(Meeting.objects.values())
    compute(cast.school)
    compute(cast.school, at=EARLY + timedelta(days=30))
    assert list(Meeting.objects.values()) == before


def test_two_installations_make_the_same_ids(cast: Cast) -> None:
    compute(cast.school)
    first = set(Meeting.objects.values_list("id", flat=True))
    Meeting.objects.all().delete()
    compute(cast.school)
    assert set(Meeting.objects.values_list("id", flat=True)) == first
    assert all(len(id) == 12 for id in first)


def test_changed_bells_move_what_has_not_begun(cast: Cast) -> None:
    compute(cast.school)
    set_bells(cast.school, "1 09:00 09:45")
    assert compute(cast.school) == [("Math 7", "1", "13:00-13:45")]


def test_what_has_begun_stays_beside_what_is_new(cast: Cast) -> None:
    compute(cast.school)
    set_bells(cast.school, "1 09:00 09:45")
    running = datetime(2026, 9, 1, 12, 40, tzinfo=UTC)
    assert compute(cast.school, at=running) == [("Math 7", "1", "12:30-13:15"), ("Math 7", "1", "13:00-13:45")]


def test_a_bell_that_should_have_rung_adds_nothing_to_a_held_period(cast: Cast) -> None:
    compute(cast.school)
    set_bells(cast.school, "1 07:30 08:15, 2 09:20 10:05")
    noon = datetime(2026, 9, 1, 16, 0, tzinfo=UTC)
    assert compute(cast.school, at=noon) == [("Math 7", "1", "12:30-13:15")]


def test_end_of_a_running_meeting_follows_the_bells_and_of_an_ended_one_does_not(cast: Cast) -> None:
    compute(cast.school)
    set_bells(cast.school, "1 08:30 09:30")
    assert compute(cast.school, at=datetime(2026, 9, 1, 13, 0, tzinfo=UTC)) == [("Math 7", "1", "12:30-13:30")]
    set_bells(cast.school, "1 08:30 10:30")
    assert compute(cast.school, at=datetime(2026, 9, 1, 14, 0, tzinfo=UTC)) == [("Math 7", "1", "12:30-13:30")]


def test_holiday_of_the_district_and_the_school_that_works_on_it(cast: Cast) -> None:
    set_bells(cast.school, "1 10:00 10:20", "early")
    CalendarDay.objects.create(school=None, on=TUESDAY, day_type="", name="Storm day")
    assert compute(cast.school) == []
    CalendarDay.objects.create(school=cast.school, on=TUESDAY, day_type="early")
    assert compute(cast.school) == [("Math 7", "1", "14:00-14:20")]
    CalendarDay.objects.create(school=cast.other_school, on=TUESDAY, day_type="")
    assert compute(cast.school) == [("Math 7", "1", "14:00-14:20")]


def test_no_school_at_the_weekend_unless_the_calendar_says_so(cast: Cast) -> None:
    saturday = date(2026, 9, 5)
    assert compute(cast.school, saturday) == []
    CalendarDay.objects.create(school=cast.school, on=saturday, day_type="regular")
    assert compute(cast.school, saturday) == [("Math 7", "1", "12:30-13:15")]


def test_section_meets_only_inside_its_sessions(cast: Cast) -> None:
    AcademicSession.objects.update(starts_on=TUESDAY, ends_on=TUESDAY + timedelta(days=1))
    assert compute(cast.school, TUESDAY - timedelta(days=1)) == []
    assert len(compute(cast.school, TUESDAY)) == 1
    assert compute(cast.school, TUESDAY + timedelta(days=1)) == []


def test_overlapping_sessions_do_not_double_a_meeting(cast: Cast) -> None:
    term = AcademicSession.objects.create(
        sourced_id="t1", title="Term 1", kind="term", starts_on="2026-08-01", ends_on="2027-01-01"
    )
    cast.section.sessions.add(term)
    assert len(compute(cast.school)) == 1


def test_school_has_its_own_zone_else_its_districts(cast: Cast) -> None:
    cast.district.time_zone = "America/Chicago"
    cast.district.save()
    assert compute(Org.objects.get(id=cast.school.id)) == [("Math 7", "1", "13:30-14:15")]
    cast.school.time_zone = "America/Phoenix"
    cast.school.save()
    assert compute(Org.objects.get(id=cast.school.id)) == [("Math 7", "1", "15:30-16:15")]


def test_meetings_of_reads_what_was_made(cast: Cast) -> None:
    set_bells(cast.other_school, "1 08:00 09:00")
    for school in (cast.school, cast.other_school):
        for day in range(3):
            compute(school, TUESDAY + timedelta(days=day))
    both = [cast.section.id, cast.other_section.id]
    assert [m.section_id for m in meetings_of(both, TUESDAY)] == both[::-1]  # the other one begins earlier
    assert [m.on for m in meetings_of([cast.section.id], TUESDAY, TUESDAY + timedelta(days=1))] == [
        TUESDAY,
        TUESDAY + timedelta(days=1),
    ]
    assert meetings_of([], TUESDAY) == []
