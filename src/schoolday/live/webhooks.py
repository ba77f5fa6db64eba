"""
LiveKit's web hooks: is this one by our live server, and what does it say of a person in a class?

The check is 20 lines here and not livekit-api's, because that one brings protobuf and aiohttp into the door's
memory (23 MB) and its start; tests/live make the hooks with livekit-api.
Source: docs.livekit.io, "Webhooks": a JWT (HS256) whose claim `sha256` is the base64 of the body's SHA-256.
"""

import base64
import hashlib
import hmac
import uuid
from http import HTTPStatus
from typing import Literal

import msgspec

from schoolday.lib import signing
from schoolday.lib.errors import SchooldayError
from schoolday.live import seats

_LEEWAY_SECONDS = 60
_GROUP_DIGITS_AT_MOST = 3
_NAMESPACE = uuid.UUID("5b0e3c1e-7d1f-5f0a-9a55-6c1f0f5d8a01")  # ours, for ids derived from LiveKit's


class BadHook(SchooldayError):
    """This is no web hook of our live servers."""

    code = "not_ours"
    status = HTTPStatus.UNAUTHORIZED
    text = "This call is for a live server of this district."


class _Header(msgspec.Struct):
    alg: str


class _Claims(msgspec.Struct):
    iss: str
    sha256: str
    exp: int
    nbf: int = 0


class _Room(msgspec.Struct, frozen=True, rename="camel"):
    sid: str = ""
    name: str = ""
    creation_time: str | int = 0


class _Participant(msgspec.Struct, rename="camel"):
    sid: str = ""
    identity: str = ""
    attributes: dict[str, str] = {}
    kind: str | int = "STANDARD"
    disconnect_reason: str | int = ""


class _Hook(msgspec.Struct, rename="camel"):
    event: str
    id: str = ""
    created_at: str | int = 0  # protobuf's JSON writes a 64-bit number as text
    participant: _Participant | None = None
    room: _Room = _Room()


class Place(msgspec.Struct, frozen=True):
    """A live class as its server has it: `name` is ours, `sid` is new each time it begins there. Seconds."""

    name: str
    sid: str
    began_at: int


class PlaceNews(msgspec.Struct, frozen=True):
    """A live class began on a server, or ended there."""

    kind: Literal["started", "finished"]
    place: Place


class Sighting(msgspec.Struct, frozen=True):
    """
    One person came into a live class, or left it. `id`: the same for the same hook, however often it is sent.

    `role`: as in her seat; `group`: 0 the class itself; `watching`: a grown-up who looks after it and is in another;
    `by_phone`: she called in; her live identity is then `<person>.phone`, whatever the bridge calls her;
    `connection`: LiveKit's id of this one stay, by which a late hook is told from a new one.
    """

    id: str
    kind: Literal["entered", "left"]
    live_identity: str
    meeting: str
    created_at: int  # seconds, by the live server's clock
    reason: str
    role: str
    connection: str
    place: Place
    group: int = 0
    watching: bool = False
    by_phone: bool = False


_PLACE_KINDS: dict[str, Literal["started", "finished"]] = {"room_started": "started", "room_finished": "finished"}
_KINDS: dict[str, Literal["entered", "left"]] = {"participant_joined": "entered", "participant_left": "left"}
_PHONES: tuple[str | int, ...] = ("SIP", 3)  # livekit_models.proto, ParticipantInfo.Kind
_PEOPLE: tuple[str | int, ...] = ("STANDARD", 0, *_PHONES)
_decoder = msgspec.json.Decoder(_Hook)


def check_hook(body: bytes, authorization: str | None, *, api_key: str, api_secret: bytes, now: int) -> None:
    """
    Check that a live server of ours sent exactly this body, a short time ago.

    :raises BadHook: if not
    """
    token = (authorization or "").removeprefix("Bearer ")
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    expected = hmac.digest(api_secret, signed.encode(), "sha256")
    try:
        if not signing.same(signing.unb64(signature), expected):
            raise BadHook
        if msgspec.json.decode(signing.unb64(header), type=_Header).alg != "HS256":
            raise BadHook
        claims = msgspec.json.decode(signing.unb64(payload), type=_Claims)
        digest = base64.b64decode(claims.sha256, validate=True)
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadHook from error
    if claims.iss != api_key or not claims.nbf - _LEEWAY_SECONDS <= now < claims.exp + _LEEWAY_SECONDS:
        raise BadHook
    if not signing.same(digest, hashlib.sha256(body).digest()):
        raise BadHook


def read_hook(body: bytes) -> Sighting | PlaceNews | None:
    """
    Return what a hook says of a person or a class, or None when it speaks of something else (a recording, an agent).

    :raises BadHook: if it is not of LiveKit's form
    """
    try:
        hook = _decoder.decode(body)
        created_at = int(hook.created_at)
        place = Place(hook.room.name, hook.room.sid, int(hook.room.creation_time))
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadHook from error
    if hook.event in _PLACE_KINDS:
        return PlaceNews(_PLACE_KINDS[hook.event], place) if place.name else None
    kind, person = _KINDS.get(hook.event), hook.participant
    if kind is None or person is None or not hook.id or person.kind not in _PEOPLE:
        return None
    by_phone = person.kind in _PHONES
    if by_phone:
        # The bridge names her after her number; who she is, the rule of her PIN says. The phone lets in students only.
        person.identity = seats.phone_identity(person.attributes.get("sub", ""))
        if person.attributes.get("role") != "student":
            return None
    meeting = person.attributes.get("meeting", "")
    if not meeting or not person.identity:
        return None
    return Sighting(
        id=str(uuid.uuid5(_NAMESPACE, hook.id)),
        kind=kind,
        live_identity=person.identity,
        meeting=meeting,
        created_at=created_at,
        reason=str(person.disconnect_reason).lower() if kind == "left" else "",
        role=person.attributes.get("role", ""),
        connection=person.sid,
        place=place,
        group=group_of(person.attributes.get("group", "")),
        watching=person.attributes.get("watching") == "1",
        by_phone=by_phone,
    )


def group_of(text: str) -> int:
    """Return the number of the group that a seat names; a seat is ours, so anything else is the class itself."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _GROUP_DIGITS_AT_MOST else 0
