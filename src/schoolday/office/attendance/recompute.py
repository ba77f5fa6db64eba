"""The register from the evidence, for some (meeting, student) pairs."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from schoolday.lib import clock
from schoolday.office.attendance.amnesties import CHARGES, cover
from schoolday.office.attendance.models import Amnesty, EvidenceEvent, RegisterEntry
from schoolday.office.attendance.rules import RELEVANT, Sign, Thresholds, judge
from schoolday.office.attendance.times import from_ms, to_ms
from schoolday.office.people.models import Org
from schoolday.office.people.queries import tardy_after_minutes
from schoolday.office.rosters.models import Enrollment
from schoolday.office.rosters.queries import enrollment_in_force
from schoolday.office.timetable.models import Meeting

Pair = tuple[str, str]  # meeting, person
MARK: Final = "teacher_mark"
COUNTS = RELEVANT | {MARK}
_ROWS_AT_ONCE = 1_000
# A live server closes the old line of a device that came back, after the new one is open: nobody left.
_STILL_HERE_REASONS = frozenset({"duplicate_identity"})
_COMPUTED = [
    field.name for field in RegisterEntry._meta.concrete_fields if field.name not in ("id", "meeting", "person")
]


@transaction.atomic
def recompute(pairs: Collection[Pair]) -> int:
    """
    Write the register of these pairs from all their evidence; return how many entries were written.

    Pairs of unknown meetings, and of people who are not students of the section that day, are left out. Locks the
    meetings first, so of two that compute the same pair the later one has seen the evidence of both. 5 queries and
    one more per 1,000 pairs.
    """
    if not pairs:
        return 0
    wanted = {meeting for meeting, _ in pairs}
    # In the order of ids, so two who lock never wait for each other; entries may still point to these rows.
    locked = Meeting.objects.select_for_update(of=("self",), no_key=True).filter(id__in=wanted).order_by("id")
    meetings = {meeting.id: meeting for meeting in locked.select_related("section__school")}
    enrolled = _enrolled(meetings, {person for _, person in pairs})
    ours = sorted(pair for pair in set(pairs) if pair in enrolled)
    evidence = _evidence_of(ours)
    now = clock.now()
    covered = cover(meetings.values())
    entries = [_entry(meetings[meeting], person, evidence[meeting, person], now) for meeting, person in ours]
    for entry in entries:
        entry.amnesty = _amnesty(entry, covered)
    RegisterEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["meeting", "person"],
        update_fields=_COMPUTED,
        batch_size=_ROWS_AT_ONCE,
    )
    return len(entries)


def thresholds_of(school: Org) -> Thresholds:
    """Return the school's own threshold, else the district's."""
    return Thresholds(
        tardy_after=tardy_after_minutes(school),
        left_early=settings.SCHOOLDAY["LEFT_EARLY_MINUTES"],
    )


def _enrolled(meetings: Mapping[str, Meeting], people: Collection[str]) -> set[Pair]:
    """Return the pairs in which the person is a student of the meeting's section on its day; one query per day."""
    by_day: defaultdict[date, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for meeting in meetings.values():
        by_day[meeting.on][meeting.section_id].append(meeting.id)
    found: set[Pair] = set()
    for on, sections in by_day.items():
        rows = Enrollment.objects.filter(
            enrollment_in_force(on), section__in=list(sections), person__in=people, role="student"
        )
        for section, person in rows.values_list("section_id", "person_id"):
            found.update((meeting, person) for meeting in sections[section])
    return found


def _evidence_of(pairs: Collection[Pair]) -> Mapping[Pair, list[EvidenceEvent]]:
    wanted = set(pairs)
    found: dict[Pair, list[EvidenceEvent]] = {pair: [] for pair in pairs}
    rows = EvidenceEvent.objects.filter(
        meeting_id__in={meeting for meeting, _ in pairs},
        person_id__in={person for _, person in pairs},
        kind__in=COUNTS,
    )
    for event in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        pair = (event.meeting_id, event.person_id)
        if pair in wanted:
            found[pair].append(event)
    return found


def _entry(meeting: Meeting, person_id: str, events: list[EvidenceEvent], now: datetime) -> RegisterEntry:
    verdict = judge(
        starts_at=to_ms(meeting.starts_at),
        ends_at=to_ms(meeting.ends_at),
        is_over=meeting.ends_at <= now,
        signs=[
            Sign(e.kind, to_ms(e.happened_at), e.device, str(e.detail.get("stay", ""))) for e in events if _is_sign(e)
        ],
        thresholds=thresholds_of(meeting.section.school),
    )
    entry = RegisterEntry(
        meeting_id=meeting.id,
        person_id=person_id,
        status=verdict.status,
        arrived_at=None if verdict.arrived_at is None else from_ms(verdict.arrived_at),
        left_at=None if verdict.left_at is None else from_ms(verdict.left_at),
        minutes_tardy=verdict.minutes_tardy,
        minutes_present=verdict.minutes_present,
        left_early=verdict.left_early,
        computed_at=now,
    )
    marks = [event for event in events if event.kind == MARK]
    if marks:
        _put_mark(entry, max(marks, key=lambda e: (e.happened_at, e.id)))
    return entry


def _amnesty(entry: RegisterEntry, covered: Mapping[str, Amnesty]) -> Amnesty | None:
    return covered.get(entry.meeting_id) if entry.shown_status in CHARGES else None


def _is_sign(event: EvidenceEvent) -> bool:
    if event.kind == "left" and event.detail.get("reason", "").lower() in _STILL_HERE_REASONS:
        return False
    return event.kind in RELEVANT


def _put_mark(entry: RegisterEntry, mark: EvidenceEvent) -> None:
    """Put the teacher's word on an entry; an empty status withdraws what was marked before."""
    status = mark.detail.get("status", "")
    minutes = mark.detail.get("minutes", "")
    entry.mark = status
    entry.mark_minutes_tardy = int(minutes) if minutes and status == RegisterEntry.Status.TARDY else None
    entry.marked_by_id = mark.by_id
    entry.marked_at = mark.happened_at
