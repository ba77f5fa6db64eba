"""
Reading the spools of this door while they are written: for the office's drain, the roll, and a new start.

A file that is no longer what was written is set aside with an alarm; what it still holds goes into a new spool, in
which the office finds it. A file that the office has whole is deleted after its time.
"""

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from schoolday.contracts.badges import LET_IN_SECONDS
from schoolday.door import salvage, spool_file
from schoolday.door.errors import NotFound
from schoolday.door.event_ids import is_event_id
from schoolday.door.spool_arrivals import SpoolArrivals
from schoolday.door.spool_file import BATCH_AT_MOST_EVENTS, SpoolReader, SpoolWriter
from schoolday.lib import clock, log

_ROLL_LOOKS_BACK_MS = 24 * 3600 * 1000
_KEPT_AT_LEAST_MS = 3600 * 1000  # also with SPOOL_KEEP_DAYS=0: a file is not deleted while it is being made
_LOOK_FOR_OLD_SECONDS = 600.0
_DAMAGE = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH}


class DamagedSpool(Exception):
    """A spool file is no longer what was written; its id is the message."""


class Archive:
    """All spool files of one door. Its readers are kept open; one thread at a time uses them."""

    def __init__(self, folder: Path, *, keep_days: int = 30) -> None:
        """`keep_days`: how long a file stays that the office has whole."""
        self._folder, self._keep_ms = folder, max(keep_days * 24 * 3600 * 1000, _KEPT_AT_LEAST_MS)
        spool_file.finish_deleting(folder)
        # What an earlier process wrote, and perhaps did not finish: looked at once, before the office gets it.
        self._unexamined = {spool_file.spool_of(path) for path in spool_file.spool_paths(folder)}
        self._next_look_for_old = 0.0
        self.deleted = 0
        self._readers: dict[str, SpoolReader] = {}
        self._arrivals: dict[str, SpoolArrivals] = {}
        self._said: set[str] = set()
        self._lock = threading.Lock()

    def spools(self) -> list[str]:
        """
        Return the ids of all spools that can be read, oldest first. One that cannot must not hold up the others.

        The first call looks through what an earlier process left, 10 ms for 10,000 events in a log.
        """
        with self._lock:
            while self._unexamined:
                left = self._unexamined.pop()
                if self._is_damaged(left):
                    self._set_aside(left)
            return [spool for path in spool_file.spool_paths(self._folder) if (spool := self._readable(path))]

    @property
    def damaged(self) -> int:
        """How many files were set aside, ever; they stay until a person takes them away."""
        return len(spool_file.damaged_paths(self._folder))

    def page(self, spool: str, *, after: int, limit: int) -> list[tuple[int, str]]:
        """
        Return (position, JSON of the event) after a position.

        :raises NotFound: if this door has no such spool
        :raises DamagedSpool: if it is no longer what was written; then `set_aside` helps, unless it is being written
        """
        with self._lock:
            try:
                return self._reader(spool).events(after=after, limit=limit)
            except sqlite3.Error as error:
                if is_damage(error):
                    raise DamagedSpool(spool) from error
                raise

    def set_aside(self, spool: str) -> None:
        """Set a damaged spool aside, and put what it still holds into a new one. Not for the one being written."""
        with self._lock:
            self._set_aside(spool)

    def delete_old(self, taken: Mapping[str, int], *, writing: str) -> list[str]:
        """
        Delete the files that are older than `keep_days` and whole at the office; return their ids.

        `taken`: up to which position the office last said of each spool that it has it. Looks every ten minutes.
        """
        if time.monotonic() < self._next_look_for_old:
            return []
        self._next_look_for_old = time.monotonic() + _LOOK_FOR_OLD_SECONDS
        deleted = []
        with self._lock:
            for path in spool_file.spool_paths(self._folder):
                spool = spool_file.spool_of(path)
                if spool == writing or spool not in taken or self._readable(path) is None:
                    continue
                reader = self._reader(spool)
                began = _began_ms(spool)
                if clock.now_ms() - max(began, reader.last_received_ms()) < self._keep_ms:
                    continue
                if reader.last() == taken[spool]:
                    self._forget(spool)
                    spool_file.delete(path)
                    deleted.append(spool)
        self.deleted += len(deleted)
        if deleted:
            log.get(__name__).info("spool files deleted, the office has them", spools=deleted)
        return deleted

    def arrivals(self, meeting: str) -> dict[str, int]:
        """
        Return the ms of each person's first arrival for a meeting, through this door, since yesterday.

        Reads what was written since the last look: 2 ms for a thousand joins, once, whichever meeting is asked for.
        """
        since = clock.now_ms() - _ROLL_LOOKS_BACK_MS
        first: dict[str, int] = {}
        with self._lock:
            for path in spool_file.spool_paths(self._folder):
                spool = self._readable(path)
                if spool and _last_write_ms(path) >= since:
                    arrivals = self._arrivals.setdefault(spool, SpoolArrivals())
                    try:
                        arrivals.read_on(self._reader(spool))
                    except (sqlite3.Error, ValueError, TypeError) as error:  # the office's drain sets it aside
                        log.get(__name__).error("arrivals cannot be read", spool=spool, reason=str(error))
                    for sub, at in arrivals.of(meeting):
                        first[sub] = min(at, first.get(sub, at))
                elif spool:
                    self._arrivals.pop(spool, None)
        return first

    def used_codes(self) -> dict[str, int]:
        """Return the let-in codes that were used and could still be shown again."""
        used: dict[str, int] = {}
        with self._lock:
            for path in spool_file.spool_paths(self._folder):
                used.update(self._codes_in(spool_file.spool_of(path)))
        return used

    def bodies(self, kinds: Sequence[str], *, since_ms: int) -> list[str]:
        """Return the JSON of events of these kinds, in the order of the spools, of files written since then."""
        found: list[str] = []
        for spool in self.spools():  # what was damaged is set aside first: what it held is in another one
            with self._lock:
                if _last_write_ms(spool_file.path_of(self._folder, spool)) < since_ms:
                    continue
                try:
                    found += self._reader(spool).bodies(kinds, since_ms=since_ms)
                except (sqlite3.Error, ValueError, TypeError) as error:  # the office's drain sets it aside
                    log.get(__name__).error("events cannot be read", spool=spool, reason=str(error))
        return found

    def last(self, spool: str) -> int:
        with self._lock:
            return self._reader(spool).last()

    def close(self) -> None:
        with self._lock:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()

    def _readable(self, path: Path) -> str | None:
        spool = spool_file.spool_of(path)
        try:
            self._reader(spool).last()
        except (sqlite3.Error, NotFound, OSError) as error:
            if spool not in self._said:
                self._said.add(spool)
                log.get(__name__).error("spool file cannot be read", spool=spool, reason=str(error))
            return None
        return spool

    def _is_damaged(self, spool: str) -> bool:
        """Say whether a file nobody writes is damaged, or its log holds events behind the place where SQLite stops."""
        path = spool_file.path_of(self._folder, spool)
        try:
            if not path.exists():
                return False
            if not salvage.has_head(path):
                return True
            reader = self._reader(spool)
            reader.is_empty()  # touches both tables
            in_log = salvage.ids_in_log(path)
            return bool(in_log) and not in_log <= reader.ids()
        except sqlite3.Error as error:
            return is_damage(error)
        except (NotFound, OSError):
            return False  # not ours, or not to be had now: the disk may be back later

    def _set_aside(self, spool: str) -> None:
        path = spool_file.path_of(self._folder, spool)
        codes = self._codes_in(spool)
        self._forget(spool)
        try:
            saved = self._save(path, codes)
            spool_file.set_aside(path)
        except (sqlite3.Error, OSError) as error:
            # Nothing is lost: the file stays where it is, and the next start tries again.
            log.get(__name__).error("damaged spool file cannot be set aside", spool=spool, reason=str(error))
            return
        log.get(__name__).error("spool file damaged and set aside", spool=spool, events_saved=saved)

    def _save(self, path: Path, codes: list[tuple[str, int]]) -> int:
        """Write what a damaged file still holds into a new spool; an event that stands elsewhere too does no harm."""
        events = list(salvage.events_in(path))
        if not events and not codes:
            return 0
        writer = SpoolWriter(self._folder)
        try:
            for begin in range(0, len(events), BATCH_AT_MOST_EVENTS):
                writer.write(events[begin : begin + BATCH_AT_MOST_EVENTS])
            for code, used_at in codes:
                writer.use_code(code, used_at=used_at)
        except sqlite3.Error:
            writer.close()
            spool_file.delete(writer.path)
            raise
        writer.close()
        return len(events)

    def _codes_in(self, spool: str) -> list[tuple[str, int]]:
        try:
            return self._reader(spool).used_codes(since=clock.now_seconds() - LET_IN_SECONDS)
        except (sqlite3.Error, NotFound, OSError):
            return []  # a code that was used in the last minutes might be used again, for its own class

    def _forget(self, spool: str) -> None:
        reader = self._readers.pop(spool, None)
        if reader is not None:
            reader.close()
        self._arrivals.pop(spool, None)

    def _reader(self, spool: str) -> SpoolReader:
        reader = self._readers.get(spool)
        if reader is None:
            path = spool_file.path_of(self._folder, spool)
            if not is_event_id(spool) or not path.exists():
                raise NotFound("This door has no such spool.")
            if not salvage.has_head(path):
                raise sqlite3.DatabaseError("this is no database")
            reader = self._readers[spool] = SpoolReader(path)
        return reader


def is_damage(error: sqlite3.Error) -> bool:
    """Say whether a file is damaged, and not only out of reach: an I/O error or a lock may pass."""
    code = getattr(error, "sqlite_errorcode", None)  # none: found by Python or by us, in what was read
    return code is None or code & 0xFF in _DAMAGE


def _began_ms(spool: str) -> int:
    """Return when a file was begun: a spool's id is a UUIDv7, whose first 48 bits are ms."""
    return int(spool.replace("-", "")[:12], 16)


def _last_write_ms(path: Path) -> int:
    beside = path.with_name(path.name + "-wal")
    return max(int(file.stat().st_mtime * 1000) for file in (path, beside) if file.exists())
