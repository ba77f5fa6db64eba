"""
The pass: what lets one person, from one device, into her own meetings for the next school days.

Signed by the office in the evening, checked by a door against public keys in memory. Beside it stands the
tag: a 2-microsecond HMAC that a door checks before the signature, so that forged passes are cheap to drop.
The tag gives no authority.
"""

from typing import Literal

import msgspec

from schoolday.lib import signing
from schoolday.lib.signing import BadSignature, Signer, Verifier

Kind = Literal["student", "teacher", "guardian", "operator", "drill"]
PlaceRole = Literal["teacher", "aide", "interpreter", "observer"]
_PREFIX = "pass:"
_TAG_PURPOSE = "pass-tag"


class Place(msgspec.Struct, frozen=True, gc=False):
    """
    What an adult is in one section, when it is not what her kind of pass says, or only for a time.

    Good from `nbf` until `exp` (seconds since 1970 UTC; `exp` 0: as long as the pass), so that a substitute's day ends
    by itself, at a door that hears of no plan too.
    """

    role: PlaceRole
    nbf: int = 0
    exp: int = 0


class Pass(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    Who may enter what, from which device.

    `sub`: the person's opaque id; `org`: her school; `cohort`: grade band x region; `sections`: those she
    belongs to by the roster; `places`: sections where she is something else than her kind says, or for a time;
    `doors`: door ids in this device's own order; `nbf`, `exp`, `grace`: seconds since 1970 UTC (after `exp` and until
    `grace` it admits to a class and to nothing else); `epoch`: passes below the epoch that the plan's deny list names
    for the person are dead; `cnf`: RFC 7638 thumbprint of the device's P-256 key.
    """

    v: int = 1
    iss: str
    sub: str
    kind: Kind
    org: str
    cohort: str
    sections: tuple[str, ...]
    doors: tuple[str, ...]
    nbf: int
    exp: int
    grace: int
    jti: str
    epoch: int
    cnf: str
    places: dict[str, Place] = {}


_decoder = msgspec.json.Decoder(Pass)


def sign_pass(value: Pass, signer: Signer) -> str:
    """Return the signed pass, about 700 letters."""
    return signer.sign(msgspec.json.encode(value), use=_PREFIX + value.kind)


def open_pass(token: str, verifier: Verifier, *, kinds: frozenset[str]) -> Pass:
    """
    Return the pass, if it is one of these kinds and signed by a key in force. Times are the caller's to check.

    :raises BadSignature: otherwise
    """
    use = signing.read_footer(token).use
    if not use.startswith(_PREFIX) or use[len(_PREFIX) :] not in kinds:
        raise BadSignature
    try:
        value = _decoder.decode(verifier.verify(token, use=use))
    except msgspec.MsgspecError as error:
        raise BadSignature from error
    if _PREFIX + value.kind != use:
        raise BadSignature
    return value


def tag_pass(token: str, *, cell_secret: bytes, day: str) -> str:
    """Return the tag of a pass issued on `day` (`20261121`)."""
    key = signing.derive(cell_secret, _TAG_PURPOSE, day)
    return f"{day}.{signing.b64(signing.mac(key, token.encode()))}"


def tag_fits(token: str, tag: str, *, key_of_day: bytes) -> bool:
    """Say whether `tag` is the one of `token`; `key_of_day`: `tag_key` of the day the tag names."""
    _, _, mac = tag.partition(".")
    return signing.same(signing.b64(signing.mac(key_of_day, token.encode())).encode(), mac.encode())


def tag_key(cell_secret: bytes, day: str) -> bytes:
    """Return the tag key of one day, for a door to keep."""
    return signing.derive(cell_secret, _TAG_PURPOSE, day)
