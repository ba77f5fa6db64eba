"""One family of errors: a code, a sentence, an HTTP status, and whether to try again."""

from http import HTTPStatus


class SchooldayError(Exception):
    """
    Base of all errors that reach a person or another process.

    `code` is stable and is what programs and translations key on; `text` is a plain English sentence that
    says what, where and what to do. Neither ever holds a name or another personal datum.
    """

    code = "failed"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    text = "Something went wrong here. Try again in a minute."
    retryable = False
    retry_after_seconds: int | None = None

    def __init__(self, text: str | None = None, *, retry_after_seconds: int | None = None) -> None:
        if text is not None:
            self.text = text
        if retry_after_seconds is not None:
            self.retry_after_seconds = retry_after_seconds
        super().__init__(self.text)

    def as_dict(self) -> dict[str, object]:
        """Return the body of the HTTP answer."""
        body: dict[str, object] = {"code": self.code, "text": self.text, "retryable": self.retryable}
        if self.retry_after_seconds is not None:
            body["retry_after_seconds"] = self.retry_after_seconds
        return body


class BadRequest(SchooldayError):
    """The request is not of the form that the contract asks for."""

    code = "bad_request"
    status = HTTPStatus.BAD_REQUEST
    text = "This request is not of the form we know."


class Busy(SchooldayError):
    """There is no room right now; the same request will do later."""

    code = "busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    text = "Many people are coming in right now. Your place is kept; try again in a moment."
    retryable = True
    retry_after_seconds = 2


class BadSettings(SchooldayError):
    """A setting is missing or makes no sense; the process does not start."""

    code = "bad_settings"
