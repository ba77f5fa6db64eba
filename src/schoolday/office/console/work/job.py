"""One job of the worker: when it runs, how it went, how long it rests after a failure."""

import random
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from django.db import close_old_connections, connection

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError

log = structlog.get_logger(__name__)
_FIRST_REST_SECONDS = 1.0


@dataclass
class Job:
    """
    `run` does one round and returns what it did, for the log; it must leave nothing half-done when it is killed.

    `rest_at_most_seconds`: the longest wait after failures; full jitter, so that a thousand workers do not come
    back in step.
    """

    name: str
    every_seconds: float
    run: Callable[[], object]
    rest_at_most_seconds: float = 60.0
    runs: int = 0
    failures: int = 0
    failures_in_a_row: int = 0
    last_ok_at: float | None = None
    last_error: str = ""
    running_since: float | None = None
    _random: random.Random = field(default_factory=random.SystemRandom, repr=False)

    def loop(self, stop: threading.Event) -> None:
        """Run again and again until `stop`."""
        try:
            while not stop.is_set():
                stop.wait(self.every_seconds if self.once() else self.rest_seconds())
        finally:
            connection.close()

    def once(self) -> bool:
        """Do one round; whatever breaks in it is said, counted, and stays in it."""
        began = time.monotonic()
        self.running_since = clock.now().timestamp()
        close_old_connections()
        try:
            did = self.run()
        except Exception as error:
            self._failed(error)
            return False
        finally:
            self.running_since = None
            self.runs += 1
            close_old_connections()
        self.failures_in_a_row, self.last_error = 0, ""
        self.last_ok_at = clock.now().timestamp()
        if did:
            log.info("job done", job=self.name, did=did, seconds=round(time.monotonic() - began, 3))
        return True

    def rest_seconds(self) -> float:
        """Return how long to wait after a failure: full jitter up to twice as long each time."""
        longest = min(self.rest_at_most_seconds, _FIRST_REST_SECONDS * 2 ** min(self.failures_in_a_row, 20))
        return self._random.uniform(0.1, longest)

    def state(self) -> dict[str, Any]:
        """Return what the heartbeat says of this job."""
        return {
            "runs": self.runs,
            "failures": self.failures,
            "last_ok_at": self.last_ok_at,
            "last_error": self.last_error,
            "running_since": self.running_since,
        }

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        self.failures_in_a_row += 1
        self.last_error = describe(error)
        if self.failures_in_a_row.bit_count() == 1:  # 1, 2, 4, 8 ...: a door that is dead all night fills no disk
            log.error("job failed", job=self.name, error=self.last_error, in_a_row=self.failures_in_a_row)
        # What broke may be the line to the database: the next round begins with a new one.
        if not connection.in_atomic_block:
            connection.close()


def describe(error: BaseException) -> str:
    """
    Return what broke and where, for the log.

    Of our own errors the sentence; of others only kind and place: their texts may quote a row of the database.
    """
    if isinstance(error, SchooldayError):
        return f"{error.code}: {error.text}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or list(frames)
    place = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return type(error).__name__ + place
