"""Signatures: for one use, by a key in force, and nothing else."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolday.lib import signing
from schoolday.lib.signing import BadSignature, Signer, Verifier

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
