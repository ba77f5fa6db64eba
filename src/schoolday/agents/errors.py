"""What an agent says when it does not do what it is asked."""

from http import HTTPStatus

from schoolday.lib.errors import Busy, SchooldayError


class SessionOver(SchooldayError):
    code = "session_over"
    status = HTTPStatus.UNAUTHORIZED
    text = "This day session is over, or it is none."


class NotYours(SchooldayError):
    code = "not_yours"
    status = HTTPStatus.FORBIDDEN
    text = "This is for the grown-ups of this class."


class UnknownMeeting(SchooldayError):
    code = "unknown_meeting"
    status = HTTPStatus.NOT_FOUND
    text = "The plan has no such meeting open now."


class NoSuchLanguage(SchooldayError):
    code = "no_such_language"
    status = HTTPStatus.CONFLICT
    text = "The captions engine here does not know this language."


class AgentsBusy(Busy):
    text = "All places for this are taken right now. Try again in a few minutes."
    retry_after_seconds = 60


class NoLiveServer(SchooldayError):
    code = "no_live_server"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    text = "No live server answers right now."
    retryable = True
    retry_after_seconds = 5


class NotFound(SchooldayError):
    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    text = "There is nothing here."
