"""A browser's half of web push: its keys, and what it could read (RFC 8291)."""

import json
import os
from dataclasses import dataclass, field

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from schoolday.lib.signing import b64
from tests.office.notices.http_server import Call


@dataclass
class Browser:
    """One browser's half: its keys, and what it could read."""

    path: str
    read: list[dict[str, str]] = field(default_factory=list)
    status: int = 201
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    def subscription(self, origin: str) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": origin + self.path, "p256dh": b64(point), "auth": b64(self.auth)}

    def take(self, call: Call) -> None:
        text = http_ece.decrypt(call.body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        self.read.append(json.loads(text))
