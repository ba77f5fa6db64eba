"""
What the hands did, on disk before and after each sending: a killed process leaves at most its hands' few unsure.

One file per channel in SCHOOLDAY_HOME/run/notices/. A line `I <row> <attempt>` is on disk (fdatasync, 0.3 ms) before
a message leaves, `O <row> <attempt> <outcome>` after it; the file is emptied once the database has all outcomes.
Held by a lock, so two workers of one home never send on one channel together; a kill releases the lock.
"""

import fcntl
import os
import threading
from pathlib import Path

import msgspec

from schoolday.lib import ids
from schoolday.lib.files import write_once
from schoolday.office.notices.channels.channel import Outcome


class Journal:
    """The journal of one channel. `hold` before anything else."""

    def __init__(self, folder: Path, channel: str) -> None:
        self._folder = folder
        self._path = folder / f"{channel}.journal"
        self._write_lock = threading.Lock()
        self._descriptor = -1
        self._lock_descriptor = -1
        self.holder = ""

    def hold(self) -> bool:
        """Take the journal for this process; False: another one has it."""
        if self._descriptor >= 0:
            return True
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock_descriptor = lock
        self.holder = self._whose()
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        return True

    def release(self) -> None:
        for descriptor in (self._descriptor, self._lock_descriptor):
            if descriptor >= 0:
                os.close(descriptor)
        self._descriptor = self._lock_descriptor = -1

    def intend(self, row_id: int, attempt_id: str) -> None:
        """Say that a message leaves now. On disk when this returns."""
        self._append(f"I {row_id} {attempt_id}\n")
        os.fdatasync(self._descriptor)

    def record(self, row_id: int, attempt_id: str, outcome: Outcome) -> None:
        """Say what came of it. Outlives a kill at once; a power cut may cost it, the intent stays."""
        self._append(f"O {row_id} {attempt_id} {msgspec.json.encode(outcome).decode()}\n")

    def read(self) -> dict[tuple[int, str], Outcome | None]:
        """Return each (row, attempt) that was begun, with its outcome; None: nobody knows. A torn last line is none."""
        found: dict[tuple[int, str], Outcome | None] = {}
        for line in self._path.read_bytes().split(b"\n")[:-1]:
            try:
                kind, row_id, attempt_id, *rest = line.decode().split(" ", 3)
                outcome = msgspec.json.decode(rest[0], type=Outcome) if kind == "O" else None
                found[int(row_id), attempt_id] = outcome
            except (ValueError, IndexError, msgspec.MsgspecError):
                continue  # torn by a power cut: the line before it, its intent, is what counts
        return found

    def empty(self) -> None:
        """Forget all: the database has it."""
        os.ftruncate(self._descriptor, 0)

    def _append(self, line: str) -> None:
        with self._write_lock:
            os.write(self._descriptor, line.encode())

    def _whose(self) -> str:
        """
        Return the id of this home, which its claims carry: after a restart it knows its own rows.

        All channels begin at once: the first one's word holds. Rows of another word would wait for their lease to end.
        """
        return write_once(self._folder / "holder", ids.new_id().encode()).decode().strip()
