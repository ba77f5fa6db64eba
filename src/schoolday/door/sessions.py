"""Day sessions at a door: made after a first contact, a badge or a code; opened at every request after that."""

from typing import Literal

from schoolday.contracts import day_session
from schoolday.contracts.day_session import DaySession
from schoolday.contracts.joining import DoorSession
from schoolday.contracts.passes import Pass
from schoolday.door.cell import Cell, today
from schoolday.door.errors import Revoked, SessionOver
from schoolday.door.people_columns import Student
from schoolday.door.plan import Plan
from schoolday.lib import clock, ids
from schoolday.lib.signing import BadSignature

_SCHEME = "Day "
_BADGE_JTI = "badge."
_AT_MOST_LETTERS = 8_000


def open_session(cell: Cell, authorization: str | None, *, now: int) -> DaySession:
    """
    Return the session of a request, if nothing has ended it since it was made. About 10 microseconds.

    :raises SessionOver: if there is none, or it is forged or over
    :raises Revoked: if the plan in force denies it
    """
    if authorization is None or not authorization.startswith(_SCHEME) or len(authorization) > _AT_MOST_LETTERS:
        raise SessionOver
    text = authorization[len(_SCHEME) :]
    try:
        session = day_session.open_session(text, key=cell.session_key(day_session.session_day(text)), now=now)
    except BadSignature as error:
        raise SessionOver from error
    check_not_denied(cell.plan, sub=session.sub, epoch=session.epoch, jti=session.jti)
    if session.how != "pass":
        _check_badge_in_force(cell.plan, session)
    return session


def check_not_denied(plan: Plan, *, sub: str, epoch: int, jti: str) -> None:
    """
    :raises Revoked: if the deny list names the person or the pass
    """
    deny = plan.index.deny
    if epoch < deny.epochs.get(sub, 0) or jti in plan.jtis:
        raise Revoked


def _check_badge_in_force(plan: Plan, session: DaySession) -> None:
    """What a badge or a code opened lives no longer than the badge: until the plan no longer lists it for her."""
    student = plan.badges.find(ids.to_int(session.jti.removeprefix(_BADGE_JTI)))
    if student is None or student.sub != session.sub:
        raise Revoked


def session_of_pass(cell: Cell, plan: Plan, value: Pass, *, now: int) -> DaySession:
    """Return the session that a first contact opens: until the end of the day at her school."""
    return DaySession(
        sub=value.sub,
        kind=value.kind,
        org=value.org,
        cohort=value.cohort,
        sections=value.sections,
        exp=min(plan.day_ends_at(value.org, now=now, time_zone=cell.time_zone), max(value.exp, value.grace)),
        device=value.cnf,
        jti=value.jti,
        epoch=value.epoch,
        grace=now >= value.exp,
        places=value.places,
    )


def session_of_student(
    cell: Cell, plan: Plan, student: Student, *, device: str, how: Literal["badge", "let_in"], now: int
) -> DaySession:
    """Return the session that a badge or a teacher's code opens: her own classes, until the end of the day."""
    sections = tuple(section for section in student.sections if (student.sub, section) not in plan.removed)
    return DaySession(
        sub=student.sub,
        kind="student",
        org=student.org,
        cohort=plan.cohort_of(sections),
        sections=sections,
        exp=plan.day_ends_at(student.org, now=now, time_zone=cell.time_zone),
        device=device,
        jti=_BADGE_JTI + ids.from_int(student.badge, 8),
        epoch=plan.index.deny.epochs.get(student.sub, 0),
        how=how,
    )


def seal(cell: Cell, session: DaySession, *, now: int) -> str:
    day = today(now)
    return day_session.seal_session(session, key=cell.session_key(day), day=day)


def answer_of(cell: Cell, session: DaySession, *, now: int) -> DoorSession:
    """Return what a device gets for a badge or a code: the session, and what its card of today is made from."""
    return DoorSession(
        session=seal(cell, session, now=now),
        sub=session.sub,
        org=session.org,
        sections=session.sections,
        expires_at=session.exp,
        server_at=clock.now_ms(),
    )
