"""Computing what the plan says of one school, from roster and timetable. One school at a time: memory stays small."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from schoolday.contracts import plan
from schoolday.contracts.plan import DoorPeople, MeetingPlan, SchoolPlan, SectionPlan
from schoolday.lib import clock, ids
from schoolday.office.pathways.detours.bells import keep_shifts, unshifted
from schoolday.office.pathways.detours.dressing import dress
from schoolday.office.pathways.detours.queries import for_plan
from schoolday.office.pathways.models import Alternate
from schoolday.office.pathways.public_words import words_of
from schoolday.office.pathways.ways.packets import planned_packets
from schoolday.office.people.models import Org, Person, RoleAssignment
from schoolday.office.people.queries import tardy_after_minutes
from schoolday.office.rosters.models import Section
from schoolday.office.signin.cohorts import cohort_of
from schoolday.office.signin.doors import live_nodes, nodes_of
from schoolday.office.signin.duty import duty_of
from schoolday.office.signin.membership import Days, days_of, enrollments_between, sections_between
from schoolday.office.signin.models import SectionTurn
from schoolday.office.timetable.actions import compute_meetings
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.zones import zone_of


@dataclass(frozen=True)
class PlannedSchool:
    """The two contracts of one school, `version` still 0, and the days they cover."""

    plan: SchoolPlan
    people: DoorPeople
    days: Days
    meetings: int


def plan_school(
    school: Org, *, days: Days | None = None, detours: Sequence[plan.Detour] | None = None
) -> PlannedSchool:
    """
    Make the meetings of the next school days and return the school's plan and people.

    About 25 queries whatever the school's size. Load `parent` with the school. `detours`: None asks for them.
    """
    days = days or days_of(school)
    sections = list(sections_between(days.first, days.last).filter(school=school).order_by("id"))
    meetings: dict[str, list[Meeting]] = defaultdict(list)
    for on in days.planned:
        for meeting in compute_meetings(school, on):
            meetings[meeting.section_id].append(meeting)
    planned = _sections(school, sections, meetings=meetings, days=days)
    words = words_of([school.id], clock.now())[school.id]
    value = SchoolPlan(
        district=settings.SCHOOLDAY["DISTRICT"],
        org=school.id,
        name=school.name,
        version=0,
        from_date=days.first.isoformat(),
        until_date=days.last.isoformat(),
        time_zone=zone_of(school).key,
        tardy_after_minutes=tardy_after_minutes(school),
        phone=school.phone,
        sections=planned,
        notices=words.notices,
        incidents=words.incidents,
    )
    known = for_plan(clock.now()) if detours is None else detours
    rows = [meeting for found in meetings.values() for meeting in found]
    times = unshifted(rows)
    value = dress(value, known, now=clock.now_seconds(), times=times)
    keep_shifts([value], times, kept_minutes={row.id: row.shifted_minutes for row in rows if row.shifted_minutes})
    people = _people(school, [section.id for section in sections], days=days)
    return PlannedSchool(value, people, days, sum(len(section.meetings) for section in planned))


def alternates_of(days: Mapping[str, tuple[date, date]]) -> dict[str, tuple[plan.Alternate, ...]]:
    """
    Return the alternates of each section that has any, in the order to try, with the packets of its days. Two queries.

    `days`: first and last day of the plan of each school, by its id.
    """
    found: dict[str, list[plan.Alternate]] = defaultdict(list)
    rows = Alternate.objects.filter(section__school__in=days).order_by("rank")
    for section_id, kind, url, label in rows.values_list("section_id", "kind", "url", "label"):
        found[section_id].append(plan.Alternate(kind=kind, url=url, label=label))
    for section_id, packet in planned_packets(days):
        found[section_id].append(packet)
    return {section_id: tuple(alternates) for section_id, alternates in found.items()}


def _sections(
    school: Org, sections: list[Section], *, meetings: dict[str, list[Meeting]], days: Days
) -> tuple[SectionPlan, ...]:
    nodes = live_nodes()
    turns = dict(SectionTurn.objects.filter(section__school=school).values_list("section_id", "turn"))
    teachers: dict[str, list[str]] = defaultdict(list)
    rows = enrollments_between(days.first, days.last).filter(section__school=school, role="teacher")
    for row in rows.select_related("person").order_by("-is_primary", "person__family_name", "id"):
        if row.person.name not in teachers[row.section_id]:
            teachers[row.section_id].append(row.person.name)
    alternates = alternates_of({school.id: (days.first, days.last)})
    return tuple(
        SectionPlan(
            id=section.id,
            title=section.title,
            cohort=cohort_of(section.grades, region=school.region),
            grades=section.grades,
            teachers=tuple(teachers[section.id]),
            alternates=alternates.get(section.id, ()),
            meetings=tuple(
                MeetingPlan(
                    id=meeting.id,
                    period=meeting.period,
                    starts_at=int(meeting.starts_at.timestamp()),
                    ends_at=int(meeting.ends_at.timestamp()),
                    nodes=nodes_of(meeting.id, nodes),
                    turn=turns.get(section.id, 0),
                )
                for meeting in sorted(meetings[section.id], key=lambda m: (m.starts_at, m.id))
            ),
        )
        for section in sections
    )


def _people(school: Org, section_ids: list[str], *, days: Days) -> DoorPeople:
    """Return the students of a school, enrolled in one of its sections or in none, and its duty list. Four queries."""
    index = {section_id: number for number, section_id in enumerate(section_ids)}
    sections: dict[str, set[int]] = defaultdict(set)
    enrolled = enrollments_between(days.first, days.last).filter(section__school=school, role="student")
    for person_id, section_id in enrolled.values_list("person_id", "section_id").iterator(chunk_size=5_000):
        sections[person_id].add(index[section_id])
    students = Person.objects.filter(
        id__in=RoleAssignment.objects.filter(org=school, role="student").values("person"), is_active=True
    ) | Person.objects.filter(id__in=enrolled.values("person"))
    rows = sorted(
        (ids.to_int(person_id), badge or 0, grade, tuple(sorted(sections[person_id])))
        for person_id, badge, grade in students.values_list("id", "badge_number", "grade").iterator(chunk_size=5_000)
    )
    return DoorPeople(
        district=settings.SCHOOLDAY["DISTRICT"],
        org=school.id,
        version=0,
        section_ids=tuple(section_ids),
        people=tuple(row[0] for row in rows),
        badges=tuple(row[1] for row in rows),
        grades=tuple(row[2] for row in rows),
        sections=tuple(row[3] for row in rows),
        duty=tuple(ids.to_int(person_id) for person_id in duty_of([school.id])[school.id]),
    )
