"""After a restart the clerk knows nobody: what returning visitors were told last says how many are still to come."""

import time
from collections.abc import Callable

SETTLE_SECONDS = 30  # one poll of 20 s, its jitter, and a slow network: then all who still wait are back

Urgency = tuple[int, int]  # rank and bell


class Returning:
    """How many must be before somebody, judged by the places that returning tickets hold. Empty once all are back."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until = now() + SETTLE_SECONDS
        # Counted in hashes since the start: told place 40 when 10 were done is due after 50.
        self._due: dict[bytes, int] = {}
        self._last_due: dict[Urgency, int] = {}
        self._done = 0

    @property
    def expected(self) -> bool:
        """Say whether others are still to come back, so that who comes new is not simply first."""
        return self._settling and any(due > self._done for due in self._last_due.values())

    def hashed(self) -> None:
        self._done += 1

    def ahead(self, account: bytes, *, urgency: Urgency, told: int) -> int:
        """Return how many are probably before somebody. `told`: the place on her ticket; 0: she is new."""
        if not self._settling:
            return 0
        if told and account not in self._due:
            due = self._due[account] = told + self._done
            self._last_due[urgency] = max(due, self._last_due.get(urgency, 0))
        if account in self._due:
            return max(0, self._due[account] - self._done)
        last = max((due for other, due in self._last_due.items() if other <= urgency), default=0)
        return max(0, last - self._done)

    @property
    def _settling(self) -> bool:
        if self._now() < self._until:
            return True
        self._due.clear()
        self._last_due.clear()
        return False
