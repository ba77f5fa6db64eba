"""
What the evidence of one student says about one meeting: the rules of the register.

A pure function of times in ms; about 10 microseconds. docs/use/register.md tells the same rules to people.
The order in which events came never matters, so late evidence gives the same register as prompt evidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Status = Literal["", "present", "tardy", "absent"]

MINUTE_MS = 60_000
COUNTS_FROM_MS = 60 * MINUTE_MS  # before the bell; earlier evidence is of another sitting. Our judgement
ARRIVALS = frozenset({"arrived", "entered", "alternate_opened", "called_in"})
RELEVANT = ARRIVALS | {"left"}
MOVE_MS = 30_000  # from the class into a group and back, or to another live server: she was never away. Our judgement
_DEVICE_LETTERS = 8  # a live identity holds no more of a device's thumbprint


@dataclass(frozen=True, slots=True)
class Sign:
    """
    One event that counts; `at` in ms by the receiver's clock. `device` empty: unknown.

    `stay`: LiveKit's id of one stay in one place, the same of its `entered` and its `left`; empty: unknown.
    """

    kind: str
    at: int
    device: str = ""
    stay: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """In whole minutes. `tardy_after`: from when on one is tardy; 0 is read as 1, less than a minute is not late."""

    tardy_after: int
    left_early: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the register says. `status` empty: not here yet, and the meeting is not over. Times in ms."""

    status: Status
    arrived_at: int | None = None
    left_at: int | None = None
    minutes_tardy: int = 0
    minutes_present: int = 0
    left_early: bool = False


def judge(*, starts_at: int, ends_at: int, is_over: bool, signs: Iterable[Sign], thresholds: Thresholds) -> Verdict:
    """
    Return the verdict on one student in one meeting. All times in ms.

    Here: the first sign of arrival from an hour before the bell until before the end. Tardy: that sign came
    `tardy_after` whole minutes or more after the bell. A `left` without an end is taken as staying to the end;
    while the meeting runs, minutes and left early are therefore what they will be if nothing more happens.
    """
    ours = sorted(
        (s for s in signs if s.kind in RELEVANT and starts_at - COUNTS_FROM_MS <= s.at < ends_at),
        key=lambda s: (s.at, s.kind == "left", s.kind, s.device, s.stay),  # total: the same list whatever came first
    )
    if not ours:
        return Verdict("absent" if is_over else "")
    arrived_at = ours[0].at  # a `left` alone proves as well that she was here
    late_minutes = max(0, arrived_at - starts_at) // MINUTE_MS
    tardy = late_minutes >= max(1, thresholds.tardy_after)
    here = _without_moves(merge(_clip(_intervals(ours, ends_at), starts_at, ends_at)))
    last_here = here[-1][1] if here else max(arrived_at, ours[-1].at)
    stayed = last_here >= ends_at
    return Verdict(
        status="tardy" if tardy else "present",
        arrived_at=arrived_at,
        left_at=None if stayed else last_here,
        minutes_tardy=late_minutes if tardy else 0,
        minutes_present=sum(end - start for start, end in here) // MINUTE_MS,
        left_early=not stayed and ends_at - last_here >= thresholds.left_early * MINUTE_MS,
    )


def merge(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the union of intervals, by start: several devices at once are counted once."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without_moves(here: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the intervals with those joined between which she only moved."""
    joined: list[tuple[int, int]] = []
    for start, end in here:
        if joined and start - joined[-1][1] <= MOVE_MS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _intervals(signs: list[Sign], ends_at: int) -> Iterable[tuple[int, int]]:
    """
    Return when she was here, from each sign that begins a presence to the `left` of the same stay; where none is
    known, to the next `left` of the same device.

    Who goes into a group is in another place before the live server says that she has left the first: that `left` must
    not end the new stay. So the `left` of a stay counts for others only where that stay began after them.

    The arrival at a door begins one only when no `entered` of that device follows: then the live server's word
    is missing, or the class met elsewhere. Backwards, so that ten thousand signs take as long as they are many.
    """
    lefts, entries = _Later(), _Later()
    ends = {sign.stay: sign for sign in signs if sign.kind == "left" and sign.stay}
    began = {sign.stay for sign in signs if sign.kind == "entered" and sign.stay}
    for sign in reversed(signs):
        if sign.kind == "left":
            if sign.stay not in began:
                lefts.add(sign)
            continue
        own = ends.get(sign.stay)
        if sign.kind == "entered":
            entries.add(sign)
            if own:
                lefts.add(own)
        elif sign.kind == "arrived" and entries.next_of(sign) is not None:
            continue
        end = own.at if own else lefts.next_of(sign)
        yield sign.at, ends_at if end is None else max(end, sign.at)


class _Later:
    """The signs of one kind that come later, the nearest of each device."""

    def __init__(self) -> None:
        self._nearest: dict[str, int] = {}
        self._nearest_of_any: int | None = None

    def add(self, sign: Sign) -> None:
        device, at = sign.device[:_DEVICE_LETTERS], sign.at
        self._nearest[device] = min(self._nearest.get(device, at), at)
        self._nearest_of_any = at if self._nearest_of_any is None else min(self._nearest_of_any, at)

    def next_of(self, sign: Sign) -> int | None:
        """Return when the same device shows next; one that is unknown may be any."""
        if not sign.device:
            return self._nearest_of_any
        same = [self._nearest.get(sign.device[:_DEVICE_LETTERS]), self._nearest.get("")]
        return min((at for at in same if at is not None), default=None)


def _clip(intervals: Iterable[tuple[int, int]], first: int, last: int) -> Iterable[tuple[int, int]]:
    return ((max(start, first), min(end, last)) for start, end in intervals if end > first and start < last)
