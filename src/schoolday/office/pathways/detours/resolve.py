"""
Which detour moves a section: pure, no I/O, a microsecond a detour. docs/use/detours.md tells the rule to people.

Most specific wins: section, then grade bands of schools, then schools, then a region or grade bands of the district,
then the district. Among equals the newest. An emergency for the whole district beats all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from schoolday.contracts.plan import Detour, DetourScope

Precedence = tuple[bool, int, int, str]


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """What of a section decides. `band`: PK-5, 6-8, 9-12, or `all` where the grade is not known."""

    section: str
    school: str
    band: str
    region: str


def facts_of(*, section: str, school: str, cohort: str) -> SectionFacts:
    """Return the facts of a section by its cohort (`6-8@north`, signin.cohorts)."""
    band, _, region = cohort.partition("@")
    return SectionFacts(section=section, school=school, band=band, region=region)


def resolve(detours: Iterable[Detour], facts: SectionFacts) -> Detour | None:
    """Return the one of these detours, all in force, that moves a section; None if none does. Order plays no part."""
    return max((one for one in detours if touches(one.scope, facts)), key=precedence, default=None)


def in_force(detours: Iterable[Detour], at: int) -> list[Detour]:
    """Return those in force at a moment: from `from_at` on, and no longer at `until_at`. Seconds."""
    return [one for one in detours if is_in_force(one, at)]


def is_in_force(detour: Detour, at: int) -> bool:
    return detour.from_at <= at and (not detour.until_at or at < detour.until_at)


def touches(scope: DetourScope, facts: SectionFacts) -> bool:
    """Say whether a section is in a scope: in all that it names."""
    return (
        (not scope.sections or facts.section in scope.sections)
        and (not scope.schools or facts.school in scope.schools)
        and (not scope.bands or facts.band in scope.bands)
        and (not scope.regions or facts.region in scope.regions)
    )


def may_touch_school(scope: DetourScope, *, school: str, region: str) -> bool:
    """Say whether a scope can hold sections of a school, as far as school and region say."""
    return (not scope.schools or school in scope.schools) and (not scope.regions or region in scope.regions)


def is_district(scope: DetourScope) -> bool:
    return scope == DetourScope()


def specificity(scope: DetourScope) -> int:
    """Return 5 for sections, 4 for bands of schools, 3 for schools, 2 for a region or bands, 1 for the district."""
    if scope.sections:
        return 5
    if scope.schools:
        return 4 if scope.bands else 3
    return 2 if scope.bands or scope.regions else 1


def precedence(detour: Detour) -> Precedence:
    """Return what the winner has most of. The id last, so that two of one second have an order that all agree on."""
    above_all = detour.emergency and is_district(detour.scope)
    return above_all, specificity(detour.scope), detour.made_at, detour.id
