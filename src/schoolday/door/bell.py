"""GET /bell: what this door knows of the bell, for operators (the whole district) and those on duty (their schools)."""

from collections.abc import Collection

import msgspec

from schoolday.contracts.day_session import DaySession
from schoolday.contracts.joining import Bell, FirstContact
from schoolday.door import join, rights, sessions
from schoolday.door.cell import Cell
from schoolday.door.errors import NotYourClass
from schoolday.door.plan import Plan
from schoolday.lib import clock

_OPERATOR = "operator"


class SessionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /session`: a pass and its proof, for who wants a day session and no class."""

    first: FirstContact


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`server_at`: ms."""

    session: str
    server_at: int


session_decoder = msgspec.json.Decoder(SessionRequest)


def open_day(cell: Cell, request: SessionRequest) -> SessionAnswer:
    """
    Open a day session with a pass, without entering a class. 400 microseconds; nothing is kept.

    :raises BadPass, NonceOld, PassOver, Revoked, BadProof: as of a join
    """
    now_ms = clock.now_ms()
    session = join.first_contact(cell, cell.plan, request.first, now=now_ms // 1000)
    return SessionAnswer(session=sessions.seal(cell, session, now=now_ms // 1000), server_at=now_ms)


def bell(cell: Cell, *, authorization: str | None, spool_pending: int) -> Bell:
    """
    Return the bell as the asker may see it. 3 milliseconds for a district, once a second; else microseconds.

    :raises SessionOver, Revoked: of the session
    :raises NotYourClass: if she neither runs the district's systems nor has duty
    """
    now_ms = clock.now_ms()
    session = sessions.open_session(cell, authorization, now=now_ms // 1000)
    plan = cell.plan
    orgs = _schools_seen(plan, session)
    alone = cell.presence.alone(plan, now=now_ms // 1000).values()
    joined, failed, p99_ms, down = cell.bell.minute.read()
    return Bell(
        door=cell.door,
        server_at=now_ms,
        plan_version=plan.index.version,
        since=cell.bell.since,
        groups=cell.bell.groups(orgs),
        arrivals=cell.bell.arrivals(orgs),
        failures=cell.bell.failures(),
        in_class=cell.presence.people if orgs is None else cell.presence.people_at(orgs),
        without_teacher=len(alone) if orgs is None else sum(one.org in orgs for one in alone),
        joins_in_minute=joined,
        failed_in_minute=failed,
        p99_ms=p99_ms,
        down=down,
        spool_pending=spool_pending,
    )


def _schools_seen(plan: Plan, session: DaySession) -> Collection[str] | None:
    """
    Return the schools whose bell she sees; None: all.

    An operator whose pass is of no school is one of the district. A principal is an operator too, of her school: she
    sees where she has duty.
    """
    if session.kind == _OPERATOR and session.org not in plan.school_numbers:
        return None
    schools = rights.duty_schools(plan, session)
    if not schools:
        raise NotYourClass
    return schools
