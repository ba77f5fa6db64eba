"""
Taken out of one meeting by a grown-up of the class, until its end, or until a grown-up lets her in again.

A device tells every door it knows the same event. Each door keeps it in its own spool before it answers, and reads it
there again at its start, so that neither a restart nor another door is a way back.
"""

import msgspec

from schoolday.contracts.evidence import Evidence, Receipt
from schoolday.contracts.joining import RemoveRequest
from schoolday.door import rights, sessions
from schoolday.door.archive import Archive
from schoolday.door.cell import Cell
from schoolday.door.errors import NotYourClass, Removed, UnknownMeeting
from schoolday.door.event_ids import check_event_id, sane_ms
from schoolday.door.removals import Removals
from schoolday.lib import clock
from schoolday.live.seats import ADULTS

decoder = msgspec.json.Decoder(RemoveRequest)
_event_decoder = msgspec.json.Decoder(Evidence)
_LOOKS_BACK_MS = 24 * 3600 * 1000  # longer than any meeting


async def remove(cell: Cell, request: RemoveRequest, *, authorization: str | None) -> Receipt:
    """
    Take a student out of a meeting, or let her back in. One commit; asked twice with the same event it is one word.

    It holds from before the commit on: a full disk keeps nobody in who was taken out.

    :raises SessionOver, Revoked: of the session
    :raises NotYourClass: if the asker is no grown-up of the class, or `sub` no student of it
    :raises UnknownMeeting: if it is not open now
    :raises Busy: if the disk does not take it
    """
    now_ms = clock.now_ms()
    now = now_ms // 1000
    check_event_id(request.event)
    session = sessions.open_session(cell, authorization, now=now)
    plan = cell.plan
    if rights.role_in(plan, session, request.section) not in ADULTS:
        raise NotYourClass
    sitting = plan.find(request.section, request.meeting)
    if sitting is None or not sitting.starts_at - plan.index.join_opens_seconds <= now < sitting.ends_at:
        raise UnknownMeeting
    if not plan.number_in(request.section, request.sub):
        raise NotYourClass
    sent_at = sane_ms(request.sent_at)
    event = Evidence(
        id=request.event,
        kind="let_back" if request.back else "removed",
        sub=request.sub,
        meeting=request.meeting,
        device_at=min(_made_at_ms(request.event) or sent_at, sent_at),
        sent_at=sent_at,
        received_at=now_ms,
        source=cell.source,
        device=session.device,
        by=session.sub,
    )
    cell.removals.hear(event)
    await cell.spool.keep((event,))
    return Receipt(kept=(request.event,), confirmed=False)


def check_not_removed(cell: Cell, *, sub: str, meeting: str) -> None:
    """
    Her own door's word is the newest; a door that heard none goes by the plan. 100 nanoseconds.

    :raises Removed: if a grown-up took her out of this meeting
    """
    word = cell.removals.word(sub=sub, meeting=meeting)
    if word or (word is None and (sub, meeting) in cell.plan.out):
        raise Removed


def read_again(archive: Archive) -> Removals:
    """Return what this door's spools tell of the last day, before it lets anybody in. A second for a million events."""
    removals = Removals()
    for body in archive.bodies(("removed", "let_back"), since_ms=clock.now_ms() - _LOOKS_BACK_MS):
        removals.hear(_event_decoder.decode(body))
    return removals


def _made_at_ms(event: str) -> int:
    """Return when a UUIDv7 was made, in ms by its device's clock; 0 when it is none."""
    letters = event.replace("-", "")
    return int(letters[:12], 16) if letters[12] == "7" else 0
