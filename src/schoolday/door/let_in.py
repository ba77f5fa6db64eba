"""
The teacher's let-in code: one use, twenty minutes, for a child who has no pass and no badge at hand.

A code is used up on the disk of the door that took it before it opens anything, so a restart does not make it
good again. Doors do not ask each other: in the minutes it lives, another door of the cell would take it once too.
"""

import random

import msgspec

from schoolday.contracts import badges, proofs
from schoolday.contracts.joining import BadgeRequest, DoorSession, LetInCode, LetInRequest
from schoolday.door import rights, sessions
from schoolday.door.badge import number_of_code
from schoolday.door.cell import Cell
from schoolday.door.errors import BadCode, CodeUsed, NoBadge, NotYourClass
from schoolday.door.tries import WrongTries
from schoolday.lib import clock, ids
from schoolday.lib.errors import Busy
from schoolday.lib.signing import BadSignature

request_decoder = msgspec.json.Decoder(LetInRequest)
_COUNTERS = 32
_HALF = badges.LET_IN_SECONDS // 2


class UsedCodes:
    """The codes that were used in the last twenty minutes; the spool holds the same durably."""

    def __init__(self, used: dict[str, int]) -> None:
        """`used`: code -> seconds, as the spools of this door have them."""
        self._used = used

    def __contains__(self, code: str) -> bool:
        return code in self._used

    def add(self, code: str, *, now: int) -> None:
        for old in [old for old, at in self._used.items() if now - at > badges.LET_IN_SECONDS]:
            del self._used[old]
        self._used[code] = now

    def remove(self, code: str) -> None:
        self._used.pop(code, None)


def make_code(cell: Cell, request: LetInRequest, *, authorization: str | None, used: UsedCodes) -> LetInCode:
    """
    Return a code for a student of the teacher's own class.

    :raises NotYourClass: if the asker is no teacher of the section, or the student is not in it
    :raises NoBadge: if the student has no badge number
    """
    now = clock.now_seconds()
    session = sessions.open_session(cell, authorization, now=now)
    plan = cell.plan
    if request.section not in rights.own_sections(plan, session):
        raise NotYourClass
    student = plan.student_in(request.section, request.sub)
    if student is None:
        raise NotYourClass
    if not student.badge:
        raise NoBadge
    for counter in random.sample(range(_COUNTERS), _COUNTERS):
        code = badges.let_in_code(student.badge, counter=counter, now=now, cell_secret=cell.secret)
        if ids.read_typed(code) not in used:
            return LetInCode(code=code, expires_at=(now // _HALF + 2) * _HALF)
    raise Busy(retry_after_seconds=_HALF)


async def use_code(cell: Cell, request: BadgeRequest, *, tries: WrongTries, used: UsedCodes) -> DoorSession:
    """
    Return the session of the child whom the code lets in, once.

    :raises NonceOld, BadCode, CodeUsed, BadProof, Wait, Busy: as docs/develop/api.md says
    """
    now = clock.now_seconds()
    plan = cell.plan
    cell.check_nonce(request.nonce, now=now)
    plain = ids.read_typed(request.badge)
    number = number_of_code(plain)
    student = plan.badges.find(number) if len(plain) == badges.LET_IN_CODE_LENGTH else None
    if student is None:
        raise BadCode
    tries.check(number, now=now)
    try:
        badges.read_let_in_code(plain, now=now, cell_secret=cell.secret)
    except BadSignature as error:
        tries.add(number, now=now)
        raise BadCode from error
    cell.check_proof(key=request.key, proof=request.proof, nonce=request.nonce, token=request.badge, now=now)
    if plain in used:
        raise CodeUsed
    used.add(plain, now=now)  # before the wait for the disk, so that of two at once only one goes on
    try:
        await cell.spool.use_code(plain)
    except Busy:
        used.remove(plain)
        raise
    session = sessions.session_of_student(
        cell, plan, student, device=proofs.thumbprint(request.key), how="let_in", now=now
    )
    return sessions.answer_of(cell, session, now=now)
