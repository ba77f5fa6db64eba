"""A channel whose other side is dead rests, tries one, and goes on when that one went through."""

import threading
import time

FAILURES = 5  # in a row, of the channel and not of an address
_FIRST_REST_SECONDS, _LONGEST_REST_SECONDS = 2.0, 60.0


class Breaker:
    """Counts failures in a row. Open it lets nothing through; after its rest it lets one through, to try."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._is_trying = False
        self.reason = ""

    @property
    def is_open(self) -> bool:
        return self._failures >= FAILURES

    @property
    def is_trying(self) -> bool:
        """Whether one was let through after a rest, and nobody knows yet how it went."""
        return self._is_trying

    def rest_seconds(self) -> float:
        """Return how long it still rests; 0: something may be sent."""
        with self._lock:
            return max(0.0, self._until - time.monotonic()) if self._failures >= FAILURES else 0.0

    def lets_through(self) -> bool:
        """Say whether one more may be sent now; of several who ask after the rest, one may."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if time.monotonic() < self._until or self._is_trying:
                return False
            self._is_trying = True
            return True

    def went_well(self) -> None:
        with self._lock:
            self._failures, self._is_trying, self.reason = 0, False, ""

    def failed(self, reason: str) -> None:
        """Count one failure of the channel; the rest doubles with each try that fails."""
        with self._lock:
            if self._failures >= FAILURES and not self._is_trying:
                return
            self._failures += 1
            self._is_trying, self.reason = False, reason
            beyond = self._failures - FAILURES
            if beyond >= 0:
                rest = min(_LONGEST_REST_SECONDS, _FIRST_REST_SECONDS * 2 ** min(beyond, 10))
                self._until = time.monotonic() + rest
