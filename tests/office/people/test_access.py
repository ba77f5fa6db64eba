from datetime import date, timedelta

import pytest

from schoolday.office.people.access import NotYours, access_operator, access_school, access_student
from schoolday.office.people.models import Person, RoleAssignment
from schoolday.office.rosters.models import Enrollment, Section
from tests.cast import Cast

EVERYBODY = (
    "student", "twin", "other_student", "teacher", "other_teacher", "guardian", "other_guardian", "principal",
    "other_principal", "operator",
)  # fmt: skip


def people(cast: Cast) -> dict[str, Person]:
    return {name: getattr(cast, name) for name in EVERYBODY}


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_the_operator_is_an_operator(cast: Cast, name: str) -> None:
    if name == "operator":
        access_operator(people(cast)[name])
    else:
        with pytest.raises(NotYours):
            access_operator(people(cast)[name])


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_school_is_open_to_its_principal_and_the_operator(cast: Cast, name: str) -> None:
    if name in ("principal", "operator"):
        assert access_school(people(cast)[name], cast.school.id) == cast.school
    else:
        with pytest.raises(NotYours):
            access_school(people(cast)[name], cast.school.id)


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_student_is_known_to_those_around_her(cast: Cast, name: str) -> None:
    if name in ("student", "teacher", "guardian", "principal", "operator"):
        assert access_student(people(cast)[name], cast.student.id) == cast.student
    else:
        with pytest.raises(NotYours):
            access_student(people(cast)[name], cast.student.id)


def test_a_district_is_no_school(cast: Cast) -> None:
    with pytest.raises(NotYours):
        access_school(cast.operator, cast.district.id)


def test_nobody_is_a_student_without_the_role(cast: Cast) -> None:
    for asked in (cast.teacher.id, cast.guardian.id, "no-such-id"):
        with pytest.raises(NotYours):
            access_student(cast.operator, asked)
    with pytest.raises(NotYours):
        access_student(cast.teacher, cast.teacher.id)


@pytest.mark.parametrize("whose", ["teacher", "student"])
@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"ends_on": date(2000, 1, 1)}, {"begins_on": date(2999, 1, 1)}]
)
def test_a_teacher_who_left_the_section_knows_no_more_of_it(cast: Cast, whose: str, change: dict[str, object]) -> None:
    Enrollment.objects.filter(person=getattr(cast, whose)).update(**change)
    with pytest.raises(NotYours):
        access_student(cast.teacher, cast.student.id)


def test_an_enrollment_that_ends_tomorrow_still_holds(cast: Cast) -> None:
    Enrollment.objects.all().update(ends_on=date.today() + timedelta(days=2))  # noqa: DTZ011  # two days' margin
    assert access_student(cast.teacher, cast.student.id) == cast.student


def test_a_section_that_is_gone_opens_nothing(cast: Cast) -> None:
    Section.objects.filter(id=cast.section.id).update(is_active=False)
    with pytest.raises(NotYours):
        access_student(cast.teacher, cast.student.id)


def test_an_aide_knows_her_section(cast: Cast) -> None:
    Enrollment.objects.filter(person=cast.teacher).update(role="aide")
    assert access_student(cast.teacher, cast.student.id) == cast.student


def test_classmates_do_not_open_each_other(cast: Cast) -> None:
    with pytest.raises(NotYours):
        access_student(cast.student, cast.twin.id)


@pytest.mark.parametrize("name", ["guardian", "operator", "student", "teacher"])
def test_whoever_left_the_roster_sees_nothing(cast: Cast, name: str) -> None:
    person = people(cast)[name]
    person.is_active = False
    person.save()
    with pytest.raises(NotYours):
        access_student(person, cast.student.id)
    with pytest.raises(NotYours):
        access_operator(person)


def test_a_student_who_left_is_seen_by_nobody(cast: Cast) -> None:
    cast.student.is_active = False
    cast.student.save()
    with pytest.raises(NotYours):
        access_student(cast.guardian, cast.student.id)


def test_a_school_that_is_gone_has_no_office(cast: Cast) -> None:
    cast.school.is_active = False
    cast.school.save()
    with pytest.raises(NotYours):
        access_school(cast.principal, cast.school.id)
    with pytest.raises(NotYours):
        access_student(cast.principal, cast.student.id)


def test_a_principal_of_two_schools_has_two_offices(cast: Cast) -> None:
    RoleAssignment.objects.create(
        person=cast.principal, org=cast.other_school, role="administrator", source_role="principal"
    )
    assert access_school(cast.principal, cast.school.id) == cast.school
    assert access_school(cast.principal, cast.other_school.id) == cast.other_school
