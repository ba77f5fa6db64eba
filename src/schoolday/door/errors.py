"""What a door says when it lets nobody in; the app keys its sentence on `code`. docs/develop/api.md lists them."""

from http import HTTPStatus

from schoolday.lib.errors import Busy, SchooldayError


class BadPass(SchooldayError):
    code = "bad_pass"
    status = HTTPStatus.FORBIDDEN
    text = "This pass is not one that opens this door."


class PassOver(SchooldayError):
    code = "pass_over"
    status = HTTPStatus.FORBIDDEN
    text = "This pass is over, or not yet good. Sign on again to get a new one."


class Revoked(SchooldayError):
    code = "revoked"
    status = HTTPStatus.FORBIDDEN
    text = "This pass was taken back. Sign on again, or ask your teacher or your school."


class BadProof(SchooldayError):
    code = "bad_proof"
    status = HTTPStatus.FORBIDDEN
    text = "This device does not hold the key that the pass was made for."


class NonceOld(SchooldayError):
    code = "nonce_old"
    status = HTTPStatus.FORBIDDEN
    text = "This nonce is too old or was used. Get a new one and try again."
    retryable = True


class SessionOver(SchooldayError):
    code = "session_over"
    status = HTTPStatus.UNAUTHORIZED
    text = "This day session is over. Show the pass or the badge again."


class NotYourClass(SchooldayError):
    code = "not_your_class"
    status = HTTPStatus.FORBIDDEN
    text = "This is not one of your classes."


class Removed(SchooldayError):
    code = "removed"
    status = HTTPStatus.FORBIDDEN
    text = "A teacher took this student out of this class for today."


class UnknownMeeting(SchooldayError):
    code = "unknown_meeting"
    status = HTTPStatus.NOT_FOUND
    text = "The plan in force has no such meeting of this class."


class BadBadge(SchooldayError):
    code = "bad_badge"
    status = HTTPStatus.FORBIDDEN
    text = "This badge is not one that is in force."


class PicturesNeeded(SchooldayError):
    code = "pictures_needed"
    status = HTTPStatus.UNAUTHORIZED
    text = "This badge needs its pictures."


class WrongPictures(SchooldayError):
    code = "wrong_pictures"
    status = HTTPStatus.FORBIDDEN
    text = "These are not the pictures of this badge."


class BadCode(SchooldayError):
    code = "bad_code"
    status = HTTPStatus.FORBIDDEN
    text = "This code is not good, or no longer. Ask the teacher for a new one."


class CodeUsed(SchooldayError):
    code = "code_used"
    status = HTTPStatus.FORBIDDEN
    text = "This code was used. Ask the teacher for a new one."


class NoBadge(SchooldayError):
    code = "no_badge"
    status = HTTPStatus.CONFLICT
    text = "This student has no badge number in force; the school's office can make one."


class Wait(SchooldayError):
    code = "wait"
    status = HTTPStatus.TOO_MANY_REQUESTS
    text = "Too many wrong tries for this badge. Wait, or ask the teacher for a code."
    retryable = True


class NoPlan(Busy):
    text = "This door has no plan yet; another door does."
    retry_after_seconds = 5


class NotOurs(SchooldayError):
    code = "not_ours"
    status = HTTPStatus.UNAUTHORIZED
    text = "This call is for the office or a live server of this district."


class NotFound(SchooldayError):
    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    text = "A door has nothing here."


class TooLarge(SchooldayError):
    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    text = "This is more than a door takes at once."


class TooMany(SchooldayError):
    code = "too_many"
    status = HTTPStatus.BAD_REQUEST
    text = "A class has at most 20 groups and 60 seats in them."


class TooSlow(SchooldayError):
    code = "too_slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    text = "The body did not come in time."
    retryable = True
