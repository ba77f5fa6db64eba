"""After a restart the clerk knows nobody: what returning visitors were told last says how many are still to come."""

import time
from collections.abc import Callable

SETTLE_SECONDS = 30  # one poll of 20 s, its jitter, and a slow network: then all who still wait are back

Urgency = tuple[int, int]  # rank and bell


class Returning:
    """How many must be before somebody, judged by the places that returning tickets hold. Empty once all are back."""

    def __init__(self, *, rate: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began = now()
        # Counted in hashes since the start: told place 40 when 10 were done is due after 50.
        self._due: dict[bytes, int] = {}
        self._last_due: dict[Urgency, int] = {}
        self._done = 0
        self._rate = rate

    def expected(self) -> bool:
        """Say whether others are still to come back, so that who comes new is not simply first."""
        return self.settling and any(due > self._passed for due in self._last_due.values())

    def hashed(self, *, rate: float) -> None:
        self._done += 1
        self._rate = rate

    def ahead(self, account: bytes, *, urgency: Urgency, place: int, is_unknown: bool) -> int:
        """
        Return how many are probably before somebody. `place`: where her ticket says she is by now, 0: she is new.

        `is_unknown`: the clerk does not have her in the line.
        """
        if not self.settling:
            return 0
        if is_unknown:
            last = max((due for other, due in self._last_due.items() if other <= urgency), default=0)
            self._due[account] = place + self._passed if place else last
            if place:
                self._last_due[urgency] = max(place + self._passed, self._last_due.get(urgency, 0))
        return max(0, self._due.get(account, 0) - self._passed)

    @property
    def _passed(self) -> int:
        """How many have gone. Who does not come back is passed by, at half the pace."""
        return max(self._done, int((self._now() - self._began) * self._rate / 2))

    @property
    def settling(self) -> bool:
        """Say whether some may still not have come back."""
        if self._now() < self._began + SETTLE_SECONDS:
            return True
        self._due.clear()
        self._last_due.clear()
        return False
