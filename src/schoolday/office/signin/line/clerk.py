"""
The clerk of the line: who is before whom, whose turn it is, how long it takes. One per machine, in the hasher.

Teachers first, then by bell, then by arrival. All it knows is in memory and bounded: visitors hold their own signed
arrival times, so after a kill -9 the order comes back as they return. Knows no Django.
"""

import heapq
import math
import time
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from schoolday.lib import clock
from schoolday.office.signin.hasher_protocol import LAST_RANK, Turn, Visitor
from schoolday.office.signin.line.restart import Returning

QUEUE_PER_SLOT = 8  # who comes past the line waits a quarter of a second at 31 ms a hash; our judgement
# Each of them holds a thread of the office until her hash is done: the queue belongs here, not in its threads.
FORWARD_PER_SLOT = 4
# Near the front one asks once a second. So many of the first, in seconds of hashing, may take what is free when they
# ask; the further back, the more must be free: the order blurs by no more than this, and no slot stands idle.
FRONT_SECONDS = 1.2
# The page sends the password at once. Whoever has not after this time (a closed tab, a bad line, or ill will) holds up
# nobody any more; her turn stays good.
COMING_SECONDS = 1
TURN_SECONDS = 30  # who is told "your turn" has a hash for so long
LINE_AT_MOST = 50_000  # 20 MB; at 65 hashes a second a line of 13 minutes
POLL_SECONDS, LONGEST_POLL_SECONDS = 20, 60
POLLS_PER_SECOND = 1_000  # what the office answers beside its work; a longer line asks less often
LATE_SHARE = 0.25  # more than the app's jitter
# The network; and twice what others are late by now, for the office may be slow. Then nobody waits for the missing.
LATE_SECONDS, LATE_AT_MOST_SECONDS = 3.0, 20.0
MADE_UP_AT_LEAST, MADE_UP_SHARE = 50, 8  # so many unknown names, or an eighth of the line, are treated like students
TURNS_PER_ACCOUNT, TURNS_WINDOW_SECONDS = 5, 600  # a second-grader types hers wrong four times; then last
_HASH_MS = 30.0  # until one is measured
_RATE_SECONDS, _RATE_AFTER_SECONDS = 10, 3

Key = tuple[int, int, int, bytes]


@dataclass(slots=True)
class _Entry:
    key: Key
    is_known: bool
    told: int
    asks_at: float
    late_at: float


class Clerk:
    """The line of one machine. Every call costs some 10 microseconds, also with 50,000 in line."""

    def __init__(
        self,
        *,
        slots: int,
        forward_at_most: int = 0,
        now: Callable[[], float] = time.monotonic,
        wall_ms: Callable[[], int] = clock.now_ms,
    ) -> None:
        self._slots = slots
        self._forward_at_most = min(slots * FORWARD_PER_SLOT, forward_at_most or slots * FORWARD_PER_SLOT)
        self._now = now
        self._wall_ms = wall_ms
        self._line: list[Key] = []
        self._entries: dict[bytes, _Entry] = {}
        self._late: list[tuple[float, bytes]] = []  # at least one for each in line, not later than hers
        self._late_at: dict[bytes, float] = {}  # the earliest of each, so that who asks often costs no memory
        self._turns: dict[bytes, float] = {}  # whose turn it is, until when
        self._coming: dict[bytes, float] = {}  # the newest of them, since when
        self._used: dict[bytes, tuple[int, float]] = {}
        self._made_up = 0
        self._lateness = 0.0  # seconds, moving average
        self._done: deque[float] = deque()
        self._storm_since = now()
        self._returning = Returning(rate=slots * 1000 / _HASH_MS, now=now)
        self.hash_ms = _HASH_MS
        self.hashing = 0  # waiting for a slot or in one; the hasher keeps it

    def __len__(self) -> int:
        return len(self._line)

    @property
    def turns(self) -> int:
        """How many have been told that it is their turn and have not come yet."""
        return len(self._turns)

    @property
    def coming(self) -> int:
        """How many of them may come at any moment."""
        return len(self._coming)

    def admit(self, account: bytes) -> bool:
        """Say whether who comes without a ticket may go on at once: nobody waits and there is room."""
        self._sweep()
        if self._turns.get(account):
            return True
        if self._line or self._returning.expected() or self._forward >= self._forward_at_most:
            return False
        return not self._tired(account) and self._give_turn(account)

    def visit(self, visitor: Visitor) -> Turn | None:
        """
        Return the place of a visitor, who keeps it by asking again in time. Place 0 keeps a hash for TURN_SECONDS.

        None: the line is full and everybody in it comes before her; only said to who has no place yet.
        """
        self._sweep()
        if self._turns.get(visitor.account):
            return Turn(place=0, rank=visitor.rank)
        entry = self._entries.get(visitor.account)
        self._note_lateness(entry, is_back=visitor.told > 1)
        rank = visitor.rank if entry or visitor.told else self._rank(visitor)
        if self._tired(visitor.account):
            rank = LAST_RANK
        key = (rank, visitor.bell_at, visitor.arrived_at_ms, visitor.account)
        if entry and entry.key <= key:
            key = entry.key  # one account, one place: the oldest counts
        ahead = bisect_left(self._line, key)
        missing = self._returning.ahead(
            visitor.account, urgency=key[:2], place=self._place_by_now(visitor), is_unknown=entry is None
        )
        ahead = max(ahead, missing)
        before = ahead + self._forward
        self._drop(visitor.account)
        if self._is_turn(ahead) and self._give_turn(visitor.account):
            return Turn(place=0, rank=rank)
        told = min(filter(None, (max(1, before), visitor.told, entry.told if entry else 0)))
        has_room = self._make_room(key)
        if not has_room and not visitor.told:
            return None
        poll_seconds = self._poll_seconds(before)
        if has_room:
            asks_at = self._now() + poll_seconds
            late_at = asks_at + poll_seconds * LATE_SHARE + self._grace
            self._keep(key, _Entry(key, visitor.is_known, told, asks_at, late_at))
        wait_seconds = max(1, math.ceil((before + 1) / self.rate))
        return Turn(place=told, rank=rank, wait_seconds=wait_seconds, poll_after_seconds=poll_seconds)

    def take(self, account: bytes) -> bool:
        """Use up the turn of an account, now that its password is here; say whether it had one."""
        self._sweep()
        if not self._turns.pop(account, 0):
            return False
        self._coming.pop(account, None)
        return True

    def leave(self, account: bytes) -> None:
        """Give back a turn that will not be used."""
        self._turns.pop(account, None)
        self._coming.pop(account, None)

    def hashed(self, mean_ms: float) -> None:
        """Note that one hash is done; `mean_ms`: how long the last ones took."""
        self.hash_ms = mean_ms
        now = self._now()
        self._done.append(now)
        while self._done[0] < now - _RATE_SECONDS:
            self._done.popleft()
        self._returning.hashed(rate=self._could)

    @property
    def rate(self) -> float:
        """Hashes a second: as measured once the line has stood for a while, before that as the slots could do."""
        could = self._could
        now = self._now()
        while self._done and self._done[0] < now - _RATE_SECONDS:
            self._done.popleft()
        measured_seconds = min(_RATE_SECONDS, now - self._storm_since)
        if not self._line or measured_seconds < _RATE_AFTER_SECONDS:
            return could
        return max(len(self._done) / measured_seconds, could / 20)  # never so slow that the estimate means nothing

    @property
    def _could(self) -> float:
        return self._slots * 1000 / max(1.0, self.hash_ms)

    @property
    def _front(self) -> int:
        return max(self._forward_at_most, round(self._could * FRONT_SECONDS))

    def _is_turn(self, ahead: int) -> bool:
        free = self._forward_at_most - self._forward
        return free > 0 and ahead < max(1, self._front * free // self._forward_at_most)

    @property
    def _forward(self) -> int:
        return len(self._coming) + self.hashing

    def _place_by_now(self, visitor: Visitor) -> int:
        """Return where a ticket from before a restart stands: who was before her went on while she did not ask."""
        share = (self._wall_ms() - visitor.told_at_ms) / 1000 / max(1, visitor.told_seconds)
        return max(1, visitor.told - int(visitor.told * share)) if visitor.told else 0

    def _rank(self, visitor: Visitor) -> int:
        """A made-up name is treated like a student's, so that it says nothing; a flood of them comes last."""
        few = max(MADE_UP_AT_LEAST, len(self._line) // MADE_UP_SHARE)
        return visitor.rank if visitor.is_known or self._made_up < few else LAST_RANK

    @property
    def _grace(self) -> float:
        return min(LATE_AT_MOST_SECONDS, max(LATE_SECONDS, 2 * self._lateness))

    def _note_lateness(self, entry: _Entry | None, *, is_back: bool) -> None:
        if entry is not None:
            late = max(0.0, self._now() - entry.asks_at)
        elif is_back and not self._returning.settling:
            late = self._grace  # or more: she was given up
        else:
            return
        self._lateness += (late - self._lateness) / 16

    def _poll_seconds(self, before: int) -> int:
        """
        Ask after three quarters of the time it takes to come to the front, for the pace may change; at most each 20 s,
        and less often in a very long line.
        """
        longest = min(LONGEST_POLL_SECONDS, max(POLL_SECONDS, len(self._line) // POLLS_PER_SECOND))
        return max(1, min(longest, math.ceil((before - self._front) * 0.75 / self._could)))

    def _give_turn(self, account: bytes) -> bool:
        now = self._now()
        self._turns[account] = now + TURN_SECONDS
        self._coming[account] = now
        count, since = self._used.pop(account, (0, now))
        self._used[account] = (count + 1, since)
        while len(self._used) > LINE_AT_MOST:
            del self._used[next(iter(self._used))]
        return True

    def _tired(self, account: bytes) -> bool:
        """Say whether the account had so many turns lately that others come first."""
        count, since = self._used.get(account, (0, 0.0))
        if count and self._now() - since > TURNS_WINDOW_SECONDS:
            del self._used[account]
            return False
        return count >= TURNS_PER_ACCOUNT

    def _make_room(self, key: Key) -> bool:
        if len(self._line) < LINE_AT_MOST:
            return True
        if self._line[-1] <= key:
            return False
        self._drop(self._line[-1][3])  # keeps the ticket, and comes back in when there is room
        return True

    def _keep(self, key: Key, entry: _Entry) -> None:
        if not self._line:
            self._storm_since = self._now()
            self._done.clear()
        insort(self._line, key)
        self._entries[key[3]] = entry
        self._made_up += not entry.is_known
        self._remind(key[3], entry.late_at)

    def _remind(self, account: bytes, late_at: float) -> None:
        if late_at < self._late_at.get(account, math.inf):
            self._late_at[account] = late_at
            heapq.heappush(self._late, (late_at, account))

    def _drop(self, account: bytes) -> None:
        entry = self._entries.pop(account, None)
        if entry is not None:
            del self._line[bisect_left(self._line, entry.key)]
            self._made_up -= not entry.is_known

    def _sweep(self) -> None:
        """Forget who did not come back in time: her ticket remembers her place, and nobody waits for her."""
        now = self._now()
        while self._late and self._late[0][0] <= now:
            _, account = heapq.heappop(self._late)
            self._late_at.pop(account, None)
            entry = self._entries.get(account)
            if entry is None:
                continue
            if entry.late_at <= now:
                self._drop(account)
            else:
                self._remind(account, entry.late_at)
        while self._turns and self._turns[first := next(iter(self._turns))] <= now:
            del self._turns[first]
        while self._coming and self._coming[first := next(iter(self._coming))] <= now - COMING_SECONDS:
            del self._coming[first]
