"""A bell with something going wrong, and how its figure reads."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

from tests.faults.fleet import Fleet

SHARE_AT_LEAST = 0.999  # shared/RELIABILITY.md, promise 5


async def nothing() -> None:
    """The fault is there before the bell."""


def ring(*fleets: Fleet, over_seconds: float, fault: Callable[[], Awaitable[None]] = nothing) -> None:
    """Let all students of all fleets come while the fault happens."""

    async def all_at_once() -> None:
        await asyncio.gather(*(fleet.bell(fleet.students, over_seconds=over_seconds) for fleet in fleets), fault())

    asyncio.run(all_at_once())


def after(seconds: float, what: Callable[[], object]) -> Callable[[], Awaitable[None]]:
    """Return a fault that happens once, so long after the bell began."""

    async def fault() -> None:
        await asyncio.sleep(seconds)
        await asyncio.to_thread(what)

    return fault


def figure(fleet: Fleet) -> str:
    share = f"{fleet.share_in_class():.1%} of {len(fleet.students)} in class within 10 s"
    return f"{share} (slowest {fleet.slowest():.1f} s)"


def together(fleets: Sequence[Fleet]) -> Fleet:
    """Return several fleets as one, to compare with one register."""
    whole = Fleet(fleets[0].district, fleets[0].addresses, random.Random(0))
    for fleet in fleets:
        whole.students += fleet.students
        whole.history.add(fleet.history)
        whole.tried += fleet.tried
    return whole
