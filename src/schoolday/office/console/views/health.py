"""For machines: whether the office can do its work, and its numbers."""

from http import HTTPStatus

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from schoolday.lib import signing
from schoolday.lib.errors import SchooldayError
from schoolday.office.console import metrics as numbers
from schoolday.office.console.queries import state_of
from schoolday.office.console.readiness.whole import lately_ready
from schoolday.office.http import answer, api

_SCHEME = "Bearer "


class DatabaseGone(SchooldayError):
    """The office's database does not answer."""

    code = "database"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    text = "The office's database does not answer. Classes go on; look at DATABASE_URL, and whether its server runs."
    retryable = True
    retry_after_seconds = 5


class NotForYou(SchooldayError):
    """The numbers were asked for without their token."""

    code = "not_signed_on"
    status = HTTPStatus.UNAUTHORIZED
    text = "Send the token that 'schoolday office --metrics-token' prints."


@api("GET", "HEAD")
def health(_: HttpRequest) -> HttpResponse:
    """Say whether the office can work. Open to anyone, so it says nothing else."""
    check_database()
    return answer({"ok": True, "database": "ok"})


@api("GET")
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the office's numbers to whoever holds the cell's metrics token."""
    given = request.headers.get("Authorization", "").removeprefix(_SCHEME)
    if not signing.same(given.encode(), metrics_token().encode()):
        raise NotForYou
    check_database()
    page = numbers.render(state_of(settings.SCHOOLDAY), lately_ready())
    return HttpResponse(page, content_type=CONTENT_TYPE_LATEST)


def metrics_token() -> str:
    """Return the token, derived from the cell's secret: it cannot be used for anything else."""
    return signing.derive(settings.SCHOOLDAY["CELL_SECRET"], "metrics").hex()


def check_database() -> None:
    """
    Ask the database the smallest question.

    :raises DatabaseGone: if it does not answer
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        connection.close()  # the next question begins with a new line
        raise DatabaseGone from error
