"""
Signatures and keys.

Signed contracts are PASETO v4.public (Ed25519): no algorithm header to confuse. The footer names the key
(`kid`) and the use (`pass:student`, `plan:index`, ...); the use is also bound in as the implicit assertion,
so a token made for one use never opens another. Secrets that doors share are derived per day from one
cell secret. Source: paseto-standard/paseto-spec, v4.
"""

import binascii
import functools
import hashlib
import hmac
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec
import pyseto
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from nacl.bindings import crypto_sign_open
from nacl.exceptions import CryptoError
from pyseto.key_interface import KeyInterface

from schoolday.lib.errors import SchooldayError

ROOT_KID = "root"
_FOOTER_AT_MOST_BYTES = 256
_HEADER = "v4.public."
_SIGNATURE_BYTES = 64
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")
_BLOCK_BYTES = 64  # of SHA-256


class BadSignature(SchooldayError):
    """A signed thing is forged, damaged, made for another use, or signed by a key not in force."""

    code = "bad_signature"
    status = HTTPStatus.FORBIDDEN
    text = "This is not signed by a key that is in force."


class Footer(msgspec.Struct, frozen=True):
    """The readable end of a token: which key signed it, and for what."""

    kid: str
    use: str


def b64(data: bytes) -> str:
    """Return unpadded URL-safe base64."""
    # Not base64.urlsafe_b64encode, which goes three calls deep to the same end: a join does this four times.
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """
    Return the bytes of unpadded URL-safe base64, strictly.

    :raises ValueError: for any other letter, for padding, or for a form that is not the canonical one
    """
    raw = text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4)
    data = binascii.a2b_base64(raw, strict_mode=True)
    if b64(data) != text:
        raise ValueError("not canonical base64")
    return data


@dataclass(frozen=True)
class Signer:
    """One private key of the office. Signing takes about 40 microseconds."""

    kid: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, kid: str) -> "Signer":
        return cls(kid, Ed25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, kid: str, raw: bytes) -> "Signer":
        """Read the 32 raw bytes that `private_bytes` gave."""
        return cls(kid, Ed25519PrivateKey.from_private_bytes(raw))

    def private_bytes(self) -> bytes:
        return self.private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())

    def public_bytes(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @functools.cached_property
    def _key(self) -> KeyInterface:
        pem = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return pyseto.Key.new(version=4, purpose="public", key=pem)

    def sign(self, payload: bytes, *, use: str) -> str:
        """Return the token that carries `payload` for one use."""
        footer = msgspec.json.encode(Footer(self.kid, use))
        return pyseto.encode(self._key, payload, footer, implicit_assertion=_assertion(use)).decode()


class Verifier:
    """
    The public keys in force. Verifying takes about 90 microseconds.

    Reads v4.public itself, twelve lines, so that libsodium can check the signature: half the time of pyseto with
    OpenSSL, and this is what a door does most (docs/decisions/0006). Tests hold it to pyseto and the
    specification's vectors.
    """

    def __init__(self, publics: dict[str, bytes]) -> None:
        """`publics`: 32 raw bytes of each key by kid."""
        self._keys = dict(publics)

    def verify(self, token: str, *, use: str) -> bytes:
        """
        Return the payload.

        :raises BadSignature: if the token is not whole, not for this use, or not by a key in force
        """
        footer = read_footer(token)
        key = self._keys.get(footer.kid)
        if key is None or footer.use != use or not token.startswith(_HEADER):
            raise BadSignature
        try:
            _, _, body, end = token.split(".")
            signed = unb64(body)
            payload, signature = signed[:-_SIGNATURE_BYTES], signed[-_SIGNATURE_BYTES:]
            message = _pre_authentication(_HEADER.encode(), payload, unb64(end), _assertion(use))
            crypto_sign_open(signature + message, key)
        except (ValueError, CryptoError) as error:
            raise BadSignature from error
        return payload


def read_footer(token: str) -> Footer:
    """
    Return the footer without checking anything: to choose a key, never to decide.

    :raises BadSignature: if there is none of our form
    """
    _, _, end = token.rpartition(".")
    if token.count(".") != 3 or len(end) > _FOOTER_AT_MOST_BYTES:
        raise BadSignature
    return _footer(end)


@functools.lru_cache(64)  # one text for each key and use; what strangers invent falls out again
def _footer(end: str) -> Footer:
    try:
        return msgspec.json.decode(unb64(end), type=Footer)
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadSignature from error


def derive(secret: bytes, purpose: str, day: str = "") -> bytes:
    """
    Return the 32-byte key of one purpose and day (`20261121`), derived from the cell secret.

    HMAC-SHA256 as a pseudo-random function of (purpose, day); the secret has 32 random bytes.
    """
    return hmac.digest(secret, f"schoolday|{purpose}|{day}".encode(), "sha256")


def mac(key: bytes, message: bytes, *, length_bytes: int = 16) -> bytes:
    """Return a truncated HMAC-SHA256; 2 microseconds."""
    inner_start, outer_start = _mac_states(key)
    inner, outer = inner_start.copy(), outer_start.copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer.digest()[:length_bytes]


def same(one: bytes, other: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one, other)


@functools.lru_cache(256)
def _mac_states(key: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """Return SHA-256 after HMAC's two pads (RFC 2104): to make them anew for each message would double its cost."""
    if len(key) > _BLOCK_BYTES:
        key = hashlib.sha256(key).digest()
    block = key.ljust(_BLOCK_BYTES, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in block)), hashlib.sha256(bytes(b ^ 0x5C for b in block))


def _assertion(use: str) -> bytes:
    return b"schoolday:" + use.encode()


def _pre_authentication(*pieces: bytes) -> bytes:
    """Return PASETO's PAE of some pieces: how many, then each with its length before it (64 bits, little endian)."""
    parts = [len(pieces).to_bytes(8, "little")]
    for piece in pieces:
        parts += (len(piece).to_bytes(8, "little"), piece)
    return b"".join(parts)
