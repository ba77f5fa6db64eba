"""Not faster than the other side allows: places given out along a time line."""

import threading
import time


class Pace:
    """A rate: `reserve` gives the moment of the next free place. A short burst is allowed, a tenth of a second."""

    def __init__(self, per_second: float) -> None:
        self._gap_seconds = 1 / per_second if per_second > 0 else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Return how long to wait, in seconds, before one may send; the place is taken."""
        with self._lock:
            now = time.monotonic()
            at = max(self._next, now - 0.1)
            self._next = at + self._gap_seconds
            return max(0.0, at - now)

    def rest(self, seconds: float) -> None:
        """Give no place for so long: the other side asked for it."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)

    def free_within(self, seconds: float) -> int:
        """Return how many places there are within that time."""
        with self._lock:
            if not self._gap_seconds:
                return 10**6
            return max(0, int((seconds - (self._next - time.monotonic())) / self._gap_seconds))
