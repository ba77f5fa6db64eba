"""
What a damaged spool file still holds, read from its bytes: SQLite gives up at the first page it does not understand.

Each event's JSON is followed by its checksum in the file, so what is found here is what was once written, bit by bit.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from schoolday.contracts.evidence import Evidence

SUM_LETTERS = 8
_BEGINS = re.compile(rb'\{"id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","kind":')
_BODY_AT_MOST_BYTES = 4_000  # with 2,000 bytes of detail an event has 2,500; it lies in one page of 4,096
_MAGIC = b"SQLite format 3\0"
_decoder = msgspec.json.Decoder(Evidence)


def checksum(body: str) -> str:
    """Return what is kept beside an event, CRC-32; 1 microsecond. SQLite checks only its log, not its pages."""
    return f"{zlib.crc32(body.encode()):08x}"


def has_head(path: Path) -> bool:
    """Say whether this is a database at all. Ask before SQLite does: it deletes the log beside an empty one."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def ids_in_log(path: Path) -> set[str]:
    """Return the ids of all events in the log beside a spool file, also behind the place where SQLite stops reading."""
    log = path.with_name(path.name + "-wal")
    if not log.exists():
        return set()
    return {found.group(1).decode() for found in _BEGINS.finditer(log.read_bytes())}


def events_in(path: Path) -> Iterator[Evidence]:
    """Give every whole event of a spool file and its log, once each, oldest page first; 20 MB a second."""
    seen: set[str] = set()
    for file in (path, path.with_name(path.name + "-wal")):
        raw = file.read_bytes() if file.exists() else b""
        for found in _BEGINS.finditer(raw):
            event = _whole_event(raw, found.start())
            if event is not None and event.id not in seen:
                seen.add(event.id)
                yield event


def _whole_event(raw: bytes, start: int) -> Evidence | None:
    """Return the event that begins here, if its checksum stands behind it."""
    end = start
    while True:
        end = raw.find(b"}", end, start + _BODY_AT_MOST_BYTES) + 1
        if end == 0:
            return None
        body = raw[start:end]
        if raw[end : end + SUM_LETTERS] == b"%08x" % zlib.crc32(body):
            try:
                return _decoder.decode(body)
            except msgspec.MsgspecError:
                return None
