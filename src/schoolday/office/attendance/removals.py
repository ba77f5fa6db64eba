"""
Taken out of a meeting by its grown-up, as the doors tell it: the plan says it to every door, and the class moves on.

The door that was asked denies her at once. From here every other door does with the next plan, and the meeting has
another turn, so that the token and the spare ticket she holds lead to a place where nobody is.
"""

from collections.abc import Sequence

from django.db import transaction

from schoolday.contracts.evidence import Evidence
from schoolday.lib import clock
from schoolday.office.attendance.models import EvidenceEvent
from schoolday.office.pathways.models import Denial
from schoolday.office.people import audit
from schoolday.office.people.models import Person
from schoolday.office.signin import turns
from schoolday.office.timetable.models import Meeting

KINDS = frozenset({"removed", "let_back"})
_DOOR = "door:"


def heed(events: Sequence[Evidence]) -> None:
    """
    Bring the deny list up to these events, in the caller's transaction. Of two words on one student the later holds.

    Only a door's word counts: it has checked that a grown-up of the class said so. No query for a page without one.
    """
    pairs = {(one.meeting, one.sub) for one in events if one.kind in KINDS and one.source.startswith(_DOOR)}
    for meeting_id, person_id in sorted(pairs):
        meeting = Meeting.objects.filter(id=meeting_id).first()
        if meeting is not None and Person.objects.filter(id=person_id).exists():
            _settle(meeting, person_id)


@transaction.atomic
def _settle(meeting: Meeting, person_id: str) -> None:
    # Two that drain two doors settle one after the other; the later sees what the earlier wrote.
    turns.lock_section(meeting.section_id)
    said = EvidenceEvent.objects.filter(
        meeting_id=meeting.id, person_id=person_id, kind__in=KINDS, source__startswith=_DOOR
    )
    last: EvidenceEvent | None = None
    for one in said.order_by("received_at", "id"):
        if last is None or _is_later(one, last):
            last = one
    held = Denial.objects.filter(person=person_id, meeting=meeting.id)
    if last is None or (last.kind == "removed") == held.exists():
        return
    if last.kind == "removed":
        Denial.objects.create(
            person_id=person_id,
            meeting=meeting.id,
            reason="taken out of this meeting",
            made_at=clock.now(),
            until=meeting.ends_at,
        )
        turns.move_section(meeting.section_id)
    else:
        held.delete()
    by = Person.objects.filter(id=last.by_id).first()
    audit.record(by, f"class.{last.kind}", "meeting", meeting.id, student=person_id)


def _is_later(one: EvidenceEvent, other: EvidenceEvent) -> bool:
    """As doors weigh them: of one device's words by the ids it made, of two devices' by our clock."""
    if (one.by_id, one.device) == (other.by_id, other.device):
        return str(one.id) > str(other.id)
    return (one.happened_at, str(one.id)) > (other.happened_at, str(other.id))
