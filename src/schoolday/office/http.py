"""What every view of the office shares: JSON in and out by contract, errors as answers, who is asking."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from schoolday.lib.errors import BadRequest, SchooldayError
from schoolday.office.people.models import Person

T = TypeVar("T")
View = Callable[..., HttpResponse]
BODY_AT_MOST_BYTES = 2**20


class NotSignedOn(SchooldayError):
    """Nobody has signed on from this browser."""

    code = "not_signed_on"
    status = HTTPStatus.UNAUTHORIZED
    text = "Please sign on first."


def answer(value: object, *, status: int = 200) -> HttpResponse:
    """Return `value` (a contract or plain data) as JSON."""
    response = HttpResponse(msgspec.json.encode(value), content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response


def read(request: HttpRequest, contract: type[T]) -> T:
    """
    Return the body as `contract`.

    :raises BadRequest: if it is not JSON of that form; says where
    """
    if len(request.body) > BODY_AT_MOST_BYTES:
        raise BadRequest("This request is too large.")
    try:
        return msgspec.json.decode(request.body, type=contract)
    except msgspec.MsgspecError as error:
        raise BadRequest(f"This request is not of the form we know: {error}") from error


def api(*methods: str) -> Callable[[View], View]:
    """Make a JSON view: only these methods, and every SchooldayError as its answer."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                response = answer({"code": "method", "text": "Not this way.", "retryable": False}, status=405)
                response["Allow"] = ", ".join(methods)
                return response
            try:
                return view(request, *args, **kwargs)
            except SchooldayError as error:
                response = answer(error.as_dict(), status=error.status)
                if error.retry_after_seconds is not None:
                    response["Retry-After"] = str(error.retry_after_seconds)
                return response

        return wrapped

    return decorate


def person_of(request: HttpRequest) -> Person:
    """
    Return who is asking, by the office's own cookie.

    :raises NotSignedOn: if nobody is
    """
    user = request.user
    if isinstance(user, AnonymousUser) or not user.is_active:
        raise NotSignedOn
    return user


def page(view: View) -> View:
    """Make an HTML view for people who signed on; others are sent to the sign-on and come back."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from django.shortcuts import render

        try:
            person_of(request)
            return view(request, *args, **kwargs)
        except NotSignedOn:
            return HttpResponseRedirect("/?" + urlencode({"next": request.get_full_path()}))
        except SchooldayError as error:
            return render(request, "error.html", {"error": error}, status=error.status)

    return wrapped


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: the portal's brand name and where the office's pages begin."""
    return {"portal_name": settings.SCHOOLDAY["PORTAL_NAME"], "office_home": reverse("console:home")}
