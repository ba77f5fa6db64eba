"""
The signed arrival time that a visitor holds: who, since when, how urgent.

Sealed (ChaCha20-Poly1305), not only signed: what stands in it tells a teacher from a student and a real name from
one that somebody made up, and that is nobody's business. No names inside, only a keyed hash of the account.
"""

import functools
import os
from http import HTTPStatus

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from schoolday.lib import clock, signing
from schoolday.lib.errors import SchooldayError
from schoolday.office.signin.hasher_protocol import Visitor

GOOD_FOR_MS = (
    4 * 3600 * 1000
)  # a morning: no line is longer, and an old place should not jump tomorrow's; our judgement
TICKET_AT_MOST_LETTERS = 400
_PURPOSE = "sign-on-line"
_FORM = b"schoolday:line:v1"
_NONCE_BYTES = 12
_CLOCKS_APART_MS = 60_000  # of two machines of the office
_visitors = msgspec.msgpack.Decoder(Visitor)


class BadLine(SchooldayError):
    """This place in the line is forged, altered, too old, or of another account."""

    code = "bad_line"
    status = HTTPStatus.FORBIDDEN
    text = "This place in the line is not good any more. Sign on again to get a new one."


def account_of(user_name: str, *, secret: bytes) -> bytes:
    """Return what stands for an account in the line; nobody without the cell secret can guess the name back."""
    key = signing.derive(secret, _PURPOSE + "-account")
    return signing.mac(key, user_name.strip().lower().encode(errors="surrogatepass"))


def seal(visitor: Visitor, *, secret: bytes) -> str:
    """Return the ticket; about 5 microseconds, 130 letters."""
    nonce = os.urandom(_NONCE_BYTES)
    return signing.b64(nonce + _box(secret).encrypt(nonce, msgspec.msgpack.encode(visitor), _FORM))


def open_ticket(ticket: str, *, secret: bytes, account: bytes | None = None) -> Visitor:
    """
    Return what a ticket holds; about 5 microseconds, no database. `account`: whose it must be.

    :raises BadLine: if it is not ours, altered, too old, or somebody else's
    """
    if len(ticket) > TICKET_AT_MOST_LETTERS:
        raise BadLine
    try:
        raw = signing.unb64(ticket)
        visitor = _visitors.decode(_box(secret).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _FORM))
    except (ValueError, InvalidTag, msgspec.MsgspecError) as error:
        raise BadLine from error
    if not -_CLOCKS_APART_MS <= clock.now_ms() - visitor.arrived_at_ms <= GOOD_FOR_MS:
        raise BadLine
    if account is not None and not signing.same(visitor.account, account):
        raise BadLine
    return visitor


@functools.lru_cache(4)
def _box(secret: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(signing.derive(secret, _PURPOSE))
