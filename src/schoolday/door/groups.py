"""
Groups: seats in the smaller places of one class, which its grown-up hands to her students.

Each group is a place of its own on the live servers, so a seat in one opens neither the class nor another group. The
door keeps nothing of it: who is in which group is the class's own matter, in which a grown-up has the word.
"""

from collections.abc import Iterable

import msgspec

from schoolday.contracts.joining import GroupSeats, GroupsRequest
from schoolday.door import rights, sessions
from schoolday.door.cell import Cell
from schoolday.door.errors import NotYourClass, Removed, TooMany, UnknownMeeting
from schoolday.door.meeting_columns import Sitting
from schoolday.door.remove import check_not_removed
from schoolday.lib import clock, ids
from schoolday.live import seats
from schoolday.live.seats import Role

GROUPS_AT_MOST = 20
SEATS_AT_MOST = 60  # twice a class of thirty
_DEVICE_LETTERS = 8  # of a live identity

decoder = msgspec.json.Decoder(GroupsRequest)


def make_seats(cell: Cell, request: GroupsRequest, *, authorization: str | None) -> GroupSeats:
    """
    Return seats in the groups of a class that is open now. 12 microseconds a seat; makes no I/O.

    They are valid like a ticket's of one who joins late, and live servers renew them while they are used. An
    interpreter gets her own seat, to go with whom she interprets for, and looks after nobody.

    :raises SessionOver, Revoked: of the session
    :raises NotYourClass: if the asker is no grown-up of the class, or an interpreter who asks for more than her own
    :raises Removed: if she was taken out of this meeting
    :raises UnknownMeeting: if it is not open now
    :raises TooMany: for more than 20 groups, or 60 seats
    """
    now_ms = clock.now_ms()
    now = now_ms // 1000
    session = sessions.open_session(cell, authorization, now=now)
    plan = cell.plan
    role = rights.role_in(plan, session, request.section)
    goes_along = role == "interpreter" and not (request.seats or request.watch)
    if role not in seats.ADULTS and not goes_along:
        raise NotYourClass
    check_not_removed(cell, sub=session.sub, meeting=request.meeting)
    sitting = plan.find(request.section, request.meeting)
    if sitting is None or not sitting.starts_at - plan.index.join_opens_seconds <= now < sitting.ends_at:
        raise UnknownMeeting
    check_size(request)

    def seat(identity: str, role: Role, group: int, *, watching: bool = False) -> str:
        return seats.seat_token(
            api_key=cell.live_key,
            api_secret=cell.live_secret,
            live_identity=identity,
            role=role,
            meeting=sitting.meeting,
            name=cell.live_name(sitting, group),
            starts_at=sitting.starts_at,
            now=now,
            group=group,
            watching=watching,
        )

    mine = seats.identity(session.sub, session.device)
    refused = tuple(one for one in request.seats if not is_student_here(cell, sitting, one))
    return GroupSeats(
        server_at=now_ms,
        seats={one: seat(one, "student", group) for one, group in request.seats.items() if one not in refused},
        own={str(group): seat(mine, role, group) for group in request.own},
        watch={str(group): seat(mine, role, group, watching=True) for group in request.watch},
        refused=refused,
    )


def check_size(request: GroupsRequest) -> None:
    """
    Check the numbers of the groups, and how many seats are asked for.

    :raises TooMany: if there are too many, or a number is none
    """
    if max(len(request.seats), len(request.own), len(request.watch) - 1) > SEATS_AT_MOST:
        raise TooMany
    if not _within(1, (*request.seats.values(), *request.own)) or not _within(0, request.watch):
        raise TooMany


def is_student_here(cell: Cell, sitting: Sitting, identity: str) -> bool:
    """
    Say whether a live identity is of a student of the section, who was taken out neither of it nor of this meeting.

    About 3 microseconds.
    """
    sub, device = seats.person_of(identity), seats.device_of(identity)
    if not ids.is_id(sub) or len(device) != _DEVICE_LETTERS:
        return False
    try:
        check_not_removed(cell, sub=sub, meeting=sitting.meeting)
    except Removed:
        return False
    return cell.plan.student_in(sitting.section, sub) is not None


def _within(lowest: int, groups: Iterable[int]) -> bool:
    return all(lowest <= group <= GROUPS_AT_MOST for group in groups)
