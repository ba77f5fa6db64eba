"""Our own BigBlueButton as an alternate: the way in for one person. The door signs an address; it calls nobody."""

from http import HTTPStatus

import msgspec

from schoolday.door import rights, sessions
from schoolday.door.cell import Cell
from schoolday.door.errors import UnknownMeeting
from schoolday.door.remove import check_not_removed
from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.live import bbb, seats
from schoolday.live.alternates import OWN_BBB
from schoolday.live.bbb import Role


class NoBbb(SchooldayError):
    code = "no_bbb"
    status = HTTPStatus.NOT_FOUND
    text = "This class has no BigBlueButton of ours."


class BbbLink(msgspec.Struct, frozen=True):
    """`GET /bbb`: the address to open, good for this person and this meeting."""

    url: str


def join_link(cell: Cell, query: dict[str, str], *, authorization: str | None) -> BbbLink:
    """
    Return the address that lets this person into her class at our BigBlueButton. Under a millisecond, no I/O.

    Adults of the class lead it; a student is called by a number, never by a name, in the `language` of the query.

    :raises NotYourClass, UnknownMeeting: if she is not of the class, or it is not open now
    :raises NoBbb: if the class has no such alternate, or the door no such server
    """
    now = clock.now_seconds()
    session = sessions.open_session(cell, authorization, now=now)
    plan, section = cell.plan, query.get("section", "")
    check_not_removed(cell, sub=session.sub, meeting=query.get("meeting", ""))
    role = rights.role_in(plan, session, section)
    sitting = plan.find(section, query.get("meeting", ""))
    if sitting is None or not sitting.starts_at - plan.index.join_opens_seconds <= now < sitting.ends_at:
        raise UnknownMeeting
    if cell.bbb is None or all(one.url != OWN_BBB for one in sitting.alternates):
        raise NoBbb
    day = seats.live_day(sitting.starts_at)
    bbb_role: Role = "MODERATOR" if role in seats.ADULTS else "VIEWER"
    number = plan.number_in(section, session.sub) if role == "student" else 0
    return BbbLink(
        cell.bbb.join(
            bbb.meeting_id(sitting.meeting, cell_secret=cell.secret, day=day, turn=sitting.turn),
            user_id=bbb.user_id(session.sub, cell_secret=cell.secret, day=day),
            full_name=bbb.shown_name(bbb_role, number=number, language=query.get("language", "en")),
            role=bbb_role,
        )
    )
