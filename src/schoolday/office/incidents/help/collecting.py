"""Help requests from the evidence that doors and the office have kept. The worker runs it every two seconds."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

from django.db.models import Exists, OuterRef

from schoolday.lib import clock
from schoolday.office.attendance.models import EvidenceEvent
from schoolday.office.incidents.help.causes import cause_of
from schoolday.office.incidents.models import HelpRequest
from schoolday.office.people.models import Org, Person, RoleAssignment
from schoolday.office.timetable.models import Meeting

EVERY_SECONDS = 2.0
LOOK_BACK = timedelta(days=1)  # a door that was cut off brings yesterday's; who asked longer ago is not waiting
FAILED_LATELY = timedelta(minutes=15)
_AT_ONCE = 1_000
_TRIED_EACH = 5


def collect() -> int:
    """
    Make a request of each cry for help that has none; return how many. Asked twice, it makes them once.

    One query when nobody asked; else 5 per 1,000.
    """
    known = HelpRequest.objects.filter(event_id=OuterRef("id"))
    found = EvidenceEvent.objects.filter(~Exists(known), kind="help_asked", received_at__gte=clock.now() - LOOK_BACK)
    events = list(found.order_by("received_at")[:_AT_ONCE])
    if not events:
        return 0
    people = Person.objects.in_bulk({event.person_id for event in events})
    asked_in = {event.meeting_id for event in events if event.meeting_id}
    meetings = {one.id: one for one in Meeting.objects.filter(id__in=asked_in).select_related("section")}
    schools = _schools_of(people)
    tried = _tried(events)
    rows = []
    for event in events:
        if event.person_id not in people:
            continue  # evidence of nobody we know stays evidence; nobody can be called
        meeting = meetings.get(event.meeting_id)
        lately = [
            one.detail
            for one in tried[event.person_id]
            if event.happened_at - FAILED_LATELY <= one.happened_at <= event.happened_at + FAILED_LATELY
        ]
        rows.append(
            HelpRequest(
                event_id=event.id,
                person_id=event.person_id,
                school_id=meeting.section.school_id if meeting else schools.get(event.person_id),
                section_id=meeting.section_id if meeting else None,
                meeting_id=event.meeting_id,
                cause=cause_of(event.detail, lately[:_TRIED_EACH]),
                detail=event.detail,
                asked_at=event.happened_at,
            )
        )
    HelpRequest.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _tried(events: Collection[EvidenceEvent]) -> dict[str, list[EvidenceEvent]]:
    """Return the failures of these people around these events, the newest first."""
    first = min(event.happened_at for event in events) - FAILED_LATELY
    rows = EvidenceEvent.objects.filter(
        kind="tried", person_id__in={event.person_id for event in events}, happened_at__gte=first
    )
    found: dict[str, list[EvidenceEvent]] = defaultdict(list)
    for row in rows.order_by("-happened_at"):
        found[row.person_id].append(row)
    return found


def _schools_of(people: Collection[str]) -> dict[str, str]:
    """Return one school of each person: her primary role's, else any."""
    rows = RoleAssignment.objects.filter(person__in=people, org__kind=Org.Kind.SCHOOL)
    return dict(rows.order_by("is_primary", "-id").values_list("person_id", "org_id"))
