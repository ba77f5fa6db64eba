"""Sections whose Plan B is missing or would not help, by school."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.utils import timezone

from schoolday.contracts.plan import Alternate as Way
from schoolday.lib import clock
from schoolday.live import sharing
from schoolday.office.pathways.models import Alternate, LinkCheck
from schoolday.office.pathways.ways.links import FAILED
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import Enrollment
from schoolday.office.rosters.queries import enrollment_in_force, sections_in_force

Problem = Literal["none", "same_sign_on", "link_failed"]


@dataclass
class SchoolMissing:
    """One school's sections in force today. A section counts in each problem that it has, in `missing` once."""

    school: Org
    sections: int = 0
    missing: int = 0
    none: int = 0
    same_sign_on: int = 0
    link_failed: int = 0


@dataclass(frozen=True)
class MissingSection:
    """One section with something missing, and who could mend it."""

    id: str
    title: str
    school_id: str
    problems: tuple[Problem, ...]
    teachers: tuple[str, ...] = ()


def count_missing(schools: Sequence[Org]) -> list[SchoolMissing]:
    """Return the figures of these schools, the one with most missing first. Three queries."""
    lines = {school.id: SchoolMissing(school) for school in schools}
    for _id, _title, school_id, problems in _looked_through(schools):
        line = lines[school_id]
        line.sections += 1
        line.missing += bool(problems)
        line.none += "none" in problems
        line.same_sign_on += "same_sign_on" in problems
        line.link_failed += "link_failed" in problems
    return sorted(lines.values(), key=lambda line: (-line.missing, line.school.name, line.school.id))


def missing_in(schools: Sequence[Org]) -> list[MissingSection]:
    """Return the sections of these schools with something missing, with their teachers. Four queries."""
    found = [row for row in _looked_through(schools) if row[3]]
    teachers: dict[str, list[str]] = defaultdict(list)
    today = timezone.localdate(clock.now())
    rows = Enrollment.objects.filter(
        enrollment_in_force(today), section__school__in=schools, role="teacher", person__is_active=True
    )
    for row in rows.select_related("person").order_by("-is_primary", "person__family_name", "id"):
        if row.person.name not in teachers[row.section_id]:
            teachers[row.section_id].append(row.person.name)
    return [
        MissingSection(section_id, title, school_id, problems, tuple(teachers[section_id]))
        for section_id, title, school_id, problems in found
    ]


def _looked_through(schools: Sequence[Org]) -> list[tuple[str, str, str, tuple[Problem, ...]]]:
    """Return id, title, school and problems of each section in force today, by title."""
    sections = sections_in_force(timezone.localdate(clock.now())).filter(school__in=schools)
    ways: dict[str, list[Way]] = defaultdict(list)
    alternates = Alternate.objects.filter(section__school__in=schools, section__is_active=True).order_by("rank")
    for section_id, kind, url in alternates.values_list("section_id", "kind", "url"):
        ways[section_id].append(Way(kind=kind, url=url))
    failed = set(LinkCheck.objects.filter(state__in=FAILED).values_list("url", flat=True))
    main = sharing.main_path(settings.SCHOOLDAY)
    rows = sections.order_by("title", "id").values_list("id", "title", "school_id")
    return [(*row, _problems(ways.get(row[0], []), failed=failed, main=main)) for row in rows]


def _problems(ways: list[Way], *, failed: set[str], main: sharing.MainPath) -> tuple[Problem, ...]:
    if not ways:
        return ("none",)
    found: list[Problem] = []
    if sharing.shares_sign_on(ways, main, bbb_url=settings.SCHOOLDAY["BBB_URL"]):
        found.append("same_sign_on")
    if any(way.url in failed for way in ways):
        found.append("link_failed")
    return tuple(found)
