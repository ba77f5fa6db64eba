"""How many are ready: of the district by school, of a school by grade and section. Counted in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from schoolday.lib import clock
from schoolday.office.console.readiness import holding
from schoolday.office.console.readiness.days import NextDay, next_days
from schoolday.office.people.models import Guardianship, Org, RoleAssignment
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force, sections_in_force

Role = RoleAssignment.Role
_ADULTS = (Role.TEACHER, Role.AIDE)
LARGE_FROM_SCHOOLS = 50


@dataclass(frozen=True)
class Tally:
    """How many people there are, and of which degree (`holding` tells what each means)."""

    enrolled: int = 0
    ready: int = 0
    can_come: int = 0

    @property
    def nobody_knows(self) -> int:
        return self.enrolled - self.ready - self.can_come

    @property
    def missing(self) -> int:
        """How many are not ready."""
        return self.enrolled - self.ready

    @property
    def percent(self) -> int:
        """Return the share that is ready, rounded down: 100 only when everybody is."""
        return 100 * self.ready // self.enrolled if self.enrolled else 0

    def share(self, degree: str) -> float:
        """Return the width of one part of the bar, in percent."""
        return round(100 * int(getattr(self, degree)) / self.enrolled, 2) if self.enrolled else 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.enrolled + other.enrolled, self.ready + other.ready, self.can_come + other.can_come)


@dataclass(frozen=True)
class Calls:
    """Families to call, those called already, and students whose guardians have no number."""

    to_call: int = 0
    called: int = 0
    no_number: int = 0

    def __add__(self, other: "Calls") -> "Calls":
        return Calls(self.to_call + other.to_call, self.called + other.called, self.no_number + other.no_number)


@dataclass(frozen=True)
class SchoolLine:
    """One school; `day` None: its year is over, and nothing is counted."""

    school: Org
    day: NextDay | None
    students: Tally
    adults: Tally
    calls: Calls


@dataclass(frozen=True)
class Figures:
    """Some schools, worst first. `at`: when it was counted."""

    lines: list[SchoolLine]
    at: datetime

    @property
    def students(self) -> Tally:
        """Return the total; who goes to two schools counts at both."""
        return sum((line.students for line in self.lines), Tally())

    @property
    def adults(self) -> Tally:
        return sum((line.adults for line in self.lines), Tally())

    @property
    def calls(self) -> Calls:
        return sum((line.calls for line in self.lines), Calls())

    @property
    def on(self) -> date | None:
        """Return the day, when all schools have the same."""
        found = {line.day.on for line in self.lines if line.day}
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True)
class SectionLine:
    """One section on the day; `adults` are its teachers and aides."""

    section: Section
    students: Tally
    adults: Tally

    @property
    def has_no_adult(self) -> bool:
        """Say that none of its adults is ready."""
        return not self.adults.ready


def figures_of(schools: Sequence[Org]) -> Figures:
    """
    Return the figures of these schools, worst first. 12 queries however many schools and students.

    How long it takes: tests/office/console/test_readiness_speed.py.
    """
    days = next_days(schools)
    people = by_role(days, by="org_id")
    calls = calls_of(days)
    lines = [
        SchoolLine(
            school=school,
            day=days.get(school.id),
            students=people.get((Role.STUDENT, school.id), Tally()),
            adults=_adults(people, school.id),
            calls=calls.get(school.id, Calls()),
        )
        for school in schools
    ]
    return Figures(sorted(lines, key=worst_first), clock.now())


def is_large(schools: Sequence[Org]) -> bool:
    """Say whether counting these is work for the worker, and nothing to wait for in a browser."""
    return len(schools) >= LARGE_FROM_SCHOOLS


def by_role(days: Mapping[str, NextDay], *, by: str) -> dict[tuple[str, str], Tally]:
    """Return the tallies of the students, teachers and aides of these schools, by role and one column. 4 queries."""
    if not days:
        return {}
    rows = RoleAssignment.objects.filter(
        org__in=list(days), role__in=(Role.STUDENT, *_ADULTS), person__is_active=True
    ).annotate(bell=holding.bells_of(days))
    return _tallies(rows, OuterRef("bell"), "role", by)


def grades_of(school: Org, day: NextDay) -> dict[str, Tally]:
    """Return the tallies of a school's students by grade, youngest first. 4 queries."""
    found = by_role({school.id: day}, by="person__grade")
    grades = {grade: tally for (role, grade), tally in found.items() if role == Role.STUDENT}
    return dict(sorted(grades.items(), key=lambda pair: _GRADE_ORDER.get(pair[0], 99)))


def sections_of(school: Org, day: NextDay) -> list[SectionLine]:
    """Return the sections of a school with students on the day: without an adult first, then the worst. 5 queries."""
    sections = sections_in_force(day.on).filter(school=school)
    rows = Enrollment.objects.filter(
        enrollment_in_force(day.on), section__in=sections, role__in=("student", *_ADULTS), person__is_active=True
    )
    found = _tallies(rows, day.bell_at, "role", "section_id")
    lines = [
        SectionLine(section, found.get(("student", section.id), Tally()), _adults(found, section.id))
        for section in sections.order_by("title", "id")
    ]
    lines = [line for line in lines if line.students.enrolled]
    return sorted(lines, key=lambda line: (not line.has_no_adult, line.students.ready / line.students.enrolled))


def not_ready(days: Mapping[str, NextDay]) -> QuerySet[RoleAssignment]:
    """Return the roles of the students of these schools who are not ready, with `bell` and `day` of their school."""
    rows = RoleAssignment.objects.filter(org__in=list(days), role=Role.STUDENT, person__is_active=True)
    rows = rows.annotate(bell=holding.bells_of(days), day=holding.dates_of(days))
    return rows.exclude(holding.has_pass(bell_at=OuterRef("bell")))


def first_guardian() -> Subquery:
    """
    Return the guardian who is called about the row's student: of those with a number the first by id.

    Children with the same one are one call. Another order would do; what matters is that it is the same everywhere.
    """
    return Subquery(_with_number().order_by("guardian_id").values("guardian_id")[:1])


def _with_number() -> QuerySet[Guardianship]:
    rows = Guardianship.objects.filter(student=OuterRef("person_id"), guardian__is_active=True)
    return rows.exclude(guardian__phone="")


def calls_of(days: Mapping[str, NextDay]) -> dict[str, Calls]:
    """Return how many families of each school are to call. 3 queries."""
    if not days:
        return {}
    missing = not_ready(days).annotate(guardian=first_guardian()).order_by()
    called = holding.was_called(on=OuterRef("day"))
    families = Count("guardian", distinct=True)
    to_call = dict(missing.exclude(called).values_list("org_id").annotate(count=families))
    done = dict(missing.filter(called, guardian__isnull=False).values_list("org_id").annotate(count=families))
    alone = dict(
        not_ready(days)
        .exclude(called)
        .exclude(Exists(_with_number()))
        .order_by()
        .values_list("org_id")
        .annotate(count=Count("person_id", distinct=True))
    )
    return {org: Calls(to_call.get(org, 0), done.get(org, 0), alone.get(org, 0)) for org in days}


def _tallies(rows: QuerySet[Any], bell_at: datetime | OuterRef, *by: str) -> dict[tuple[str, str], Tally]:
    """
    Return tallies by two columns.

    Four counts with a plain WHERE EXISTS each, not one with four filters: so a database joins once over all devices in
    place of asking four times for every student.
    """
    ready, grace = holding.has_pass(bell_at=bell_at), holding.is_in_grace(bell_at=bell_at)
    others = rows.exclude(ready)
    enrolled, have, may, cards = (
        {
            row[:-1]: row[-1]
            for row in part.order_by().values_list(*by).annotate(count=Count("person_id", distinct=True))
        }
        for part in (
            rows,
            rows.filter(ready),
            others.filter(grace),
            others.exclude(grace).filter(holding.has_badge(), role="student"),  # badges are for students only
        )
    )
    return {key: Tally(count, have.get(key, 0), may.get(key, 0) + cards.get(key, 0)) for key, count in enrolled.items()}


def _adults(found: Mapping[tuple[str, str], Tally], key: str) -> Tally:
    return sum((found.get((role, key), Tally()) for role in _ADULTS), Tally())


def worst_first(line: SchoolLine) -> tuple[bool, float, int, str]:
    """Return what to sort schools by."""
    students = line.students
    share = students.ready / students.enrolled if students.enrolled else 1.0
    return not students.enrolled, share, -students.missing, line.school.name


_GRADES = "IT PR PK TK KG 01 02 03 04 05 06 07 08 09 10 11 12 13"  # CEDS grade levels, youngest first
_GRADE_ORDER = {code: n for n, code in enumerate(_GRADES.split())}
