"""Evidence that devices bring: kept as it comes, once, and believed only in what its sender may say."""

import msgspec

from schoolday.contracts.day_session import DaySession
from schoolday.contracts.evidence import (
    DETAIL_AT_MOST_BYTES,
    PART_WORDS,
    UPLOAD_AT_MOST_EVENTS,
    Evidence,
    Receipt,
    Upload,
    help_detail,
)
from schoolday.door import sessions
from schoolday.door.cell import Cell
from schoolday.door.event_ids import is_event_id, sane_ms
from schoolday.door.plan import Plan
from schoolday.door.rights import STAFF, own_sections, sections_entered
from schoolday.lib import clock
from schoolday.lib.errors import BadRequest

decoder = msgspec.json.Decoder(Upload)
# `arrived` is among them: a door may have burned after it said "kept", and the device brings the arrival again.
OWN_KINDS = frozenset(
    {"arrived", "tried", "entered", "left", "handed_in", "alternate_opened", "adult_called", "help_asked"}
    | {"took_part"}
)
MARKS = frozenset({"", "present", "tardy", "absent", "excused"})  # empty: the mark is withdrawn
_ID_AT_MOST_LETTERS = 12
_REFUSED_ID_AT_MOST_LETTERS = 64


async def take_upload(cell: Cell, upload: Upload, *, authorization: str | None) -> Receipt:
    """
    Keep what may be kept, on the disk, and say of each event which it was. Also in grace: evidence is always taken.

    :raises SessionOver, Revoked: of the session
    :raises Busy: if the disk does not take them
    """
    now_ms = clock.now_ms()
    session = sessions.open_session(cell, authorization, now=now_ms // 1000)
    if len(upload.events) > UPLOAD_AT_MOST_EVENTS:
        raise BadRequest(f"More than {UPLOAD_AT_MOST_EVENTS} events at once.")
    plan = cell.plan
    kept: list[Evidence] = []
    refused: dict[str, str] = {}
    for event in upload.events:
        why = reason_against(plan, event, session)
        if why:
            refused[event.id[:_REFUSED_ID_AT_MOST_LETTERS]] = why
        else:
            kept.append(as_received(cell, event, session, sent_at=upload.sent_at, now_ms=now_ms))
    if kept:
        await cell.spool.keep(kept)
        cell.bell.heard(plan, kept, session)
    return Receipt(kept=tuple(event.id for event in kept), confirmed=False, refused=refused)


def reason_against(plan: Plan, event: Evidence, session: DaySession) -> str:
    """Return why this event can never be taken from this sender, or an empty string."""
    if not is_event_id(event.id):
        return "bad_id"
    if len(event.meeting) > _ID_AT_MOST_LETTERS or len(msgspec.json.encode(event.detail)) > DETAIL_AT_MOST_BYTES:
        return "too_large"
    if event.kind == "teacher_mark":
        return _reason_against_mark(plan, event, session)
    if event.kind not in OWN_KINDS:
        return "not_at_a_door"
    if event.sub != session.sub:
        return "not_yours"
    if event.kind == "took_part" and not (event.meeting and event.detail.get("what") in PART_WORDS):
        return "bad_part"
    if event.meeting and _is_of_another_section(plan, event.meeting, session):
        return "not_your_class"
    return ""


def as_received(cell: Cell, event: Evidence, session: DaySession, *, sent_at: int, now_ms: int) -> Evidence:
    """Return the event with what a device may not say itself: who received it when, from which device, who said it."""
    return Evidence(
        id=event.id,
        kind=event.kind,
        sub=event.sub,
        meeting=event.meeting,
        device_at=sane_ms(event.device_at),
        sent_at=sane_ms(sent_at),
        received_at=now_ms,
        source=cell.source,
        device=session.device,
        by=session.sub if event.kind == "teacher_mark" else "",
        detail=_detail(event),
    )


def _detail(event: Evidence) -> dict[str, str]:
    if event.kind == "arrived":
        # An arrival that this door saw itself has no such word; the register may weigh the two differently.
        return {**event.detail, "told_by": "device"}
    if event.kind == "took_part":
        return {"what": event.detail["what"]}
    return help_detail(event.detail) if event.kind == "help_asked" else event.detail


def _reason_against_mark(plan: Plan, event: Evidence, session: DaySession) -> str:
    if session.kind not in STAFF:
        return "not_a_teacher"
    section = plan.section_of(event.meeting, own_sections(plan, session))
    if section is None or plan.student_in(section, event.sub) is None:
        return "not_your_class"
    if event.detail.get("status") not in MARKS:
        return "bad_mark"
    return ""


def _is_of_another_section(plan: Plan, meeting: str, session: DaySession) -> bool:
    """Say whether her school's plan has the meeting for others; of another day's meetings it knows nothing."""
    if plan.section_of(meeting, sections_entered(session)) is not None or not plan.has_meeting(
        meeting, org=session.org
    ):
        return False
    return session.kind not in STAFF or not plan.on_duty(session.sub, org=session.org)
