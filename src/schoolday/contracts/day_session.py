"""
The day session: what a door hands out after the first contact, so the rest of the day costs microseconds.

An HMAC under a key of the day that every door of the cell derives; any of them, and the office, opens it.
"""

from typing import Literal

import msgspec

from schoolday.contracts.passes import Kind, Place
from schoolday.lib import signing
from schoolday.lib.signing import BadSignature

_PURPOSE = "day-session"


class DaySession(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    One person on one device, today. `exp`: seconds since 1970 UTC; `how`: what opened it; `device`: thumbprint.

    `places`: as in the pass; `grace`: opened with a pass past its last day: enters classes, nothing else.
    """

    sub: str
    kind: Kind
    org: str
    cohort: str
    sections: tuple[str, ...]
    exp: int
    device: str
    jti: str
    epoch: int
    how: Literal["pass", "badge", "let_in"] = "pass"
    grace: bool = False
    places: dict[str, Place] = {}


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(DaySession)


def session_key(cell_secret: bytes, day: str) -> bytes:
    """Return the key of one day (`20261121`, UTC)."""
    return signing.derive(cell_secret, _PURPOSE, day)


def seal_session(value: DaySession, *, key: bytes, day: str) -> str:
    """Return the session as text: `ds1.<day>.<body>.<tag>`."""
    body = f"ds1.{day}.{signing.b64(_encoder.encode(value))}"
    return f"{body}.{signing.b64(signing.mac(key, body.encode()))}"


def session_day(text: str) -> str:
    """
    Return the day whose key sealed it, unchecked: to choose the key.

    :raises BadSignature: if it is of another form
    """
    parts = text.split(".", 2)
    if len(parts) != 3 or parts[0] != "ds1" or len(parts[1]) != 8 or not parts[1].isdigit():
        raise BadSignature
    return parts[1]


def open_session(text: str, *, key: bytes, now: int) -> DaySession:
    """
    Return the session; about 5 microseconds. `now`: seconds.

    :raises BadSignature: if it is forged, damaged or over
    """
    body, _, tag = text.rpartition(".")
    if not signing.same(signing.b64(signing.mac(key, body.encode())).encode(), tag.encode()):
        raise BadSignature
    try:
        value = _decoder.decode(signing.unb64(body.rpartition(".")[2]))
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadSignature from error
    if now >= value.exp:
        raise BadSignature
    return value
