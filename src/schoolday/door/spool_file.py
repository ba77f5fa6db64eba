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
from schoolday.door.salvage import checksum
from schoolday.lib import ids

BATCH_AT_MOST_EVENTS = 200  # an upload whole; 7 values each, and SQLite takes 32,766 in one statement
# 32 MB of log instead of SQLite's 4: at the bell it would fold the log into the file, with two fsyncs, every second.
_PAGES_BEFORE_FOLDING = 8_000
_STATEMENTS_KEPT = 64  # one for each size of batch; a compiled one takes up to 100 KB
_PREFIX, _SUFFIX = "spool-", ".sqlite3"
_NEW, _GONE, _DAMAGED = "new-", "gone-", "damaged-"  # before the prefix
_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    sub TEXT NOT NULL,
    meeting TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    sum TEXT NOT NULL  -- of the body; stands behind it in the file, where salvage.py looks for it
);
CREATE TABLE IF NOT EXISTS used_code (code TEXT PRIMARY KEY, used_at INTEGER NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = "(id, kind, sub, meeting, received_at, body, sum)"
# No index by meeting: it would cost more than all the rest of the line. The roll reads on from where it was.
_ARRIVALS = "SELECT seq, meeting, sub, received_at FROM event WHERE seq > ? AND kind = 'arrived'"
_encode = msgspec.json.Encoder().encode


class SpoolWriter:
    """The writing end. Made and used in one thread; after an I/O error it must not be written again."""

    def __init__(self, folder: Path) -> None:
        self.spool = ids.new_event_id()
        self.path = path_of(folder, self.spool)
        try:
            _make(self.path)
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS_KEPT
            )
        except (sqlite3.Error, OSError) as error:
            delete(self.path)
            raise sqlite3.OperationalError(f"no new spool file: {error}") from error
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES_BEFORE_FOLDING}")
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
            values += (event.id, event.kind, event.sub, event.meeting, event.received_at, body, checksum(body))
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
        """
        Return (position, JSON of the event), in the order of the spool.

        :raises sqlite3.DatabaseError: also if one of them is no longer what was written
        """
        statement = "SELECT seq, body, sum FROM event WHERE seq > ? ORDER BY seq LIMIT ?"
        rows = self._connection.execute(statement, (after, limit)).fetchall()
        for seq, body, kept in rows:
            if not isinstance(body, str) or checksum(body) != kept:  # a flipped bit may make it a number, or nothing
                raise sqlite3.DatabaseError(f"event {seq} is not what was written")
        return [(seq, body) for seq, body, _ in rows]

    def ids(self) -> set[str]:
        return {id_ for (id_,) in self._connection.execute("SELECT id FROM event")}

    def arrivals(self, *, after: int) -> Iterator[tuple[int, str, str, int]]:
        """Give (position, meeting, person, ms) of each arrival after a position; a microsecond or two each."""
        yield from self._connection.execute(_ARRIVALS, (after,))

    def bodies(self, kinds: Sequence[str], *, since_ms: int) -> list[str]:
        """Return the JSON of each event of these kinds that came since then; a microsecond for each looked at."""
        marks = ",".join("?" * len(kinds))
        statement = f"SELECT body FROM event WHERE kind IN ({marks}) AND received_at >= ? ORDER BY seq"  # noqa: S608, no value
        return [body for (body,) in self._connection.execute(statement, (*kinds, since_ms)) if isinstance(body, str)]

    def used_codes(self, *, since: int) -> list[tuple[str, int]]:
        return self._connection.execute("SELECT code, used_at FROM used_code WHERE used_at >= ?", (since,)).fetchall()

    def last(self) -> int:
        """Return the position of the last event, 0 when there is none."""
        return int(self._connection.execute("SELECT COALESCE(MAX(seq), 0) FROM event").fetchone()[0])

    def last_received_ms(self) -> int:
        """Return when the last event came, 0 when there is none."""
        found = self._connection.execute("SELECT received_at FROM event ORDER BY seq DESC LIMIT 1").fetchone()
        return found[0] if found and isinstance(found[0], int) else 0

    def is_empty(self) -> bool:
        statement = "SELECT (SELECT count(*) FROM (SELECT 1 FROM event LIMIT 1)),"
        statement += " (SELECT count(*) FROM (SELECT 1 FROM used_code LIMIT 1))"
        return bool(self._connection.execute(statement).fetchone() == (0, 0))

    def close(self) -> None:
        self._connection.close()


@functools.lru_cache(BATCH_AT_MOST_EVENTS)
def _insert(rows: int) -> str:
    """Return the statement for so many rows; SQLite's compiled form of it is kept by the connection."""
    return f"INSERT OR IGNORE INTO event {_COLUMNS} VALUES {','.join(['(?,?,?,?,?,?,?)'] * rows)}"  # noqa: S608, no value


def _make(path: Path) -> None:
    """Make a spool file with its tables, whole or not at all: one that looks damaged was damaged later."""
    new = path.with_name(_NEW + path.name)
    try:
        connection = sqlite3.connect(new, isolation_level=None)
        try:
            connection.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
        finally:
            connection.close()
        new.replace(path)
    except (sqlite3.Error, OSError):
        for left in path.parent.glob(new.name + "*"):
            left.unlink()
        raise


def path_of(folder: Path, spool: str) -> Path:
    return folder / f"{_PREFIX}{spool}{_SUFFIX}"


def spool_of(path: Path) -> str:
    return path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX)


def spool_paths(folder: Path) -> list[Path]:
    """Return all spool files of a door, oldest first: their ids are UUIDv7 and sort by time."""
    return sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}"))


def delete(path: Path) -> None:
    """
    Delete a spool file with what SQLite keeps beside it.

    Renamed first: a file without its log would look damaged to a door that starts after this one was killed here.
    """
    gone = path.with_name(_GONE + path.name)
    if path.exists():
        path.replace(gone)
    for rest in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"), gone):
        rest.unlink(missing_ok=True)


def finish_deleting(folder: Path) -> None:
    """Delete what a door that was killed in `delete`, or in making a new file, has left. Before any is made."""
    for new in folder.glob(f"{_NEW}{_PREFIX}*"):
        new.unlink()
    for gone in folder.glob(f"{_GONE}{_PREFIX}*{_SUFFIX}"):
        delete(gone.with_name(gone.name.removeprefix(_GONE)))


def set_aside(path: Path) -> None:
    """Rename a damaged spool file and its log, so that nothing reads or deletes it but a person."""
    for beside in ("-wal", "-shm", ""):  # the file itself last: until then it is tried again
        part = path.with_name(path.name + beside)
        if part.exists():
            part.replace(path.with_name(_DAMAGED + part.name))


def damaged_paths(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{_DAMAGED}{_PREFIX}*{_SUFFIX}"))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
