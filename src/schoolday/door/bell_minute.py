"""The last minute of a door's entries: how many, how many failed, how long they took."""

import time
from bisect import bisect_left
from collections import deque

_SLOT_SECONDS = 5
_SLOTS = 60 // _SLOT_SECONDS
_BOUNDS_MS = tuple(round(1.25**step, 2) for step in range(47))  # 1 ms to 28 s, each a quarter more than the one before
DOWN_FAILED_SHARE = 0.01  # RELIABILITY: a minute counts as down when more than 1 % of entries with a valid pass
DOWN_P99_MS = 2_000  # ... fail, or p99 is over 2 s


class _Slot:
    __slots__ = ("at", "buckets", "failed", "joined")

    def __init__(self, at: int) -> None:
        self.at, self.joined, self.failed = at, 0, 0
        self.buckets = [0] * (len(_BOUNDS_MS) + 1)


class LastMinute:
    """Twelve slots of five seconds. A failure is an entry that we owed: an answer of 500 and up."""

    def __init__(self) -> None:
        self._slots: deque[_Slot] = deque([_Slot(0)], maxlen=_SLOTS)

    def joined(self, seconds: float) -> None:
        """Count an entry. Half a microsecond."""
        slot = self._slot()
        slot.joined += 1
        slot.buckets[bisect_left(_BOUNDS_MS, seconds * 1000)] += 1

    def failed(self) -> None:
        self._slot().failed += 1

    def read(self) -> tuple[int, int, int, bool]:
        """Return entries, failures, p99 in ms (of its bucket the upper end), and whether this minute counts as down."""
        oldest = int(time.monotonic()) // _SLOT_SECONDS - _SLOTS
        slots = [slot for slot in self._slots if slot.at > oldest]
        joined, failed = sum(slot.joined for slot in slots), sum(slot.failed for slot in slots)
        p99_ms = self._p99_ms(slots, joined)
        down = failed > DOWN_FAILED_SHARE * (joined + failed) or p99_ms > DOWN_P99_MS
        return joined, failed, p99_ms, down

    def _p99_ms(self, slots: list[_Slot], joined: int) -> int:
        if not joined:
            return 0
        below = 0
        for number, bound in enumerate(_BOUNDS_MS):
            below += sum(slot.buckets[number] for slot in slots)
            if below >= 0.99 * joined:
                return max(1, round(bound))
        return round(_BOUNDS_MS[-1])

    def _slot(self) -> _Slot:
        at = int(time.monotonic()) // _SLOT_SECONDS
        slot = self._slots[-1]
        if slot.at != at:
            slot = _Slot(at)
            self._slots.append(slot)
        return slot
