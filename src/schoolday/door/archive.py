"""Reading the spools of this door while they are written: for the office's drain, the roll, and a new start."""

import sqlite3
import threading
from pathlib import Path

from schoolday.contracts.badges import LET_IN_SECONDS
from schoolday.door import spool_file
from schoolday.door.errors import NotFound
from schoolday.door.event_ids import is_event_id
from schoolday.door.spool_arrivals import SpoolArrivals
from schoolday.door.spool_file import SpoolReader
from schoolday.lib import clock, log

_ROLL_LOOKS_BACK_MS = 24 * 3600 * 1000


class Archive:
    """All spool files of one door. Its readers are kept open; one thread at a time uses them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._readers: dict[str, SpoolReader] = {}
        self._arrivals: dict[str, SpoolArrivals] = {}
        self._said: set[str] = set()
        self._lock = threading.Lock()

    def spools(self) -> list[str]:
        """Return the ids of all spools that can be read, oldest first. One that cannot must not hold up the others."""
        with self._lock:
            return [spool for path in spool_file.spool_paths(self._folder) if (spool := self._readable(path))]

    def page(self, spool: str, *, after: int, limit: int) -> list[tuple[int, str]]:
        """
        Return (position, JSON of the event) after a position.

        :raises NotFound: if this door has no such spool
        """
        with self._lock:
            return self._reader(spool).events(after=after, limit=limit)

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
                    arrivals.read_on(self._reader(spool))
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
                spool = self._readable(path)
                if spool:
                    used.update(self._reader(spool).used_codes(since=clock.now_seconds() - LET_IN_SECONDS))
        return used

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
        except (sqlite3.Error, NotFound) as error:
            if spool not in self._said:
                self._said.add(spool)
                log.get(__name__).error("spool file cannot be read", spool=spool, reason=str(error))
            return None
        return spool

    def _reader(self, spool: str) -> SpoolReader:
        reader = self._readers.get(spool)
        if reader is None:
            path = spool_file.path_of(self._folder, spool)
            if not is_event_id(spool) or not path.exists():
                raise NotFound("This door has no such spool.")
            reader = self._readers[spool] = SpoolReader(path)
        return reader


def _last_write_ms(path: Path) -> int:
    beside = path.with_name(path.name + "-wal")
    return max(int(file.stat().st_mtime * 1000) for file in (path, beside) if file.exists())
