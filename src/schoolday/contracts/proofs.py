"""
The device's proof: it holds the private key whose thumbprint stands in the pass.

A door hands out a nonce (its own clock, never the device's); the device signs nonce and pass with its
non-extractable P-256 key. Needed at the first contact of a day only.
"""

import hashlib
import os

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from schoolday.lib import signing
from schoolday.lib.signing import BadSignature

NONCE_SECONDS = 600  # fetched when Today opens, used at the bell; our judgement
_ECDSA = ec.ECDSA(hashes.SHA256())
_CURVE = ec.SECP256R1()


class DeviceKey(msgspec.Struct, frozen=True):
    """The public half of a device's P-256 key, as in its JWK: `x` and `y`, 32 bytes each, base64."""

    x: str
    y: str


def thumbprint(key: DeviceKey) -> str:
    """Return the RFC 7638 thumbprint (SHA-256, base64), 43 letters."""
    canonical = f'{{"crv":"P-256","kty":"EC","x":"{key.x}","y":"{key.y}"}}'
    return signing.b64(hashlib.sha256(canonical.encode()).digest())


def nonce_key(cell_secret: bytes) -> bytes:
    """Return the key by which all doors of a cell know each other's nonces."""
    return signing.derive(cell_secret, "nonce")


def make_nonce(key: bytes, *, now: int) -> str:
    """Return a nonce that any door of the cell takes for `NONCE_SECONDS`. `now`: seconds."""
    body = now.to_bytes(6, "big") + os.urandom(10)
    return signing.b64(body + signing.mac(key, body))


def nonce_is_fresh(key: bytes, nonce: str, *, now: int) -> bool:
    """Say whether a door of this cell made `nonce` within `NONCE_SECONDS`."""
    try:
        raw = signing.unb64(nonce)
    except ValueError:
        return False
    body, tag = raw[:16], raw[16:]
    if not signing.same(signing.mac(key, body), tag):
        return False
    age = now - int.from_bytes(body[:6], "big")
    return -60 <= age <= NONCE_SECONDS  # a minute: clocks of two doors


def proof_message(*, nonce: str, token: str) -> bytes:
    """Return the bytes that the device signs."""
    return f"schoolday-first-contact\n{nonce}\n{hashlib.sha256(token.encode()).hexdigest()}".encode()


def check_proof(key: DeviceKey, proof: str, message: bytes) -> None:
    """
    Check a WebCrypto ECDSA P-256 signature (r and s, 64 bytes, base64); about 100 microseconds.

    :raises BadSignature: if it is not by this key over this message
    """
    try:
        x, y, raw = signing.unb64(key.x), signing.unb64(key.y), signing.unb64(proof)
        if (len(x), len(y), len(raw)) != (32, 32, 64):
            raise BadSignature  # a key has one form, or one device would have several thumbprints
        public = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, b"\x04" + x + y)
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        public.verify(der, message, _ECDSA)
    except (ValueError, InvalidSignature) as error:
        raise BadSignature from error
