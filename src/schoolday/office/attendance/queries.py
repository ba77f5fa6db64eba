"""Reading the register: of a section, of a school's day, of a family's children."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from schoolday.contracts.evidence import PART_WORDS
from schoolday.lib import clock
from schoolday.office.attendance.access import TEACHING
from schoolday.office.attendance.models import EvidenceEvent, RegisterEntry
from schoolday.office.attendance.rules import ARRIVALS, MINUTE_MS
from schoolday.office.attendance.times import to_ms
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force
from schoolday.office.timetable.models import Meeting

_SHOWN = Coalesce(NullIf(F("mark"), Value("")), F("status"))


@dataclass
class Line:
    """One student in one meeting; `entry` is None until the register says something. `took_part`: how, by evidence."""

    student: Person
    entry: RegisterEntry | None
    took_part: list[str] = field(default_factory=list)


@dataclass
class Sitting:
    """One meeting with its class list, by family name."""

    meeting: Meeting
    lines: list[Line] = field(default_factory=list)


@dataclass
class Bar:
    """One meeting in the school's day: how many of its students are what."""

    meeting: Meeting
    section: Section
    expected: int
    counts: dict[str, int]
    teachers: list[Person]
    teacher_is_here: bool
    now: datetime
    not_charged: int = 0

    @property
    def not_yet(self) -> int:
        return max(0, self.expected - sum(self.counts.values()))

    @property
    def is_running(self) -> bool:
        return self.meeting.starts_at <= self.now < self.meeting.ends_at

    @property
    def is_alone(self) -> bool:
        """Say whether students sit in a running class without an adult."""
        return self.is_running and not self.teacher_is_here

    def share(self, status: str) -> int:
        """Return the percentage of the class list that is `status`, for the width of its bar."""
        count = self.not_yet if status == "not_yet" else self.counts.get(status, 0)
        return round(100 * count / self.expected) if self.expected else 0


def sittings_of(section: Section, on: date) -> list[Sitting]:
    """Return the meetings of a section on a day, each with its class list. 4 queries."""
    meetings = list(Meeting.objects.filter(section=section, on=on).order_by("starts_at"))
    students = students_of(section, on)
    entries = {
        (entry.meeting_id, entry.person_id): settle(entry, meetings_by_id[entry.meeting_id])
        for meetings_by_id in [{meeting.id: meeting for meeting in meetings}]
        for entry in RegisterEntry.objects.filter(meeting__in=meetings).select_related("amnesty")
    }
    parts = parts_of(meetings)
    return [
        Sitting(
            meeting,
            [
                Line(student, entries.get((meeting.id, student.id)), parts.get((meeting.id, student.id), []))
                for student in students
            ],
        )
        for meeting in meetings
    ]


def parts_of(meetings: Collection[Meeting]) -> dict[tuple[str, str], list[str]]:
    """Return how who took part, by meeting and person, each way once in the contract's order. One query."""
    rows = EvidenceEvent.objects.filter(kind="took_part", meeting_id__in=[meeting.id for meeting in meetings])
    found: dict[tuple[str, str], set[str]] = {}
    for meeting_id, person_id, detail in rows.values_list("meeting_id", "person_id", "detail"):
        found.setdefault((meeting_id, person_id), set()).add(detail["what"])
    return {pair: [what for what in PART_WORDS if what in ways] for pair, ways in found.items()}


def students_of(section: Section, on: date) -> list[Person]:
    """Return the students of a section on a day, by family name, each once."""
    rows = (
        Enrollment.objects.filter(enrollment_in_force(on), section=section, role="student", person__is_active=True)
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "person_id")
    )
    return list({row.person_id: row.person for row in rows}.values())


def settle(entry: RegisterEntry, meeting: Meeting) -> RegisterEntry:
    """
    Cut what is not yet known off an entry of a running meeting: minutes to come, and having left early.

    The register is computed as if nothing more happened (rules.judge), so that no close has to compute it again.
    """
    now = clock.now()
    if now < meeting.ends_at:
        elapsed = max(0, to_ms(now) - to_ms(meeting.starts_at)) // MINUTE_MS
        entry.minutes_present = min(entry.minutes_present, elapsed)
        entry.left_early = False
    return entry


def day_of(school: Org, on: date) -> list[Bar]:
    """Return the bars of a school's day, classes without an adult first, then by time and title. 4 queries."""
    meetings = list(Meeting.objects.filter(section__school=school, on=on).select_related("section"))
    expected = _expected(school, on)
    counts: dict[str, dict[str, int]] = {}
    rows = RegisterEntry.objects.filter(meeting__section__school=school, meeting__on=on).annotate(shown=_SHOWN)
    not_charged: dict[str, int] = {}
    counted = rows.values_list("meeting_id", "shown").annotate(count=Count("id"), spared=Count("amnesty"))
    for meeting, shown, count, spared in counted:
        if shown:
            counts.setdefault(meeting, {})[shown] = count
            not_charged[meeting] = not_charged.get(meeting, 0) + spared
    teachers = _teachers(school, on)
    here = _arrived(meetings, {person.id for adults in teachers.values() for person in adults})
    now = clock.now()
    bars = [
        Bar(
            meeting=meeting,
            section=meeting.section,
            expected=expected.get(meeting.section_id, 0),
            counts=counts.get(meeting.id, {}),
            teachers=teachers.get(meeting.section_id, []),
            teacher_is_here=any((meeting.id, t.id) in here for t in teachers.get(meeting.section_id, [])),
            now=now,
            not_charged=not_charged.get(meeting.id, 0),
        )
        for meeting in meetings
    ]
    return sorted(bars, key=lambda bar: (not bar.is_alone, bar.meeting.starts_at, bar.section.title, bar.section.id))


def children_of(guardian: Person) -> QuerySet[Person]:
    """Return a guardian's children who are in the roster, by name."""
    children = Person.objects.filter(guarded_by__guardian=guardian, is_active=True)
    return children.order_by("given_name", "family_name", "id")


def days_of_children(children: Collection[str], on: Collection[date]) -> list[tuple[str, Meeting]]:
    """Return (child, meeting) for all meetings of these children on these dates, by start. One query per date."""
    found: list[tuple[str, Meeting]] = []
    for day in sorted(set(on)):
        rows = Enrollment.objects.filter(
            enrollment_in_force(day), person__in=children, role="student", section__is_active=True
        ).values_list("person_id", "section_id")
        sections: dict[str, set[str]] = {}
        for person, section in rows:
            sections.setdefault(section, set()).add(person)
        meetings = Meeting.objects.filter(section__in=list(sections), on=day).select_related("section__school__parent")
        found += [(person, meeting) for meeting in meetings for person in sorted(sections[meeting.section_id])]
    return sorted(found, key=lambda pair: (pair[0], pair[1].starts_at, pair[1].id))


def entries_of(pairs: Collection[tuple[str, Meeting]]) -> dict[tuple[str, str], RegisterEntry]:
    """Return the entries of (person, meeting) pairs, by person and meeting id. One query."""
    meetings = {meeting.id: meeting for _, meeting in pairs}
    rows = RegisterEntry.objects.filter(meeting__in=list(meetings), person__in={person for person, _ in pairs})
    rows = rows.select_related("amnesty")
    return {(row.person_id, row.meeting_id): settle(row, meetings[row.meeting_id]) for row in rows}


def lines_of_day(school: Org, on: date) -> Iterator[tuple[Meeting, Line]]:
    """
    Yield the whole register of a school's day, by time, section and family name.

    Section by section, so a school of any size takes little memory; 3 queries and one per section.
    """
    meetings = Meeting.objects.filter(section__school=school, on=on).select_related("section")
    students: dict[str, list[Person]] = {}
    for meeting in meetings.order_by("starts_at", "section__title", "id"):
        if meeting.section_id not in students:
            students[meeting.section_id] = students_of(meeting.section, on)
        found = RegisterEntry.objects.filter(meeting=meeting).select_related("amnesty")
        entries = {entry.person_id: settle(entry, meeting) for entry in found}
        for student in students[meeting.section_id]:
            yield meeting, Line(student, entries.get(student.id))


def _expected(school: Org, on: date) -> dict[str, int]:
    rows = Enrollment.objects.filter(
        enrollment_in_force(on), section__school=school, role="student", person__is_active=True
    )
    return dict(rows.values_list("section_id").annotate(count=Count("person_id", distinct=True)))


def _teachers(school: Org, on: date) -> dict[str, list[Person]]:
    rows = Enrollment.objects.filter(
        enrollment_in_force(on), section__school=school, role__in=TEACHING, person__is_active=True
    ).select_related("person")
    found: dict[str, list[Person]] = {}
    for row in rows.order_by("-is_primary", "person__family_name", "id"):
        found.setdefault(row.section_id, []).append(row.person)
    return found


def _arrived(meetings: Collection[Meeting], people: Collection[str]) -> set[tuple[str, str]]:
    """Return (meeting, person) of who came; whether they left again is not asked."""
    rows = EvidenceEvent.objects.filter(
        meeting_id__in=[meeting.id for meeting in meetings], person_id__in=people, kind__in=ARRIVALS
    )
    return set(rows.values_list("meeting_id", "person_id").distinct())
