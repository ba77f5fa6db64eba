"""
Seats in a LiveKit class: unguessable live names, identities, and grants by role.

The token is a JWT (HS256), minted here in 10 microseconds: PyJWT takes 90 and livekit-api 116 on the same
machine, which a door would pay at every join. tests/live check each token with livekit-api's verifier.
"""

import functools
from datetime import UTC, datetime
from typing import Literal

import msgspec

from schoolday.lib import signing

# duty: an adult of the school who looks in because no other adult is there; has a teacher's rights while she is.
# interpreter: has picture and voice, and rules nothing. observer: sees and hears. captions: a program that hears and
# writes; in no list, and no adult.
Role = Literal["student", "teacher", "aide", "duty", "interpreter", "observer", "captions"]
ADULTS: frozenset[str] = frozenset({"teacher", "aide", "duty"})  # who looks after a class; guests do not
OPENS_BEFORE_SECONDS = 600
VALID_AFTER_START_SECONDS = 1200
_MEETINGS_KEPT = 4_096  # thirty come to each meeting within minutes; 2 MB
LATE_SECONDS = 300  # a token for one who comes after that; enough for a slow line to connect

_HEADER = signing.b64(b'{"alg":"HS256","typ":"JWT"}')
_CAMERA_AND_VOICE = ("camera", "microphone")
_EVERYTHING = ("camera", "microphone", "screen_share", "screen_share_audio")


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    sub: str
    nbf: int
    exp: int
    video: msgspec.Raw
    attributes: dict[str, str]


def live_day(starts_at: int) -> str:
    """Return the day under whose key a meeting's live name is made: the UTC day of its start, whoever asks and when."""
    return _day_name(starts_at // 86_400)


@functools.lru_cache(_MEETINGS_KEPT)
def live_name(meeting: str, *, cell_secret: bytes, day: str, turn: int = 0, group: int = 0) -> str:
    """
    Return the unguessable name under which a meeting runs on a live server: HMAC(day key, meeting, turn and group).

    `group`: 0 the class itself, from 1 its groups, each a place of its own.
    """
    said = f"{meeting}.{turn}" if turn else meeting
    if group:
        said += f".g{group}"
    return "m" + signing.mac(_day_key(cell_secret, day), said.encode()).hex()


def identity(sub: str, device: str) -> str:
    """Return the live identity: person and device. `device`: thumbprint, of which 8 letters are enough."""
    return f"{sub}.{device[:8]}"


def phone_identity(sub: str) -> str:
    """Return the live identity under which a caller is known here: one phone a person. Nobody's is nobody's."""
    return f"{sub}.phone" if sub else ""


def person_of(live_identity: str) -> str:
    """Return the person's opaque id of a live identity."""
    return live_identity.partition(".")[0]


def device_of(live_identity: str) -> str:
    """Return the first letters of the device's thumbprint: enough to tell one person's devices apart."""
    return live_identity.partition(".")[2]


def grant(role: Role, name: str) -> dict[str, object]:
    """Return the video grant of a role: students have picture and voice, never a screen, and remove nobody."""
    value: dict[str, object] = {
        "room": name,
        "roomJoin": True,
        "canSubscribe": True,
        "canPublish": role not in ("observer", "captions"),
        "canPublishData": role != "observer",
        "canUpdateOwnMetadata": False,
    }
    if role in ADULTS:
        value["canPublishSources"] = _EVERYTHING
        value["roomAdmin"] = role != "aide"
    elif role in ("student", "interpreter"):
        value["canPublishSources"] = _CAMERA_AND_VOICE
    return value


def seat_token(
    *,
    api_key: str,
    api_secret: bytes,
    live_identity: str,
    role: Role,
    meeting: str,
    name: str,
    starts_at: int,
    now: int | None = None,
    group: int = 0,
    watching: bool = False,
) -> str:
    """
    Return the LiveKit token of one seat; about 10 microseconds. Times in seconds; `name`: of `live_name`.

    Valid from 10 minutes before the start to 20 minutes after it; for who joins later (`now`), 5 minutes from then.
    Without `now` it is of a spare ticket: made in the evening, for the morning on which no door answers, and good for
    exactly that half hour whenever it was made.
    `group`: the same as of `name`. `watching`: a grown-up's who looks after a place and is in another. It carries no
    person's name: devices know their classmates from the bundle.
    """
    now = starts_at if now is None else now
    claims = _Claims(
        iss=api_key,
        sub=live_identity,
        nbf=min(starts_at - OPENS_BEFORE_SECONDS, now),
        exp=max(starts_at + VALID_AFTER_START_SECONDS, now + LATE_SECONDS),
        video=_grant_json(role, name),
        attributes={"meeting": meeting, "role": role, **_where(group=group, watching=watching)},
    )
    body = f"{_HEADER}.{signing.b64(msgspec.json.encode(claims))}"
    return f"{body}.{signing.b64(signing.mac(api_secret, body.encode(), length_bytes=32))}"


def _where(*, group: int, watching: bool) -> dict[str, str]:
    return {**({"group": str(group)} if group else {}), **({"watching": "1"} if watching else {})}


@functools.lru_cache(_MEETINGS_KEPT)
def _grant_json(role: Role, name: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(grant(role, name)))


@functools.lru_cache(16)
def _day_name(days: int) -> str:
    return datetime.fromtimestamp(days * 86_400, UTC).strftime("%Y%m%d")


@functools.lru_cache(16)
def _day_key(cell_secret: bytes, day: str) -> bytes:
    return signing.derive(cell_secret, "live-name", day)
