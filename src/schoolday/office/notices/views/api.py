"""JSON for the device app: how I want to be told, and this browser's web push. docs/develop/api.md."""

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from schoolday.contracts.bundle import Language
from schoolday.office.http import answer, api, read
from schoolday.office.notices import people_actions
from schoolday.office.notices.channels.push.vapid import public_key
from schoolday.office.signin.access import access_asker, cookie_or_day


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How somebody wants to be told. Emergencies come by every way there is."""

    language: Language
    mail: bool
    sms: bool
    voice: bool
    push: bool


class Subscription(msgspec.Struct, frozen=True):
    endpoint: str
    p256dh: str
    auth: str


class Ended(msgspec.Struct, frozen=True):
    endpoint: str


@api("GET", "POST")
@cookie_or_day
def preferences(request: HttpRequest) -> HttpResponse:
    """Say, or keep, how the asking person wants to be told."""
    person = access_asker(request).person
    if request.method == "POST":
        chosen = read(request, Choice)
        people_actions.set_preference(
            person,
            mail=chosen.mail,
            sms=chosen.sms,
            voice=chosen.voice,
            push=chosen.push,
            language=chosen.language,
        )
    kept = people_actions.preference_of(person)
    known = dict(settings.LANGUAGES)
    return answer(
        {
            "language": person.language if person.language in known else "en",
            "mail": kept.mail,
            "sms": kept.sms,
            "voice": kept.voice,
            "push": kept.push,
        }
    )


@api("GET")
def push_key(request: HttpRequest) -> HttpResponse:
    """Return the public key that a browser subscribes with. Public, the same for everybody."""
    return answer({"key": public_key()})


@api("POST", "DELETE")
@cookie_or_day
def push(request: HttpRequest) -> HttpResponse:
    """Begin or end web push for the asking person's browser."""
    person = access_asker(request).person
    if request.method == "DELETE":
        people_actions.unsubscribe_push(person, endpoint=read(request, Ended).endpoint)
    else:
        wanted = read(request, Subscription)
        people_actions.subscribe_push(person, endpoint=wanted.endpoint, p256dh=wanted.p256dh, auth=wanted.auth)
    return HttpResponse(status=204)
