"""
Joining: the one thing that must work at the bell.

What is cheap comes first, so that forged passes are cheap to drop: tag, nonce (2 microseconds each), signature
and proof (100 each), then the plan. The arrival is on the disk before the answer says that it is kept.
"""

import msgspec

from schoolday.contracts import passes, proofs
from schoolday.contracts.day_session import DaySession
from schoolday.contracts.evidence import Evidence
from schoolday.contracts.joining import FirstContact, JoinAnswer, JoinRequest
from schoolday.contracts.passes import Pass
from schoolday.door import rights, sessions
from schoolday.door.cell import Cell
from schoolday.door.errors import BadPass, BadProof, PassOver, UnknownMeeting
from schoolday.door.event_ids import check_event_id, sane_ms
from schoolday.door.plan import Plan
from schoolday.door.remove import check_not_removed
from schoolday.door.tickets import make_ticket
from schoolday.lib import clock
from schoolday.lib.signing import BadSignature

decoder = msgspec.json.Decoder(JoinRequest)
# An operator by duty, a guardian where her pass names her an observer: rights.py.
MAY_JOIN = frozenset({"student", "teacher", "operator", "guardian"})
_PASS_AT_MOST_LETTERS = 8_000
_CLOCK_SECONDS = 60  # the office's clock may be that far ahead


async def join(cell: Cell, request: JoinRequest, *, authorization: str | None) -> JoinAnswer:
    """
    Let one person into one meeting. 400 microseconds at the first contact of a day, 60 after that, and one commit.

    :raises SchooldayError: as docs/develop/api.md lists them
    """
    now_ms = clock.now_ms()
    now = now_ms // 1000
    plan = cell.plan
    check_event_id(request.event)
    if request.first is None:
        session, sealed = sessions.open_session(cell, authorization, now=now), None
    else:
        session = first_contact(cell, plan, request.first, now=now)
        sealed = sessions.seal(cell, session, now=now)
    check_not_removed(cell, sub=session.sub, meeting=request.meeting)
    role = rights.role_in(plan, session, request.section)
    sitting = plan.find(request.section, request.meeting)
    if sitting is None:
        raise UnknownMeeting
    ticket = make_ticket(cell, plan, sitting, session, role=role, now=now)
    if ticket.state in ("live", "alternate"):
        await cell.spool.keep((arrival(cell, request, session, now_ms=now_ms),))
        if session.kind == "student":
            cell.bell.arrived(session.sub, sitting, at=now)
    return JoinAnswer(ticket=ticket, server_at=now_ms, session=sealed)


def first_contact(cell: Cell, plan: Plan, first: FirstContact, *, now: int) -> DaySession:
    """
    Return the session that a pass and a proof open.

    :raises BadPass, NonceOld, PassOver, Revoked, BadProof: in this order of checking
    """
    value = open_pass(cell, plan, first, now=now)
    if proofs.thumbprint(first.key) != value.cnf:
        raise BadProof
    cell.check_proof(key=first.key, proof=first.proof, nonce=first.nonce, token=first.token, now=now)
    return sessions.session_of_pass(cell, plan, value, now=now)


def open_pass(cell: Cell, plan: Plan, first: FirstContact, *, now: int) -> Pass:
    """Return the pass, if it is ours, of a kind that may join, in its time and not denied."""
    day = first.tag.partition(".")[0]
    if len(first.token) > _PASS_AT_MOST_LETTERS or len(day) != 8:
        raise BadPass
    if not passes.tag_fits(first.token, first.tag, key_of_day=cell.tag_key(day)):
        raise BadPass
    cell.check_nonce(first.nonce, now=now)
    try:
        value = passes.open_pass(first.token, plan.verifier(now=now), kinds=MAY_JOIN)
    except BadSignature as error:
        raise BadPass from error
    if value.iss != cell.district or (value.kind == "guardian" and not value.places):
        raise BadPass
    if not value.nbf - _CLOCK_SECONDS <= now < max(value.exp, value.grace):
        raise PassOver
    sessions.check_not_denied(plan, sub=value.sub, epoch=value.epoch, jti=value.jti)
    return value


def arrival(cell: Cell, request: JoinRequest, session: DaySession, *, now_ms: int) -> Evidence:
    sent_at = sane_ms(request.sent_at)
    device_at = min(sane_ms(request.device_at), sent_at)
    return Evidence(
        id=request.event,
        kind="arrived",
        sub=session.sub,
        meeting=request.meeting,
        device_at=device_at or sent_at,
        sent_at=sent_at,
        received_at=now_ms,
        source=cell.source,
        device=session.device,
        # She came by a spare ticket before a door answered: that it was earlier, her device says and not this door.
        detail={"told_by": "device"} if device_at else {},
    )
