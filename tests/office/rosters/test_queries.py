from datetime import UTC, date, datetime, timedelta

import pytest

from schoolday.office.rosters import queries
from schoolday.office.rosters.models import AcademicSession, Enrollment
from tests.cast import Cast

SCHOOL_DAY = date(2026, 9, 1)
YEAR_ENDS = date(2027, 7, 1)


def test_sections_of_a_person_are_hers_alone(cast: Cast) -> None:
    assert list(queries.sections_of(cast.student, SCHOOL_DAY)) == [cast.section]
    assert list(queries.sections_of(cast.other_teacher, SCHOOL_DAY)) == [cast.other_section]
    assert not queries.sections_of(cast.guardian, SCHOOL_DAY).exists()


def test_enrollments_carry_the_role(cast: Cast) -> None:
    (enrollment,) = queries.enrollments_of(cast.teacher, SCHOOL_DAY)
    assert (enrollment.section, enrollment.role) == (cast.section, "teacher")


def test_members_are_everybody_of_one_section(cast: Cast) -> None:
    members = [enrollment.person for enrollment in queries.members_of(cast.section, SCHOOL_DAY)]
    assert set(members) == {cast.student, cast.twin, cast.teacher}


def test_a_person_who_left_the_roster_is_no_member(cast: Cast) -> None:
    cast.twin.is_active = False
    cast.twin.save()
    assert queries.members_of(cast.section, SCHOOL_DAY).count() == 2


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "holds"),
    [
        (None, None, True),
        (SCHOOL_DAY, None, True),
        (SCHOOL_DAY + timedelta(days=1), None, False),
        (None, SCHOOL_DAY + timedelta(days=1), True),
        (None, SCHOOL_DAY, False),  # OneRoster: the end date is the first day no longer in it
    ],
)
def test_an_enrollment_holds_from_its_first_day_until_before_its_end(
    cast: Cast, begins_on: date | None, ends_on: date | None, holds: bool
) -> None:
    Enrollment.objects.filter(person=cast.student).update(begins_on=begins_on, ends_on=ends_on)
    assert queries.sections_of(cast.student, SCHOOL_DAY).exists() == holds
    assert queries.enrollments_of(cast.student, SCHOOL_DAY).exists() == holds
    assert (cast.student.id in queries.members_of(cast.section, SCHOOL_DAY).values_list("person", flat=True)) == holds


def test_what_is_gone_from_the_roster_is_not_in_force(cast: Cast) -> None:
    Enrollment.objects.filter(person=cast.student).update(is_active=False)
    assert not queries.sections_of(cast.student, SCHOOL_DAY).exists()
    cast.section.is_active = False
    cast.section.save()
    assert not queries.current_sections(cast.school, SCHOOL_DAY).exists()
    assert not queries.enrollments_of(cast.teacher, SCHOOL_DAY).exists()


def test_a_section_holds_on_the_days_of_its_sessions(cast: Cast) -> None:
    assert not queries.current_sections(cast.school, YEAR_ENDS).exists()
    assert queries.current_sections(cast.school, YEAR_ENDS - timedelta(days=1)).exists()


def test_a_section_of_two_sessions_is_listed_once(cast: Cast) -> None:
    fall = AcademicSession.objects.create(
        sourced_id="fall", title="Fall", kind="term", starts_on="2026-08-01", ends_on="2027-01-01"
    )
    cast.section.sessions.add(fall)
    assert list(queries.current_sections(cast.school, SCHOOL_DAY)) == [cast.section]


def test_a_section_without_sessions_is_always_in_force(cast: Cast) -> None:
    cast.section.sessions.clear()
    assert list(queries.current_sections(cast.school, date(2030, 1, 1))) == [cast.section]


def test_sections_of_another_school_stay_there(cast: Cast) -> None:
    assert list(queries.current_sections(cast.other_school, SCHOOL_DAY)) == [cast.other_section]


def test_who_left_a_section_is_known_for_a_while(cast: Cast) -> None:
    moment = datetime(2026, 8, 30, 12, tzinfo=UTC)
    gone = Enrollment.objects.filter(person=cast.student)
    gone.update(is_active=False, gone_at=moment)
    Enrollment.objects.filter(person=cast.twin).update(ends_on=SCHOOL_DAY)
    both = {(cast.student.id, cast.section.id), (cast.twin.id, cast.section.id)}
    assert queries.recently_left(moment - timedelta(days=5), SCHOOL_DAY) == both
    assert queries.recently_left(moment + timedelta(days=9), SCHOOL_DAY + timedelta(days=9)) == set()


def test_who_is_in_a_section_twice_has_not_left_it(cast: Cast) -> None:
    Enrollment.objects.filter(person=cast.student).update(ends_on=SCHOOL_DAY)
    Enrollment.objects.create(sourced_id="again", section=cast.section, person=cast.student, role="student")
    assert queries.recently_left(datetime(2026, 8, 1, tzinfo=UTC), SCHOOL_DAY) == set()
    assert cast.student.id in queries.members_of(cast.section, SCHOOL_DAY).values_list("person", flat=True)


def test_two_enrollments_of_one_person_make_one_member(cast: Cast) -> None:
    Enrollment.objects.create(sourced_id="again", section=cast.section, person=cast.student, role="student")
    assert queries.members_of(cast.section, SCHOOL_DAY).count() == 3
    assert queries.enrollments_of(cast.student, SCHOOL_DAY).count() == 1
