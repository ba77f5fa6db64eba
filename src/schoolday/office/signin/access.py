"""Who is asking the office: by its own cookie, or by the day session that a door handed out."""

import functools
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from schoolday.contracts import day_session
from schoolday.contracts.day_session import DaySession
from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.lib.signing import BadSignature
from schoolday.office.http import NotSignedOn, View, answer, person_of
from schoolday.office.people.models import Person
from schoolday.office.signin.models import RevokedPass

_SCHEME = "Day "


class NotFromHere(SchooldayError):
    """The request came without the token that only our own pages have."""

    code = "csrf"
    status = HTTPStatus.FORBIDDEN
    text = "Please load this page again, then try once more."
    retryable = True


@dataclass(frozen=True)
class Asker:
    """Who asks. `session`: the day session she asked with, or None when it was the office's cookie."""

    person: Person
    session: DaySession | None = None


def access_asker(request: HttpRequest) -> Asker:
    """
    Return who is asking, by `Authorization: Day <day session>`, else by cookie.

    A day session counts only while the office agrees: the person is in the roster, her epoch has not risen, the pass
    behind it was not taken away, and it is no session of grace (which enters classes and does nothing else).
    At most three queries. Views that use it are made with `cookie_or_day`.

    :raises NotSignedOn: if nobody is, or her session is of no use here
    """
    text = request.headers.get("Authorization", "")
    if not text.startswith(_SCHEME):
        return Asker(person_of(request))
    session = _open(text[len(_SCHEME) :])
    person = Person.objects.filter(id=session.sub, is_active=True).first()
    if person is None or session.epoch < person.epoch or session.grace or session.kind == "drill":
        raise NotSignedOn
    if session.jti and RevokedPass.objects.filter(jti=session.jti).exists():
        raise NotSignedOn
    return Asker(person, session)


def cookie_or_day(view: View) -> View:
    """Let a view be asked with a day session too; with the cookie it still needs the CSRF token."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.headers.get("Authorization", "").startswith(_SCHEME):
            rejected = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, view, args, kwargs)
            if rejected is not None:
                return answer(NotFromHere().as_dict(), status=NotFromHere.status)
        return view(request, *args, **kwargs)

    return csrf_exempt(wrapped)


def _open(text: str) -> DaySession:
    try:
        day = day_session.session_day(text)
        key = day_session.session_key(settings.SCHOOLDAY["CELL_SECRET"], day)
        return day_session.open_session(text, key=key, now=clock.now_seconds())
    except BadSignature as error:
        raise NotSignedOn from error
