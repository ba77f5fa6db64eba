"""A small school day for the tests: one meeting of each of the cast's sections, and evidence in it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolday.contracts.evidence import Evidence, EvidenceKind
from schoolday.lib import ids
from schoolday.office.attendance.actions import take_evidence
from schoolday.office.attendance.models import RegisterEntry
from schoolday.office.attendance.times import to_ms
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.timetable.models import Meeting

ON = date(2026, 9, 1)
BELL = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)  # 8:00 in New York
END = BELL + timedelta(minutes=50)
DURING = BELL + timedelta(minutes=20)
AFTER = END + timedelta(minutes=1)


def meet(section: Section, *, id_: str | None = None, bell: datetime = BELL, on: date = ON) -> Meeting:
    return Meeting.objects.create(
        id=id_ or ids.new_id(),
        section=section,
        on=on,
        period="1",
        starts_at=bell,
        ends_at=bell + timedelta(minutes=50),
    )


def event(
    kind: EvidenceKind, person: Person, meeting: Meeting | None, after: float = 0, /, *, by: str = "", **detail: str
) -> Evidence:
    """Return an event `after` minutes after the bell, as a door hands it on."""
    return Evidence(
        id=ids.new_event_id(),
        kind=kind,
        sub=person.id,
        meeting=meeting.id if meeting else "",
        received_at=to_ms(BELL) + round(after * 60_000),
        source="door:d1",
        device="k" * 43,
        by=by,
        detail=detail,
    )


def took(*events: Evidence) -> None:
    taken = take_evidence(events, trusted_source="door:d1")
    assert taken.refused == {}


def entry_of(meeting: Meeting, person: Person) -> RegisterEntry:
    return RegisterEntry.objects.get(meeting=meeting, person=person)


def queries_of(call: Callable[[], object]) -> int:
    """Return how many queries a call makes."""
    with CaptureQueriesContext(connection) as found:
        call()
    return len(found)
