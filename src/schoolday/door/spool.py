"""
The spool: what a door has acknowledged and the office has not yet taken. Acknowledged means fsynced.

One writer thread commits in groups: all that arrives while one commit is under way, and until 5 ms after it
began, goes into the next. Who comes alone is committed at once.
After a failed fsync nobody knows what the kernel still holds, so the file is lost for writing: the batch
goes into a new one, and an fsync is never tried again. For the same reason each start begins a new file.
Source: "Can Applications Recover from fsync Failures?", USENIX ATC 2020.
"""

import asyncio
import itertools
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from schoolday.contracts.evidence import Evidence
from schoolday.door import salvage, spool_file
from schoolday.door.spool_file import SpoolReader, SpoolWriter
from schoolday.lib import clock, log
from schoolday.lib.errors import Busy

WAITING_AT_MOST_EVENTS = 20_000  # about two seconds of commits on a slow disk; beyond it, Busy is the kinder answer
_GATHER_SECONDS = 0.005  # least time between two commits; without it, a fast disk gives many small, dear ones
_BREATH_SECONDS = 0.5  # between tries on a disk that is full or gone
_ROTATE_AFTER_SECONDS = 24 * 3600  # so that old files can be deleted whole

_Work = tuple[Sequence[Evidence], str, "asyncio.Future[None]"]  # events, a used code, who waits for the commit


class Spool:
    """Takes events durably. `keep` and `use_code` on the loop's thread only."""

    def __init__(self, folder: Path, *, loop: asyncio.AbstractEventLoop) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.commits = self.kept = self.failed = self.rotations = 0
        self._loop = loop
        self._waiting: list[_Work] = []
        self._waiting_events = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._next_commit = 0.0
        delete_empty(folder)
        self._writer = self._first_writer()
        self.spool = self._writer.spool if self._writer else ""  # the id of the file that is written now
        self._opened = time.monotonic()
        self._given_up = ""
        self._lost: list[SpoolWriter] = []  # never closed: SQLite would checkpoint, that is write, on closing
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        return self._waiting_events

    async def keep(self, events: Sequence[Evidence]) -> None:
        """
        Return when all of these are on the disk; an id that is there already is left as it is.

        :raises Busy: if too many wait, or the disk does not take them; then none of these is kept
        """
        if self._waiting_events + len(events) > WAITING_AT_MOST_EVENTS:
            raise Busy
        await self._enqueue(events, "")

    async def use_code(self, code: str) -> None:
        """Return when it is on the disk that `code` was used; errors as `keep`."""
        await self._enqueue((), code)

    def give_up(self, spool: str) -> None:
        """Let the next batch begin a new file if this one is being written: what was read of it is damaged."""
        self._given_up = spool

    def close(self) -> None:
        """Write what waits, then close. Blocks for one or two commits."""
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout=10)

    def _first_writer(self) -> SpoolWriter | None:
        """Begin a file; on a full disk the door starts without one, answers `busy`, and begins one with a batch."""
        try:
            return SpoolWriter(self.folder)
        except sqlite3.Error as error:
            log.get(__name__).error("no spool file to write to", reason=str(error))
            return None

    def _enqueue(self, events: Sequence[Evidence], code: str) -> "asyncio.Future[None]":
        if self._stopping:
            raise Busy
        future = self._loop.create_future()
        with self._lock:
            self._waiting.append((events, code, future))
            self._waiting_events += len(events)
            first = len(self._waiting) == 1
        if first:
            self._wake.set()
        return future

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._waiting:
                time.sleep(max(0.0, self._next_commit - time.monotonic()))
                self._next_commit = time.monotonic() + _GATHER_SECONDS
                self._commit(self._take())
            if self._stopping and not self._waiting:
                if self._writer:
                    self._writer.close()
                return

    def _take(self) -> list[_Work]:
        with self._lock:
            batch: list[_Work] = []
            size = 0
            for work in self._waiting:
                if batch and size + len(work[0]) > spool_file.BATCH_AT_MOST_EVENTS:
                    break
                batch.append(work)
                size += len(work[0])
            del self._waiting[: len(batch)]
            self._waiting_events -= size
        return batch

    def _commit(self, batch: list[_Work]) -> None:
        error: Busy | None = None
        try:
            if self._writer and time.monotonic() - self._opened > _ROTATE_AFTER_SECONDS:
                self._writer.close()
                self._writer = None
            if self._writer and self._given_up == self._writer.spool:
                self._lost.append(self._writer)
                self._writer = None
            self._write(batch)
        except sqlite3.Error as trouble:
            error = Busy("This door's disk does not take arrivals; another door does.")
            self.failed += 1
            log.get(__name__).error("spool does not take a batch", reason=str(trouble), events=len(batch))
        self._loop.call_soon_threadsafe(_resolve, batch, error)
        if error and not self._stopping:
            time.sleep(_BREATH_SECONDS)

    def _write(self, batch: list[_Work]) -> None:
        events = list(itertools.chain.from_iterable(work[0] for work in batch))
        codes = [work[1] for work in batch if work[1]]
        try:
            self._write_once(events, codes)
        except sqlite3.Error as error:
            if is_full(error) or self._writer is None:
                raise  # undone whole, and the file is sound; or there is no file to write to
            log.get(__name__).error("spool file lost for writing", spool=self.spool, reason=str(error))
            self._lost.append(self._writer)
            self._writer = None
            self._write_once(events, codes)
        self.commits += 1
        self.kept += len(events)

    def _write_once(self, events: list[Evidence], codes: list[str]) -> None:
        if self._writer is None:
            self._writer = SpoolWriter(self.folder)
            self.spool = self._writer.spool
            self._opened = time.monotonic()
            self.rotations += 1
        if events:
            self._writer.write(events)
        for code in codes:
            self._writer.use_code(code, used_at=clock.now_seconds())


def is_full(error: sqlite3.Error) -> bool:
    """Say whether the disk is full: SQLite has then undone the statement, and the file is as it was."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def delete_empty(folder: Path) -> None:
    """Delete spool files in which nothing was ever written: a door that is started often leaves many."""
    for path in spool_file.spool_paths(folder):
        try:
            if not salvage.has_head(path):
                continue  # damaged, which is the archive's to see: a log may lie beside it
            reader = SpoolReader(path)
            try:
                empty = reader.is_empty() and not salvage.ids_in_log(path)
            finally:
                reader.close()
        except (sqlite3.Error, OSError) as error:
            log.get(__name__).warning("spool file cannot be read", spool=path.name, reason=str(error))
            continue
        if empty:
            spool_file.delete(path)


def _resolve(batch: list[_Work], error: Busy | None) -> None:
    for _, _, future in batch:
        if future.done():
            continue  # whoever waited has gone
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
