"""The badge: how a small child comes in with a card, at any door, alone."""

import msgspec

from schoolday.contracts import badges, proofs
from schoolday.contracts.joining import BadgeRequest, DoorSession
from schoolday.door import sessions
from schoolday.door.cell import Cell
from schoolday.door.errors import BadBadge, PicturesNeeded, WrongPictures
from schoolday.door.people_columns import Student
from schoolday.door.tries import WrongTries
from schoolday.lib import clock, ids
from schoolday.lib.signing import BadSignature

decoder = msgspec.json.Decoder(BadgeRequest)
_TEXT_AT_MOST_LETTERS = 1_000


def enter_by_badge(cell: Cell, request: BadgeRequest, *, tries: WrongTries) -> DoorSession:
    """
    Return the session of the child whose badge it is. About 250 microseconds; makes no I/O.

    :raises NonceOld, BadBadge, BadProof, PicturesNeeded, WrongPictures, Wait: as docs/develop/api.md says
    """
    now = clock.now_seconds()
    plan = cell.plan
    cell.check_nonce(request.nonce, now=now)
    student = _student(cell, request.badge, tries=tries, now=now)
    if student.grade in plan.index.picture_pin_grades:
        _check_pictures(cell, student, request.pictures, tries=tries, now=now)
    cell.check_proof(key=request.key, proof=request.proof, nonce=request.nonce, token=request.badge, now=now)
    session = sessions.session_of_student(
        cell, plan, student, device=proofs.thumbprint(request.key), how="badge", now=now
    )
    return sessions.answer_of(cell, session, now=now)


def number_of_code(plain: str) -> int:
    """Return the number that a typed code begins with, unchecked, or 0: to count wrong tries against it."""
    try:
        return ids.to_int(plain[: badges.NUMBER_LENGTH])
    except ValueError:
        return 0


def _student(cell: Cell, text: str, *, tries: WrongTries, now: int) -> Student:
    plan = cell.plan
    typed = 0
    if not text.startswith(badges.QR_PREFIX):
        typed = number_of_code(ids.read_typed(text))
        if plan.badges.find(typed) is None:
            raise BadBadge
        tries.check(typed, now=now)
    try:
        if len(text) > _TEXT_AT_MOST_LETTERS:
            raise BadSignature
        number = badges.read_badge(
            text, verifier=plan.verifier(now=now), cell_secret=cell.secret, district=cell.district
        )
    except BadSignature as error:
        if typed:
            tries.add(typed, now=now)
        raise BadBadge from error
    student = plan.badges.find(number)
    if student is None:
        raise BadBadge
    return student


def _check_pictures(cell: Cell, student: Student, pictures: tuple[str, ...], *, tries: WrongTries, now: int) -> None:
    if not pictures:
        raise PicturesNeeded
    tries.check(student.badge, now=now)
    if pictures != badges.picture_pin(student.badge, cell_secret=cell.secret):
        tries.add(student.badge, now=now)
        raise WrongPictures
    tries.clear(student.badge)
