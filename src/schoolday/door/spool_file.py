"""
One spool file: SQLite in WAL mode, synchronous=FULL, append-only, written by one thread.

A batch is one INSERT with many rows, for two reasons: an autocommitted statement is a whole transaction, and
Python's lock is given up and fought for once per batch instead of once per row.
"""

import functools
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from schoolday.contracts.evidence import Evidence
from schoolday.lib import ids

BATCH_AT_MOST_EVENTS = 200  # an upload whole; 6 values each, and SQLite takes 32,766 in one statement
# 32 MB of log instead of SQLite's 4: at the bell it would fold the log into the file, with two fsyncs, every second.
_PAGES_BEFORE_FOLDING = 8_000
_STATEMENTS_KEPT = 64  # one for each size of batch; a compiled one takes up to 100 KB
_PREFIX, _SUFFIX = "spool-", ".sqlite3"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    sub TEXT NOT NULL,
    meeting TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS used_code (code TEXT PRIMARY KEY, used_at INTEGER NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = "(id, kind, sub, meeting, received_at, body)"
# No index by meeting: it would cost more than all the rest of the line. The roll reads on from where it was.
_ARRIVALS = "SELECT seq, meeting, sub, received_at FROM event WHERE seq > ? AND kind = 'arrived'"
_encode = msgspec.json.Encoder().encode


class SpoolWriter:
    """The writing end. Made and used in one thread; after an I/O error it must not be written again."""

    def __init__(self, folder: Path) -> None:
        self.spool = ids.new_event_id()
        self.path = path_of(folder, self.spool)
        self._connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS_KEPT
        )
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES_BEFORE_FOLDING}")
            self._connection.executescript(_SCHEMA)
            _sync_folder(folder)
        except (sqlite3.Error, OSError) as error:
            self._connection.close()
            delete(self.path)
            raise sqlite3.OperationalError(f"no new spool file: {error}") from error

    def write(self, events: Sequence[Evidence]) -> None:
        """Write a batch; it is on the disk, or nothing of it is, when this returns or raises sqlite3.Error."""
        values: list[object] = []
        for event in events:
            body = _encode(event).decode()
            values += (event.id, event.kind, event.sub, event.meeting, event.received_at, body)
        self._connection.execute(_insert(len(events)), values)

    def use_code(self, code: str, *, used_at: int) -> None:
        self._connection.execute("INSERT OR IGNORE INTO used_code VALUES (?, ?)", (code, used_at))

    def close(self) -> None:
        self._connection.close()


class SpoolReader:
    """The reading end of one file, also while it is written. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        self.spool = spool_of(path)
        # Read-only: closing it never checkpoints, so a file that had an I/O error stays as it is.
        self._connection = sqlite3.connect(
            f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )

    def events(self, *, after: int, limit: int) -> list[tuple[int, str]]:
        """Return (position, JSON of the event), in the order of the spool."""
        statement = "SELECT seq, body FROM event WHERE seq > ? ORDER BY seq LIMIT ?"
        return self._connection.execute(statement, (after, limit)).fetchall()

    def arrivals(self, *, after: int) -> Iterator[tuple[int, str, str, int]]:
        """Give (position, meeting, person, ms) of each arrival after a position; a microsecond or two each."""
        yield from self._connection.execute(_ARRIVALS, (after,))

    def used_codes(self, *, since: int) -> list[tuple[str, int]]:
        return self._connection.execute("SELECT code, used_at FROM used_code WHERE used_at >= ?", (since,)).fetchall()

    def last(self) -> int:
        """Return the position of the last event, 0 when there is none."""
        return int(self._connection.execute("SELECT COALESCE(MAX(seq), 0) FROM event").fetchone()[0])

    def is_empty(self) -> bool:
        statement = "SELECT NOT EXISTS (SELECT 1 FROM event) AND NOT EXISTS (SELECT 1 FROM used_code)"
        return bool(self._connection.execute(statement).fetchone()[0])

    def close(self) -> None:
        self._connection.close()


@functools.lru_cache(BATCH_AT_MOST_EVENTS)
def _insert(rows: int) -> str:
    """Return the statement for so many rows; SQLite's compiled form of it is kept by the connection."""
    return f"INSERT OR IGNORE INTO event {_COLUMNS} VALUES {','.join(['(?,?,?,?,?,?)'] * rows)}"  # noqa: S608, no value


def path_of(folder: Path, spool: str) -> Path:
    return folder / f"{_PREFIX}{spool}{_SUFFIX}"


def spool_of(path: Path) -> str:
    return path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)


def spool_paths(folder: Path) -> list[Path]:
    """Return all spool files of a door, oldest first: their ids are UUIDv7 and sort by time."""
    return sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}"))


def delete(path: Path) -> None:
    """Delete a spool file with what SQLite keeps beside it."""
    for beside in ("-wal", "-shm", ""):
        path.with_name(path.name + beside).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
