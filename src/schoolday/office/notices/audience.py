"""Whom a notice is for: where (district, regions, schools, grade bands, sections) and who, staff first."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from http import HTTPStatus
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from schoolday.contracts.plan import DetourScope
from schoolday.lib.errors import SchooldayError
from schoolday.office.notices.models import NoticeBar
from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force, sections_in_force
from schoolday.office.signin.cohorts import cohort_of
from schoolday.office.timetable.zones import today

Role = RoleAssignment.Role
Who = Literal["staff", "guardians", "students"]
WHO: tuple[Who, ...] = ("staff", "guardians", "students")  # the order in which they are told
BANDS = ("PK-5", "6-8", "9-12")
_STAFF = (Role.TEACHER, Role.AIDE, Role.ADMINISTRATOR)


class BadAudience(SchooldayError):
    """Nobody in particular is meant."""

    code = "bad_audience"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("Choose whom this notice is for.")


@dataclass(frozen=True, kw_only=True)
class Audience:
    """
    Whom a notice is for. Each empty tuple says "all"; what is given narrows down together.

    `schools` and `sections` are ids; `bands` as in cohorts: PK-5, 6-8, 9-12; `regions` as schools name theirs.
    """

    regions: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    staff: bool = True
    guardians: bool = True
    students: bool = False

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Audience":
        """Read what `as_dict` gave."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in kept.items() if k in known}
        return cls(**values)

    @classmethod
    def of_scope(cls, scope: DetourScope, *, students: bool = False) -> "Audience":
        """Return staff and guardians of whom a detour or an incident is about: their scopes have our four lists."""
        return cls(
            regions=tuple(scope.regions),
            schools=tuple(scope.schools),
            bands=tuple(scope.bands),
            sections=tuple(scope.sections),
            students=students,
        )

    def as_dict(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def is_whole_schools(self) -> bool:
        return not (self.bands or self.sections)

    @property
    def who(self) -> tuple[Who, ...]:
        return tuple(one for one in WHO if getattr(self, one))


def check_audience(audience: Audience) -> None:
    """
    Check that somebody is meant, and that what is named exists.

    :raises BadAudience: otherwise
    """
    if not audience.who or not set(audience.bands) <= set(BANDS) or not schools_in(audience).exists():
        raise BadAudience
    if len(set(audience.schools)) != Org.objects.filter(id__in=audience.schools, kind=Org.Kind.SCHOOL).count():
        raise BadAudience
    found = Section.objects.filter(id__in=audience.sections)
    if audience.schools:
        found = found.filter(school__in=audience.schools)
    if len(set(audience.sections)) != found.count():
        raise BadAudience


def schools_in(audience: Audience) -> QuerySet[Org]:
    """Return the active schools that an audience touches; with `parent`, by id."""
    schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).select_related("parent").order_by("id")
    if audience.regions:
        schools = schools.filter(region__in=audience.regions)
    if audience.schools:
        schools = schools.filter(id__in=audience.schools)
    if audience.sections:
        schools = schools.filter(sections__in=audience.sections).distinct()
    return schools


def people_at(school: Org, audience: Audience, who: Who) -> QuerySet[Person]:
    """Return who of one school is told; each once. The query costs two others (sections, their enrollments)."""
    if who == "staff":
        return _staff(school, audience)
    students = students_at(school, audience)
    return students if who == "students" else guardians_of(students)


def students_at(school: Org, audience: Audience) -> QuerySet[Person]:
    """Return the students of one school that an audience is about: enrolled in its sections, or on its roll."""
    ids = Q(id__in=_enrolled(school, audience, ("student",)).values("person"))
    if not audience.sections:
        grades = Q()
        if audience.bands:
            of_school = Person.objects.filter(roles__org=school, roles__role=Role.STUDENT)
            wanted = [
                grade
                for grade in of_school.values_list("grade", flat=True).distinct()
                if cohort_of(grade, region="") in audience.bands
            ]
            grades = Q(grade__in=wanted)
        on_roll = RoleAssignment.objects.filter(org=school, role=Role.STUDENT)
        ids |= Q(id__in=on_roll.values("person")) & grades
    return Person.objects.filter(ids, is_active=True).order_by("id")


def guardians_of(students: QuerySet[Person]) -> QuerySet[Person]:
    """Return the guardians of these students who may be told of at least one of them."""
    barred = NoticeBar.objects.filter(guardian=OuterRef("guardian"), student=OuterRef("student"))
    pairs = Guardianship.objects.filter(~Exists(barred), student__in=students.order_by().values("id"))
    return Person.objects.filter(id__in=pairs.values("guardian"), is_active=True).order_by("id")


def people_in(audience: Audience) -> Iterator[tuple[Who, Org, QuerySet[Person]]]:
    """Go through all who are told, staff of every school first; a person may come up at two schools."""
    schools = list(schools_in(audience))
    for who in audience.who:
        for school in schools:
            yield who, school, people_at(school, audience, who)


def _staff(school: Org, audience: Audience) -> QuerySet[Person]:
    ids = Q(id__in=_enrolled(school, audience, ("teacher", "aide")).values("person"))
    if audience.is_whole_schools:
        ids |= Q(id__in=RoleAssignment.objects.filter(org=school, role__in=_STAFF).values("person"))
    else:  # whoever runs the school answers for all its classes
        ids |= Q(id__in=RoleAssignment.objects.filter(org=school, role=Role.ADMINISTRATOR).values("person"))
    return Person.objects.filter(ids, is_active=True).order_by("id")


def _enrolled(school: Org, audience: Audience, roles: tuple[str, ...]) -> QuerySet[Enrollment]:
    on = today(school)
    sections = sections_in_force(on).filter(school=school)
    if audience.sections:
        sections = sections.filter(id__in=audience.sections)
    if audience.bands:
        found = [
            pk for pk, grades in sections.values_list("id", "grades") if cohort_of(grades, region="") in audience.bands
        ]
        sections = sections.filter(id__in=found)
    return Enrollment.objects.filter(enrollment_in_force(on), section__in=sections.values("id"), role__in=roles)
