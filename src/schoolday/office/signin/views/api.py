"""Signing on and off, who I am, my language, my bundle: docs/develop/api.md."""

import ipaddress

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.csrf import csrf_exempt

from schoolday.contracts.bundle import Language
from schoolday.contracts.proofs import DeviceKey, thumbprint
from schoolday.lib import signing
from schoolday.lib.errors import BadRequest
from schoolday.office.arrangements import queries as arrangements
from schoolday.office.http import NotSignedOn, answer, api, read
from schoolday.office.signin import actions
from schoolday.office.signin.access import access_asker, cookie_or_day
from schoolday.office.signin.bundle import make_bundle, person_for_app
from schoolday.office.signin.duty import duty_schools
from schoolday.office.signin.hasher_protocol import PASSWORD_AT_MOST_BYTES
from schoolday.office.signin.line import admission


class SignOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    user_name: str
    password: str
    line: str = ""

    def __repr__(self) -> str:
        return "SignOn(…)"  # a password must not reach a traceback


class HeldLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    line: str


class ChosenLanguage(msgspec.Struct, frozen=True):
    language: Language


class BundleRequest(msgspec.Struct, frozen=True):
    key: DeviceKey


@api("GET")
def me(request: HttpRequest) -> HttpResponse:
    """Say who is signed on in this browser, if anybody is; hands out the CSRF token."""
    get_token(request)
    user = request.user
    person, comes_to = None, []
    if not isinstance(user, AnonymousUser):
        roles = list(user.roles.select_related("org"))
        person = person_for_app(user, (role.role for role in roles), duty=duty_schools(user, roles))
        comes_to = arrangements.comes_to_today(user) if person.kind != "student" else []
    return answer({"person": person, "portal_name": settings.SCHOOLDAY["PORTAL_NAME"], "comes_to": comes_to})


@api("POST")
def sign_on(request: HttpRequest) -> HttpResponse:
    """Sign on with user name and password; in a storm answer 202 with a place in the line instead."""
    asked = read(request, SignOn)
    too_long = len(asked.user_name) > 255 or len(asked.password.encode()) > PASSWORD_AT_MOST_BYTES
    if too_long or "\0" in asked.user_name:
        raise actions.WrongPassword  # of nobody: no roster and no password is so long
    account, line = admission.enter(asked.user_name, ticket=asked.line)
    if line is not None:
        return answer(line, status=202)
    person = actions.sign_on(
        request, user_name=asked.user_name, password=asked.password, address=address_of(request), account=account
    )
    return _remember_language(HttpResponse(status=204), person.language)


@csrf_exempt  # no cookie is looked at: the ticket is all there is
@api("POST")
def sign_on_line(request: HttpRequest) -> HttpResponse:
    """Say how the place in the line has moved on. No database."""
    return answer(admission.ask_again(read(request, HeldLine).line))


@api("POST")
def sign_off(request: HttpRequest) -> HttpResponse:
    """End the session in this browser."""
    actions.sign_off(request)
    return HttpResponse(status=204)


@api("POST")
@cookie_or_day
def language(request: HttpRequest) -> HttpResponse:
    """Keep the person's language, and show the office's pages in it."""
    asker = access_asker(request)
    chosen = read(request, ChosenLanguage).language
    actions.set_language(asker.person, chosen)
    return _remember_language(HttpResponse(status=204), chosen)


@api("POST")
@cookie_or_day
def bundle(request: HttpRequest) -> HttpResponse:
    """
    Give the device its bundle, with a new pass.

    Who asks with a day session must be the device the session belongs to: a session that was copied makes no pass for
    another key. Who came by badge or code gets names and doors, and no pass: a badge is good for today.
    """
    asker = access_asker(request)
    key = read(request, BundleRequest).key
    _check_key(key)
    print_of_key = thumbprint(key)
    with_pass, session_key = True, ""
    if asker.session is None:
        session_key = request.session.session_key or ""
    else:
        if asker.session.device != print_of_key:
            raise NotSignedOn
        with_pass = asker.session.how == "pass"
    return answer(
        make_bundle(asker.person, key=key, thumbprint=print_of_key, with_pass=with_pass, session_key=session_key)
    )


def address_of(request: HttpRequest) -> str:
    """
    Return the address that the request came from. The edge in front of us appends it to X-Forwarded-For.

    Only believed when the request itself came from this machine or a private network, where the edge is.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if not forwarded:
        return peer
    try:
        near = not peer or ipaddress.ip_address(peer).is_private
        return str(ipaddress.ip_address(forwarded)) if near else peer
    except ValueError:
        return peer


def _check_key(key: DeviceKey) -> None:
    try:
        x, y = signing.unb64(key.x), signing.unb64(key.y)
        if len(x) != 32 or len(y) != 32:
            raise ValueError("32 bytes each")
        numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1())
        numbers.public_key()
    except ValueError as error:
        raise BadRequest("This key is not a point of P-256: x and y, 32 bytes each, base64.") from error


def _remember_language(response: HttpResponse, chosen: str) -> HttpResponse:
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
