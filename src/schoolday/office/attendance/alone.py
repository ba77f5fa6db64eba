"""Classes without an adult right now, and those in which somebody called one, from what the doors handed on."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from schoolday.lib import clock
from schoolday.office.attendance.access import TEACHING
from schoolday.office.attendance.models import EvidenceEvent
from schoolday.office.people.models import Org, Person, RoleAssignment
from schoolday.office.people.queries import Role
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force
from schoolday.office.signin.duty import duty_of
from schoolday.office.timetable.models import Meeting

CALLED = "adult_called"
CALL_COUNTS_FOR = timedelta(minutes=10)
_EARLY = timedelta(minutes=10)  # one may join that long before the bell
_DEVICE_LETTERS = 8  # a live identity holds no more of a device's thumbprint
_STAFF = (Role.TEACHER, Role.AIDE, Role.ADMINISTRATOR)  # who may be the adult in a class of her school


@dataclass(frozen=True)
class AloneClass:
    """
    One running class. `alone_since` None: an adult is in it; `called_at` None: nobody called in the last ten minutes.

    `adults`: its teachers and aides, whom to call first.
    """

    meeting: Meeting
    section: Section
    students: int
    alone_since: datetime | None
    called_at: datetime | None
    adults: list[Person]


@dataclass
class _Place:
    """Who is in the live class of one meeting. Presence is by device: one that leaves does not take the other along."""

    students: set[str]
    adults: set[str]
    alone_since: datetime | None = None
    called_at: datetime | None = None


def alone_now(school: Org) -> list[AloneClass]:
    """
    Return the classes of a school with students and without an adult, longest first, then those with a call.

    From the bell on: before it students wait for their teacher, and that is no trouble. 5 queries, one when no class
    runs; as old as the last drain of the doors, some seconds.
    """
    now = clock.now()
    running = Meeting.objects.filter(section__school=school, starts_at__lte=now + _EARLY, ends_at__gt=now)
    meetings = {meeting.id: meeting for meeting in running.select_related("section")}
    if not meetings:
        return []
    events = _events(meetings)
    adults_of = _adults_of(meetings.values())
    adults = _adults_among({event.person_id for event in events}, school)
    adults |= {person.id for people in adults_of.values() for person in people}
    by_meeting: dict[str, list[EvidenceEvent]] = defaultdict(list)
    for event in events:
        by_meeting[event.meeting_id].append(event)
    found = []
    for meeting_id, theirs in by_meeting.items():
        meeting = meetings[meeting_id]
        place = _place(theirs, adults, meeting)
        is_alone = bool(place.students) and not place.adults and meeting.starts_at <= now
        called_at = place.called_at if place.called_at and now - place.called_at <= CALL_COUNTS_FOR else None
        if is_alone or called_at:
            found.append(
                AloneClass(
                    meeting=meeting,
                    section=meeting.section,
                    students=len(place.students),
                    alone_since=place.alone_since if is_alone else None,
                    called_at=called_at,
                    adults=adults_of.get(meeting.section_id, []),
                )
            )
    return sorted(found, key=lambda one: (one.alone_since is None, one.alone_since or now, one.section.title))


def on_duty(school: Org) -> list[Person]:
    """Return whom to call when no teacher of a class answers, in that order. 3 queries."""
    ids = duty_of([school.id])[school.id]
    people = Person.objects.in_bulk(ids)
    return [people[person_id] for person_id in ids if person_id in people]


def _events(meetings: Collection[str]) -> list[EvidenceEvent]:
    kinds = ("entered", "called_in", "left", CALLED)
    rows = EvidenceEvent.objects.filter(meeting_id__in=list(meetings), kind__in=kinds)
    # Within one second the coming counts after the going: who reconnects is in.
    return sorted(rows.defer("detail"), key=lambda event: (event.happened_at, event.kind != "left", str(event.id)))


def _place(events: list[EvidenceEvent], adults: set[str], meeting: Meeting) -> _Place:
    """Play the events in their order and return who is in the class after the last."""
    inside: set[tuple[str, str]] = set()
    place = _Place(set(), set())
    for event in events:
        device = (event.person_id, event.device[:_DEVICE_LETTERS])
        if event.kind == CALLED:
            place.called_at = event.happened_at
            continue
        (inside.add if event.kind in ("entered", "called_in") else inside.discard)(device)
        people = {person for person, _ in inside}
        place.adults, place.students = people & adults, people - adults
        if not place.students or place.adults:
            place.alone_since = None
        elif place.alone_since is None:
            place.alone_since = max(event.happened_at, meeting.starts_at)
    return place


def _adults_of(meetings: Collection[Meeting]) -> dict[str, list[Person]]:
    days = {meeting.on for meeting in meetings}
    found: dict[str, list[Person]] = defaultdict(list)
    rows = Enrollment.objects.filter(
        enrollment_in_force(max(days)),
        section__in={meeting.section_id for meeting in meetings},
        role__in=TEACHING,
        person__is_active=True,
    ).select_related("person")
    for row in rows.order_by("-is_primary", "person__family_name", "id"):
        if row.person not in found[row.section_id]:
            found[row.section_id].append(row.person)
    return found


def _adults_among(people: set[str], school: Org) -> set[str]:
    rows = RoleAssignment.objects.filter(person__in=people, role__in=_STAFF, org=school)
    operators = RoleAssignment.objects.filter(person__in=people, role=Role.OPERATOR)
    return set((rows | operators).values_list("person_id", flat=True))
