"""
How many requests a second come to the doors, and whether that is a flood.

Of a door's answers those count as wanted that let somebody in, take evidence, or hand out the plan; the rest is
nonces, refusals and nonsense. At a bell both rise together; in a flood the rest does, alone.
"""

import asyncio
import re

import httpx

from schoolday.lib import clock
from schoolday.probe.look import WELL, Said

_ANSWERS = re.compile(r'^schoolday_door_answers_total\{call="([^"]*)",verdict="([^"]*)"\} (\S+)$', re.MULTILINE)
_UNWANTED_CALLS = frozenset({"/nonce", "/plain", "other", "/health", "/metrics"})
_TIMEOUT_SECONDS = 2.0  # a door that hangs must not use up the look's time: that it hangs, its own look tells
_TIMES_WANTED = 3  # a device asks for a nonce or two before it comes in; our judgement


class Rates:
    """The counters of the doors at the last look, and who adds up to a flood."""

    def __init__(self, *, flood_per_second: float) -> None:
        self._flood_per_second = flood_per_second
        self._before: dict[str, tuple[float, float, float]] = {}
        self._rates: dict[str, tuple[float, float]] = {}

    async def read(self, http: httpx.AsyncClient, door: str, url: str) -> None:
        """Read a door's counters; a door that does not answer says nothing, which its own look tells."""
        try:
            answer = await http.get(f"{url}/metrics", timeout=_TIMEOUT_SECONDS)
        except httpx.TransportError:
            self._before.pop(door, None)
            self._rates.pop(door, None)
            return
        self.take(door, answer.text, at_ms=clock.now_ms())

    def take(self, door: str, text: str, *, at_ms: int) -> None:
        wanted = rest = 0.0
        for call, verdict, count in _ANSWERS.findall(text):
            if verdict == "ok" and call not in _UNWANTED_CALLS:
                wanted += float(count)
            else:
                rest += float(count)
        before = self._before.get(door)
        self._before[door] = (at_ms / 1000, wanted, rest)
        if before is None or rest < before[2] or at_ms / 1000 <= before[0]:
            self._rates.pop(door, None)  # the first look, or the door began anew
            return
        seconds = at_ms / 1000 - before[0]
        self._rates[door] = ((wanted - before[1]) / seconds, (rest - before[2]) / seconds)

    def judge(self) -> Said:
        """Say whether what the doors get together is a flood."""
        wanted = sum(one for one, _ in self._rates.values())
        rest = sum(other for _, other in self._rates.values())
        if rest > self._flood_per_second and rest > _TIMES_WANTED * wanted:
            return "slow", f"flood: {rest:.0f} requests a second that bring nobody in"
        return WELL

    async def ask(self, http: httpx.AsyncClient, doors: dict[str, str]) -> Said:
        """Ask all doors at once. Of doors that are dead nobody knows; that is no flood."""
        await asyncio.gather(*(self.read(http, door, url) for door, url in doors.items()))
        return self.judge() if self._before else ("unknown", "no door says how many requests it gets")
