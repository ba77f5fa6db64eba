"""How long readiness takes. SCHOOLDAY_TEST_STUDENTS=50000 measures a district; CI takes 5,000."""

import os
import time
from datetime import timedelta

import pytest
from django.db import connection

from schoolday.office.console.readiness import figures
from schoolday.office.console.readiness.kept import keep, kept
from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.office.signin.models import Device
from tests.cast import Cast
from tests.office.console.readiness.evening import BELL, EVENING

STUDENTS = int(os.environ.get("SCHOOLDAY_TEST_STUDENTS", "5000"))
IN_ONE_SCHOOL = 1_000
READY_OF_TEN = 9
_AT_ONCE = 2_000
_SECONDS_FOR_50_000 = 10  # generous, for machines that do other things


def make_district(cast: Cast) -> None:
    """Make STUDENTS students with a guardian each, nine of ten with a pass."""
    schools = [
        Org(sourced_id=f"x{n}", kind=Org.Kind.SCHOOL, name=f"x{n}", parent=cast.district)
        for n in range(max(1, STUDENTS // IN_ONE_SCHOOL))
    ]
    Org.objects.bulk_create(schools, batch_size=_AT_ONCE)
    for start in range(0, STUDENTS, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, STUDENTS))
        people = [
            Person(sourced_id=f"{kind}{n}", user_name=f"{kind}{n}", given_name="x", family_name="x", password="!",
                   phone="305-555-0100" if kind == "g" else "")
            for kind in "sg"
            for n in numbers
        ]  # fmt: skip
        Person.objects.bulk_create(people)
        students, guardians = people[: len(numbers)], people[len(numbers) :]
        RoleAssignment.objects.bulk_create(
            RoleAssignment(person=one, org=schools[n % len(schools)], role="student", source_role="student")
            for n, one in zip(numbers, students, strict=True)
        )
        Guardianship.objects.bulk_create(
            Guardianship(guardian=guardian, student=student)
            for guardian, student in zip(guardians, students, strict=True)
        )
        Device.objects.bulk_create(
            Device(
                person=one, thumbprint="t", key_x="x", key_y="y", made_at=EVENING, seen_at=EVENING,
                pass_ends=BELL + timedelta(days=2), pass_until=BELL + timedelta(days=5),
            )
            for n, one in zip(numbers, students, strict=True)
            if n % 10 < READY_OF_TEN
        )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what autovacuum has done a minute after an import; a transaction hides it


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_figures_of_a_whole_district(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    make_district(cast)
    schools = list(Org.objects.filter(kind=Org.Kind.SCHOOL))
    began = time.perf_counter()
    found = figures.figures_of(schools)
    took_seconds = time.perf_counter() - began
    keep(found)
    began = time.perf_counter()
    again = kept(schools)
    read_seconds = time.perf_counter() - began
    with capsys.disabled():
        print(  # noqa: T201  # the figure is what this test is for
            f"\n{connection.vendor}: readiness of {STUDENTS:,} students in {len(schools)} schools: "
            f"counted in {took_seconds:.2f} s, the kept count read in {1000 * read_seconds:.0f} ms"
        )
    assert found.students.ready == STUDENTS * READY_OF_TEN // 10
    assert found.calls.to_call == STUDENTS - STUDENTS * READY_OF_TEN // 10
    assert again is not None
    assert again.lines == found.lines
    assert took_seconds < 1 + _SECONDS_FOR_50_000 * STUDENTS / 50_000
