"""Where the content of files lies: below CLASSBOOK_DIR, each once, named by its SHA-256, whole or not at all."""

import errno
import hashlib
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from schoolday.lib.errors import SchooldayError
from schoolday.lib.files import write_whole

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DiskFull(SchooldayError):
    """Nothing was kept: the machine's disk has no room."""

    code = "disk_full"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    text = gettext_noop(
        "There is no room for files right now. Your file was not kept; your school office knows what to do."
    )
    retryable = True
    retry_after_seconds = 600


def folder() -> Path:
    chosen = settings.SCHOOLDAY["CLASSBOOK_DIR"]
    return Path(chosen) if chosen else settings.SCHOOLDAY.home / "classbook"


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def keep(data: bytes) -> str:
    """
    Write the content, unless it is there, and return its SHA-256. Killed in the middle it leaves no half of it.

    :raises DiskFull: if it does not fit; nothing is left behind
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
            path.touch()  # young again, so that nobody sweeps it before it is named
        else:
            write_whole(path, data, mode=0o600)
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise
    return sha256


def sweep(named: set[str], *, older_than: float) -> int:
    """Remove contents that no row names and that are older than a time (seconds since 1970); return how many."""
    swept = 0
    for path in folder().glob("??/*"):
        if path.name not in named and path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
