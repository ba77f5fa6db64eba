"""The key set: which public keys are in force, signed by the root key that is kept offline."""

import msgspec

from schoolday.lib.signing import ROOT_KID, Signer, Verifier, unb64

USE = "keyset"


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """One public key of the office. `public`: 32 bytes, base64. Times in seconds since 1970 UTC."""

    kid: str
    public: str
    not_before: int
    not_after: int


class KeySet(msgspec.Struct, frozen=True, kw_only=True):
    """The keys in force: current, next, last. `issued_at` only ever rises."""

    v: int = 1
    district: str
    issued_at: int
    keys: tuple[PublicKey, ...]

    def verifier(self, *, at: int) -> Verifier:
        """Return a verifier with the keys that are valid at `at` (seconds)."""
        return Verifier({k.kid: unb64(k.public) for k in self.keys if k.not_before <= at < k.not_after})


def sign_key_set(key_set: KeySet, root: Signer) -> str:
    """Return the signed key set. `root.kid` must be `root`."""
    return root.sign(msgspec.json.encode(key_set), use=USE)


def open_key_set(token: str, *, root_public: bytes) -> KeySet:
    """
    Return the key set.

    :raises BadSignature: if the root key did not sign it
    :raises msgspec.ValidationError: if it is of another form
    """
    payload = Verifier({ROOT_KID: root_public}).verify(token, use=USE)
    return msgspec.json.decode(payload, type=KeySet)
