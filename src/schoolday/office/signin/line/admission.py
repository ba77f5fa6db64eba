"""The office's side of the line: who may send a password on now, and what everybody else is told."""

import msgspec
from django.conf import settings

from schoolday.contracts.line import Line
from schoolday.lib import clock
from schoolday.office.signin.hasher_protocol import HasherDown, Request, Turn, Visitor
from schoolday.office.signin.hashers import ask_clerk
from schoolday.office.signin.line.ticket import account_of, open_ticket, seal
from schoolday.office.signin.line.urgency import urgency_of


def enter(user_name: str, *, ticket: str) -> tuple[bytes, Line | None]:
    """
    Return the account, and its place in the line if it is not its turn yet.

    In calm times one question to the clerk and no query; at the first arrival in a storm two queries more.

    :raises BadLine: if the ticket is not good, or another account's
    :raises HasherDown: if the hasher is not there or, as HasherBusy, the line is full
    """
    secret = settings.SCHOOLDAY["CELL_SECRET"]
    account = account_of(user_name, secret=secret)
    if ticket:
        visitor = open_ticket(ticket, secret=secret, account=account)
    elif ask_clerk(Request(do="arrive", account=account)).turn is not None:
        return account, None
    else:
        visitor = urgency_of(user_name, account=account)
    line = _place_of(visitor)
    return account, (line if line.place else None)


def ask_again(ticket: str) -> Line:
    """
    Return how far a place has come. No database, no cookie; a third of a millisecond.

    :raises BadLine: if the ticket is not good
    :raises HasherDown: if the hasher is not there; the ticket stays good
    """
    return _place_of(open_ticket(ticket, secret=settings.SCHOOLDAY["CELL_SECRET"]))


def _place_of(visitor: Visitor) -> Line:
    turn: Turn | None = ask_clerk(Request(do="line", visitor=visitor)).turn
    if turn is None:
        raise HasherDown
    # Who was called and finds the hasher dead is the first again.
    held = msgspec.structs.replace(
        visitor,
        rank=turn.rank,
        told=turn.place or 1,
        told_at_ms=clock.now_ms(),
        told_seconds=turn.wait_seconds,
    )
    return Line(
        line=seal(held, secret=settings.SCHOOLDAY["CELL_SECRET"]),
        place=turn.place,
        wait_seconds=turn.wait_seconds,
        poll_after_seconds=turn.poll_after_seconds,
    )
