"""Where something holds: district, regions, schools, grade bands, sections. Kept as JSON, read as a query."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from schoolday.lib.errors import SchooldayError
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import Section
from schoolday.office.signin.cohorts import cohort_of

BANDS = ("PK-5", "6-8", "9-12")


class BadScope(SchooldayError):
    """The scope names what does not exist, or nothing."""

    code = "bad_scope"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("No class is meant by this. Choose again which schools, grades or classes.")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """
    Where something holds. All empty: the whole district; what is given narrows down together.

    `schools` and `sections` are ids; `bands` as in cohorts; `regions` as schools name theirs. A section is in the
    band of its own grades (`cohort_of`: of several the lowest), as its plan says; without grades it is in none.
    """

    regions: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Scope":
        """Read what `as_dict` gave."""
        return cls(**{field.name: tuple(kept.get(field.name, ())) for field in fields(cls)})

    def as_dict(self) -> dict[str, list[str]]:
        return {name: list(value) for name, value in asdict(self).items()}

    @property
    def is_district(self) -> bool:
        return not (self.regions or self.schools or self.bands or self.sections)


def check_scope(scope: Scope) -> None:
    """
    Check that all it names exists and that at least one section is in it. At most 4 queries.

    :raises BadScope: otherwise
    """
    schools = Org.objects.filter(kind=Org.Kind.SCHOOL)
    if len(set(scope.schools)) != schools.filter(id__in=scope.schools).count():
        raise BadScope
    if len(set(scope.sections)) != Section.objects.filter(id__in=scope.sections).count():
        raise BadScope
    if not set(scope.bands) <= set(BANDS) or not sections_of(scope).exists():
        raise BadScope


def sections_of(scope: Scope) -> QuerySet[Section]:
    """Return the sections of a scope, also those gone from the roster: the register of last week is theirs."""
    return Section.objects.filter(condition(scope))


def condition(scope: Scope, prefix: str = "") -> Q:
    """Return the condition for a section; `prefix`: the path to it, as `section__`. One query with grade bands."""
    found = Q(**{f"{prefix}id__isnull": False})
    if scope.regions:
        found &= Q(**{f"{prefix}school__region__in": scope.regions})
    if scope.schools:
        found &= Q(**{f"{prefix}school__in": scope.schools})
    if scope.sections:
        found &= Q(**{f"{prefix}id__in": scope.sections})
    if scope.bands:
        found &= Q(**{f"{prefix}grades__in": _grades_in(scope.bands)})
    return found


def covers(scope: Scope, section: Section) -> bool:
    """Say whether a section, loaded with its school, is in the scope: the same answer as `condition`, no query."""
    return (
        (not scope.regions or section.school.region in scope.regions)
        and (not scope.schools or section.school_id in scope.schools)
        and (not scope.sections or section.id in scope.sections)
        and (not scope.bands or cohort_of(section.grades, region="") in scope.bands)
    )


def schools_of(scope: Scope) -> QuerySet[Org]:
    """Return the active schools with sections in the scope, by name."""
    schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True)
    return schools.filter(id__in=sections_of(scope).order_by().values("school")).order_by("name", "id")


def _grades_in(bands: Collection[str]) -> list[str]:
    kinds = Section.objects.order_by().values_list("grades", flat=True).distinct()
    return [grades for grades in kinds if cohort_of(grades, region="") in bands]
