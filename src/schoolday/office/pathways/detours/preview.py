"""Whom a detour touches, before it is one: seven queries, however large the district."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from schoolday.contracts.plan import Detour as PlannedDetour
from schoolday.contracts.plan import Texts
from schoolday.lib import clock
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour
from schoolday.office.pathways.detours.queries import for_plan
from schoolday.office.pathways.detours.reasons import reason_of
from schoolday.office.pathways.detours.resolve import SectionFacts, facts_of, in_force, resolve, touches
from schoolday.office.pathways.models import Alternate, Packet
from schoolday.office.people.models import Guardianship
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force, sections_in_force
from schoolday.office.signin.cohorts import cohort_of
from schoolday.office.timetable.models import Meeting

SHOWN_AT_MOST = 200  # rows of a list on the page; the numbers count all
_NEW = "new"
_AHEAD = timedelta(hours=24)


@dataclass
class Group:
    """One school and grade band."""

    school: str
    band: str
    sections: int = 0
    students: int = 0


@dataclass
class Preview:
    """
    What would change. `sections`: those that meet another way then; `held`: touched, but a detour that is narrower,
    newer or an emergency keeps them; `running`: classes that move at once; `next_at`: the next to begin. Of a change:
    `added`: those of `sections` that the detour before it does not move; `returned`: those that only that one moves.
    """

    reason: Texts
    sections: int = 0
    added: int = 0
    returned: int = 0
    held: int = 0
    students: int = 0
    groups: list[Group] = field(default_factory=list)
    without_alternate: dict[str, list[str]] = field(default_factory=dict)
    families_without_contact: dict[str, int] = field(default_factory=dict)
    running: int = 0
    next_at: datetime | None = None

    @property
    def lacking(self) -> int:
        return sum(len(titles) for titles in self.without_alternate.values())

    @property
    def unreached(self) -> int:
        return sum(self.families_without_contact.values())


def preview(new: NewDetour, *, replaces: Detour | None = None) -> Preview:
    """
    Return what a detour would change; `replaces`: the one that ends for it. Two seconds for 50,000 students.

    :raises BadReason: if it has none
    """
    now = clock.now()
    found = Preview(reason=reason_of(new.reason_key, new.own_words))
    touched, bands = _sections(found, new, replaces, now=now)
    found.sections = len(touched)
    schools = {section.id: section.school_id for section in touched}
    names = {section.school_id: section.school.name for section in touched}
    students = _students(new, schools)
    _count(found, touched, bands, names, students)
    _lacking(found, new, touched, names, now=now)
    _contacts(found, students, names)
    _meetings(found, new, set(schools), now=now)
    return found


def _sections(
    found: Preview, new: NewDetour, replaces: Detour | None, *, now: datetime
) -> tuple[list[Section], dict[str, str]]:
    """Return the sections that move and their bands; count what others keep, and what goes back. Two queries."""
    at = int(max(now, new.from_at).timestamp())
    mine = _planned(new, at=at, now=now)
    before = replaces.as_plan() if replaces else None
    others = [one for one in in_force(for_plan(now), at) if before is None or one.id != before.id]
    moved, bands = [], {}
    for section in _rows(new, replaces, on=timezone.localdate(max(now, new.from_at))):
        cohort = cohort_of(section.grades, region=section.school.region)
        facts = facts_of(section=section.id, school=section.school_id, cohort=cohort)
        is_moved = before is not None and _wins(before, others, facts)
        if not _wins(mine, others, facts):
            found.held += touches(new.scope, facts)
            found.returned += is_moved
            continue
        found.added += not is_moved
        moved.append(section)
        bands[section.id] = facts.band
    return moved, bands


def _rows(new: NewDetour, replaces: Detour | None, *, on: date) -> QuerySet[Section]:
    """Return the sections that a detour, or the one it replaces, could touch."""
    scopes = [new.scope, *([replaces.scope] if replaces else [])]
    rows = sections_in_force(on)
    if all(scope.schools for scope in scopes):
        rows = rows.filter(school__in={school for scope in scopes for school in scope.schools})
    if all(scope.sections for scope in scopes):
        rows = rows.filter(id__in={section for scope in scopes for section in scope.sections})
    return rows.select_related("school").only("id", "title", "grades", "school__name", "school__region")


def _planned(new: NewDetour, *, at: int, now: datetime) -> PlannedDetour:
    return PlannedDetour(
        id=_NEW,
        pathway=new.pathway,
        from_at=at,
        reason=Texts(en="", es="", ht=""),
        scope=new.scope,
        emergency=new.is_emergency,
        made_at=round(now.timestamp() * 1000) + 1,
        shift_minutes=new.shift_minutes,
    )


def _wins(one: PlannedDetour, others: list[PlannedDetour], facts: SectionFacts) -> bool:
    rivals = [other for other in others if bool(other.shift_minutes) == bool(one.shift_minutes)]
    return resolve([*rivals, one], facts) is one


def _students(new: NewDetour, schools: dict[str, str]) -> dict[str, set[str]]:
    """Return the students of each section that moves. One query."""
    rows = Enrollment.objects.filter(
        enrollment_in_force(timezone.localdate(clock.now())), role="student", person__is_active=True
    )
    if new.scope.sections:
        rows = rows.filter(section__in=list(schools))
    elif new.scope.schools:
        rows = rows.filter(section__school__in=new.scope.schools)
    found: dict[str, set[str]] = defaultdict(set)
    for section_id, person_id in rows.order_by().values_list("section_id", "person_id").iterator(chunk_size=10_000):
        if section_id in schools:
            found[section_id].add(person_id)
    return found


def _count(
    found: Preview,
    touched: Iterable[Section],
    bands: dict[str, str],
    names: dict[str, str],
    students: dict[str, set[str]],
) -> None:
    sections: Counter[tuple[str, str]] = Counter()
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for section in touched:
        key = (section.school_id, bands[section.id])
        sections[key] += 1
        people[key] |= students.get(section.id, set())
    found.students = len(set().union(*people.values())) if people else 0
    rows = [Group(names[school], band, count, len(people[school, band])) for (school, band), count in sections.items()]
    found.groups = sorted(rows, key=lambda group: (group.school, group.band))


def _lacking(found: Preview, new: NewDetour, touched: list[Section], names: dict[str, str], *, now: datetime) -> None:
    """List the sections that have no alternate of the chosen kind. One query."""
    if new.shift_minutes or new.pathway == "live":
        return
    if new.pathway == "packet":
        of_day = Packet.objects.filter(on=timezone.localdate(max(now, new.from_at)))
        known = set(of_day.values_list("section_id", flat=True))
    else:
        kinds = Q(kind=new.pathway) if new.pathway else Q()
        known = set(Alternate.objects.filter(kinds).order_by().values_list("section_id", flat=True).distinct())
    lacking: dict[str, list[str]] = defaultdict(list)
    for section in sorted(touched, key=lambda one: (names[one.school_id], one.title)):
        if section.id not in known:
            lacking[names[section.school_id]].append(section.title)
    found.without_alternate = dict(lacking)


def _contacts(found: Preview, students: dict[str, set[str]], names: dict[str, str]) -> None:
    """Count the students nobody of whose family has a mail address or a phone. Two queries."""
    reached = Guardianship.objects.filter(guardian__is_active=True).filter(
        ~Q(guardian__email="") | ~Q(guardian__phone="")
    )
    with_contact = set(reached.order_by().values_list("student_id", flat=True))
    of_section = dict(Section.objects.filter(school__in=list(names)).values_list("id", "school_id"))
    lost: dict[str, set[str]] = defaultdict(set)
    for section_id, people in students.items():
        lost[names[of_section[section_id]]] |= people - with_contact
    found.families_without_contact = {school: len(people) for school, people in sorted(lost.items()) if people}


def _meetings(found: Preview, new: NewDetour, sections: set[str], *, now: datetime) -> None:
    """Count the classes that run now, and find the next. One query."""
    begin = max(now, new.from_at)
    rows = Meeting.objects.filter(ends_at__gt=now, starts_at__lt=begin + _AHEAD)
    if new.scope.schools:
        rows = rows.filter(section__school__in=new.scope.schools)
    for section_id, starts_at in rows.order_by().values_list("section_id", "starts_at").iterator(chunk_size=10_000):
        if section_id not in sections:
            continue
        if starts_at <= now:
            found.running += begin == now and not new.shift_minutes
        elif starts_at >= begin and (found.next_at is None or starts_at < found.next_at):
            found.next_at = starts_at
