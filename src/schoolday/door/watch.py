"""Watching over: which classes have no adult, for those who may look in; and the call of those who are in one."""

import msgspec

from schoolday.contracts.evidence import Evidence, Receipt
from schoolday.contracts.joining import AdultCall, Watch
from schoolday.door import rights, sessions
from schoolday.door.cell import Cell
from schoolday.door.errors import NotYourClass, UnknownMeeting
from schoolday.door.event_ids import check_event_id, sane_ms
from schoolday.lib import clock
from schoolday.live import seats

call_decoder = msgspec.json.Decoder(AdultCall)


def watch(cell: Cell, *, authorization: str | None) -> Watch:
    """
    Return the classes without an adult that the asker looks after: first those that call, then the longest alone.

    :raises SessionOver, Revoked: of the session
    :raises NotYourClass: if she looks after none: a student, a guardian, an operator without duty
    """
    now_ms = clock.now_ms()
    session = sessions.open_session(cell, authorization, now=now_ms // 1000)
    plan = cell.plan
    sections = frozenset(rights.own_sections(plan, session))
    schools = frozenset(rights.duty_schools(plan, session))
    if not sections and not schools:
        raise NotYourClass
    alone = [
        one
        for one in cell.presence.alone(plan, now=now_ms // 1000).values()
        if (one.section in sections or one.org in schools) and (session.sub, one.section) not in plan.removed
    ]
    alone.sort(key=lambda one: (one.called_at or now_ms, one.since))
    return Watch(door=cell.door, server_at=now_ms, alone=tuple(alone))


async def call(cell: Cell, request: AdultCall, *, authorization: str | None) -> Receipt:
    """
    Take the call of someone in a class for an adult. It shows in /watch at once, and is kept before the receipt.

    Refused as `called_already`: another call of the same person, or of many, within the minute; it shows already.

    :raises NotYourClass, UnknownMeeting: if she is not of the class, or it is not open now
    :raises Busy: if the disk does not take it; the call shows all the same
    """
    now_ms = clock.now_ms()
    now = now_ms // 1000
    check_event_id(request.event)
    session = sessions.open_session(cell, authorization, now=now)
    plan = cell.plan
    rights.role_in(plan, session, request.section)
    sitting = plan.find(request.section, request.meeting)
    if sitting is None or not sitting.starts_at - plan.index.join_opens_seconds <= now < sitting.ends_at:
        raise UnknownMeeting
    identity = seats.identity(session.sub, session.device)
    if not cell.presence.call(plan, sitting, live_identity=identity, event=request.event, now=now):
        return Receipt(kept=(), confirmed=False, refused={request.event: "called_already"})
    sent_at = sane_ms(request.sent_at)
    event = Evidence(
        id=request.event,
        kind="adult_called",
        sub=session.sub,
        meeting=request.meeting,
        device_at=sent_at,
        sent_at=sent_at,
        received_at=now_ms,
        source=cell.source,
        device=session.device,
    )
    await cell.spool.keep((event,))
    return Receipt(kept=(request.event,), confirmed=False)
