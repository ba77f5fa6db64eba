"""
Wrong tries, counted per badge number: guessing stays slow, and nobody is ever locked out by address.

Only numbers that the plan holds are counted, and only wrong tries, so the table is never larger than the
district, and thousands of children behind one school's address do not count against each other.
"""

from schoolday.door.errors import Wait

WRONG_AT_MOST = 5
WAIT_SECONDS = 600
_KEPT_AT_MOST = 20_000


class WrongTries:
    """How often each badge number was tried in vain in the last ten minutes."""

    def __init__(self) -> None:
        self._tries: dict[int, tuple[int, int]] = {}  # number: (how often, since when); oldest first

    def check(self, number: int, *, now: int) -> None:
        """
        :raises Wait: if there were too many, saying how long
        """
        count, since = self._tries.get(number, (0, now))
        left = since + WAIT_SECONDS - now
        if count >= WRONG_AT_MOST and left > 0:
            raise Wait(retry_after_seconds=left)

    def add(self, number: int, *, now: int) -> None:
        """Count one wrong try; at the last one that is free, the wait begins."""
        count, since = self._tries.pop(number, (0, now))
        if now - since >= WAIT_SECONDS:
            count, since = 0, now
        count += 1
        self._tries[number] = (count, now if count >= WRONG_AT_MOST else since)
        while len(self._tries) > _KEPT_AT_MOST:
            del self._tries[next(iter(self._tries))]

    def clear(self, number: int) -> None:
        """Forget the wrong tries of a number: the right one came."""
        self._tries.pop(number, None)
