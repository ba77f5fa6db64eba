"""Signatures: for one use, by a key in force, and nothing else."""

import hashlib
import hmac

import pyseto
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from schoolday.lib import signing
from schoolday.lib.signing import BadSignature, Signer, Verifier, b64, unb64

SIGNER = Signer.generate("k1")
VERIFIER = Verifier({"k1": SIGNER.public_bytes()})
TOKEN = SIGNER.sign(b"payload", use="pass:student")


@given(key=st.binary(max_size=200), message=st.binary(max_size=300))
def test_the_mac_is_hmac_sha256(key: bytes, message: bytes) -> None:
    expected = hmac.new(key, message, hashlib.sha256).digest()
    assert signing.mac(key, message, length_bytes=32) == expected
    assert signing.mac(key, message) == expected[:16]


def test_a_token_opens_for_its_use_only() -> None:
    assert VERIFIER.verify(TOKEN, use="pass:student") == b"payload"
    for use in ("pass:teacher", "plan:index", ""):
        with pytest.raises(BadSignature):
            VERIFIER.verify(TOKEN, use=use)
    with pytest.raises(BadSignature):
        Verifier({"k1": Signer.generate("k1").public_bytes()}).verify(TOKEN, use="pass:student")
    with pytest.raises(BadSignature):
        Verifier({"k2": SIGNER.public_bytes()}).verify(TOKEN, use="pass:student")


def test_a_footer_that_names_another_use_does_not_help() -> None:
    lie = signing.b64(b'{"kid":"k1","use":"plan:index"}')
    with pytest.raises(BadSignature):
        VERIFIER.verify(TOKEN.rpartition(".")[0] + "." + lie, use="plan:index")


@given(st.text(max_size=300))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    for token in (text, "v4.public." + text, TOKEN[:30] + text + TOKEN[30:] if text else ""):
        with pytest.raises(BadSignature):
            VERIFIER.verify(token, use="pass:student")


@given(st.binary(max_size=100))
def test_base64_is_strict(raw: bytes) -> None:
    text = signing.b64(raw)
    assert signing.unb64(text) == raw
    for other in (
        text + "=",
        text + "\n",
        " " + text,
        text + "A" * (1 if len(text) % 4 == 0 else 4 - len(text) % 4) + "!",
    ):
        with pytest.raises(ValueError):  # noqa: PT011, callers turn it into their own error
            signing.unb64(other)


def test_keys_of_purposes_and_days_differ() -> None:
    keys = {signing.derive(b"s" * 32, purpose, day) for purpose in ("a", "b") for day in ("", "20261121", "20261122")}
    assert len(keys) == 6


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["pass:student", "plan:index"]))
def test_what_we_read_is_what_pyseto_reads(payload: bytes, use: str) -> None:
    signer = Signer.generate("k1")
    token = signer.sign(payload, use=use)
    public = Ed25519PublicKey.from_public_bytes(signer.public_bytes())
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    theirs = pyseto.decode(pyseto.Key.new(4, "public", pem), token, implicit_assertion=b"schoolday:" + use.encode())
    assert Verifier({"k1": signer.public_bytes()}).verify(token, use=use) == theirs.payload == payload


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_refused(place: int, change: int) -> None:
    signer = Signer.generate("k1")
    version, purpose, body, footer = signer.sign(b"seven doors", use="badge").split(".")
    raw = bytearray(unb64(body))
    raw[place % len(raw)] ^= change
    with pytest.raises(BadSignature):
        Verifier({"k1": signer.public_bytes()}).verify(f"{version}.{purpose}.{b64(bytes(raw))}.{footer}", use="badge")


@pytest.mark.parametrize("header", ["v3.public", "v4.local", "v4.publik"])
def test_another_version_or_purpose_is_refused(header: str) -> None:
    signer = Signer.generate("k1")
    _, _, body, footer = signer.sign(b"seven doors", use="badge").split(".")
    with pytest.raises(BadSignature):
        Verifier({"k1": signer.public_bytes()}).verify(f"{header}.{body}.{footer}", use="badge")
