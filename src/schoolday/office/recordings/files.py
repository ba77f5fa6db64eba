"""
Recordings on our disk: pieces in `<id>.parts/`, and in the end one file.

A piece, and the file, are there whole or not at all: written beside their place, synced, then put there in one step.
"""

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_noop

from schoolday.lib.errors import BadRequest, SchooldayError
from schoolday.office.recordings.ebml import HEAD_AT_MOST_BYTES, with_duration

READ_AT_ONCE_BYTES = 256 * 1024
FREE_AT_LEAST_BYTES = 512 * 2**20  # the database lives on the same disk; our judgement
_ID = re.compile(r"[0-9a-z]{12}")
_EXTENSIONS = {"video/webm": "webm", "video/mp4": "mp4"}


class NoRoom(SchooldayError):
    """The office's disk has no room for more recordings; what the device holds stays there."""

    code = "no_room"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    text = gettext_noop("The school has no room for more recordings right now. Yours waits on your device.")
    retryable = True
    retry_after_seconds = 300


class Damaged(SchooldayError):
    """What came is not what was sent."""

    code = "damaged"
    status = HTTPStatus.BAD_REQUEST
    text = "This piece of the recording came damaged. Send it again."
    retryable = True


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


def extension_of(media_type: str) -> str:
    """
    Return how the file's name ends.

    :raises BadRequest: for a kind of file that no browser records
    """
    found = _EXTENSIONS.get(media_type.partition(";")[0].strip().lower())
    if found is None:
        raise BadRequest("A recording is video/webm or video/mp4.")
    return found


def folder() -> Path:
    """Return where recordings are: RECORDINGS_DIR, else recordings/ in SCHOOLDAY_HOME."""
    given = settings.SCHOOLDAY["RECORDINGS_DIR"]
    return Path(given) if given else settings.SCHOOLDAY.home / "recordings"


def path_of(recording_id: str, media_type: str) -> Path:
    return folder() / f"{_checked(recording_id)}.{extension_of(media_type)}"


def parts_of(recording_id: str) -> Path:
    return folder() / f"{_checked(recording_id)}.parts"


def keep_chunk(recording_id: str, number: int, source: Source, *, size_bytes: int, sha256: str) -> None:
    """
    Keep one piece, read from the line as it comes: at most 256 KB of it are in memory.

    :raises Damaged: if it is shorter or longer than said, or another than `sha256` says; NoRoom: if the disk is full
    """
    with _disk():
        place = parts_of(recording_id)
        place.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(place).free < size_bytes + FREE_AT_LEAST_BYTES:
            raise NoRoom
        partial = place / f"{number}.{secrets.token_hex(4)}.partial"
        try:
            _write(partial, source, size_bytes=size_bytes, sha256=sha256)
            partial.replace(place / str(number))
        finally:
            partial.unlink(missing_ok=True)


def put_together(recording_id: str, media_type: str, *, chunks: int, seconds: int) -> int:
    """
    Make the one file of pieces 0 to `chunks` - 1, and return its size in bytes; the pieces go afterwards.

    WebM gets its length written into the head, so that players know it and can seek. About a second per GB.

    :raises NoRoom: if the disk is full; then the pieces stay
    """
    target = path_of(recording_id, media_type)
    parts = parts_of(recording_id)
    partial = target.with_suffix(f".{secrets.token_hex(4)}.partial")
    with _disk():
        if not target.exists():
            try:
                with partial.open("wb") as out:
                    for number in range(chunks):
                        with (parts / str(number)).open("rb") as piece:
                            if number == 0 and extension_of(media_type) == "webm":
                                out.write(with_duration(piece.read(HEAD_AT_MOST_BYTES), seconds=seconds))
                            shutil.copyfileobj(piece, out, READ_AT_ONCE_BYTES)
                    out.flush()
                    os.fsync(out.fileno())
                partial.replace(target)
                _sync_folder(target.parent)
            finally:
                partial.unlink(missing_ok=True)
        shutil.rmtree(parts, ignore_errors=True)
        return target.stat().st_size


def forget(recording_id: str) -> None:
    """Take everything of a recording off the disk; again changes nothing."""
    for extension in set(_EXTENSIONS.values()):
        (folder() / f"{_checked(recording_id)}.{extension}").unlink(missing_ok=True)
    shutil.rmtree(parts_of(recording_id), ignore_errors=True)


def ids_on_disk() -> set[str]:
    """Return the ids of recordings of which something is on the disk."""
    if not folder().is_dir():
        return set()
    return {name for one in folder().iterdir() if _ID.fullmatch(name := one.name.partition(".")[0])}


def pieces(path: Path, *, first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes `first` to `last`, both included."""
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (read := file.read(min(left, READ_AT_ONCE_BYTES))):
            left -= len(read)
            yield read


def _write(partial: Path, source: Source, *, size_bytes: int, sha256: str) -> None:
    digest = hashlib.sha256()
    got = 0
    with partial.open("wb") as out:
        while got <= size_bytes and (read := source.read(READ_AT_ONCE_BYTES)):
            got += len(read)
            digest.update(read)
            out.write(read)
        if got != size_bytes or digest.hexdigest() != sha256:
            raise Damaged
        out.flush()
        os.fsync(out.fileno())


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS):
            raise NoRoom from error
        raise


def _sync_folder(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checked(recording_id: str) -> str:
    if not _ID.fullmatch(recording_id):
        raise BadRequest("This is no recording's id.")
    return recording_id
