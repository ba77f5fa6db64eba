"""The VAPID key (RFC 8292): who we are to push services. keys/vapid.private in SCHOOLDAY_HOME, mode 600, made once."""

import base64
import functools
import os
import threading
import time
from email.utils import parseaddr
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from schoolday.lib.errors import BadSettings
from schoolday.lib.files import sync_folder
from schoolday.lib.signing import b64

_GOOD_SECONDS = 12 * 3_600  # RFC 8292: 24 hours at most
_RENEW_BEFORE_SECONDS = 3_600


def vapid_path() -> Path:
    path: Path = settings.SCHOOLDAY.keys_dir / "vapid.private"
    return path


def public_key() -> str:
    """Return the public key as a browser's `applicationServerKey` wants it; makes the pair when there is none."""
    return b64(_pair().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _pair() -> Vapid02:
    path = vapid_path()
    if not path.exists():
        _make(path)
    return _read(path, path.stat().st_mtime_ns)


class Tickets:
    """Signed headers per push service, each good for half a day: signing every message would cost more than sending."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, str]] = {}

    def header(self, origin: str) -> str:
        """Return the `Authorization` header for one push service."""
        with self._lock:
            until, header = self._kept.get(origin, (0.0, ""))
            # The wall clock of this machine, as push services see it: a drill's clock has no place here.
            now = time.time()
            if now > until - _RENEW_BEFORE_SECONDS:
                until = now + _GOOD_SECONDS
                claims: dict[str, str | int] = {"aud": origin, "exp": int(until), "sub": _contact()}
                header = str(_pair().sign(claims)["Authorization"])
                self._kept[origin] = (until, header)
            return header


def _contact() -> str:
    """Return where a push service can reach us."""
    said: str = settings.SCHOOLDAY["PUSH_CONTACT"]
    return said or f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def _make(path: Path) -> None:
    """Write a new key; of two processes at once one wins, and both use what it wrote."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(partial)
        except FileExistsError:
            return
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


@functools.lru_cache(maxsize=2)
def _read(path: Path, _changed_ns: int) -> Vapid02:
    try:
        return Vapid02.from_pem(path.read_bytes())
    except ValueError as error:
        raise BadSettings(
            f"{path} is damaged: put it back from your copy. A new one loses all subscriptions."
        ) from error


def raw(text: str) -> bytes:
    """Return the bytes of base64 as browsers write it, padded or not, either alphabet."""
    return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4))
