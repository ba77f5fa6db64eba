"""One door dead, stopped or replaced by a stranger at the bell: the students' devices go to the next one."""

import asyncio
import contextlib
import random
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests import figures
from tests.cast import Cast
from tests.door.process import Door
from tests.faults.doors import addresses_of, running_doors
from tests.faults.fleet import Fleet
from tests.faults.liars import LIES, lying_door
from tests.faults.register import compare, drain_all, put_in_roster, statuses

STUDENTS = 3_000 if figures.full_form() else 400
BELL_SECONDS = 15.0 if figures.full_form() else 2.5
SHARE_AT_LEAST = 0.999  # shared/RELIABILITY.md, promise 5


def ring(fleet: Fleet, fault: Callable[[], Awaitable[None]]) -> None:
    """Let all students come while the fault happens."""

    async def both() -> None:
        await asyncio.gather(fleet.bell(fleet.students, over_seconds=BELL_SECONDS), fault())

    asyncio.run(both())


def figure(fleet: Fleet) -> str:
    share = f"{fleet.share_in_class():.1%} of {len(fleet.students)} in class within 10 s"
    return f"{share} (slowest {fleet.slowest():.1f} s)"


@pytest.mark.parametrize(
    ("claim", "number"),
    [("one-door-killed", signal.SIGKILL), ("door-stopped", signal.SIGSTOP)],
    ids=["killed", "stopped"],
)
def test_a_door_dies_at_the_bell(claim: str, number: signal.Signals, cast: Cast, tmp_path: Path) -> None:
    with running_doors(tmp_path) as doors:
        fleet = Fleet(doors["d1"].district, addresses_of(doors), random.Random(1))
        fleet.enroll(STUDENTS)

        async def strike() -> None:
            await asyncio.sleep(BELL_SECONDS / 3)
            doors["d1"].process.send_signal(number)

        ring(fleet, strike)
        back(doors["d1"], number)
        put_in_roster(cast, fleet.district, fleet.students)
        drained = drain_all(fleet.district, addresses_of(doors))
    found = compare(fleet)
    figures.say(claim, f"{figure(fleet)}; {found.figure()}")
    assert fleet.tried, "nobody met the fault"
    assert fleet.share_in_class() >= SHARE_AT_LEAST
    found.check()
    assert drained.refused == 0
    assert statuses().total() == len(fleet.students)


def back(door: Door, number: signal.Signals) -> None:
    """Bring the door back, as its supervisor or its machine does."""
    if number == signal.SIGSTOP:
        door.process.send_signal(signal.SIGCONT)
    else:
        door.process.wait(10)
        door.start()
    door.wait()


def test_a_stranger_answers_in_a_doors_place(cast: Cast, tmp_path: Path) -> None:
    fleets = []
    with running_doors(tmp_path, names=("d1", "d2", "d3")) as doors, contextlib.ExitStack() as strangers:
        for number, lie in enumerate(LIES):
            addresses = {**addresses_of(doors), "d4": strangers.enter_context(lying_door(lie))}
            fleets.append(Fleet(doors["d1"].district, addresses, random.Random(number)))
            fleets[-1].enroll(STUDENTS // len(LIES))
        asyncio.run(all_bells(fleets))
        whole = together(fleets)
        put_in_roster(cast, whole.district, whole.students)
        drained = drain_all(whole.district, addresses_of(doors))
    found = compare(whole)
    figures.say("door-lies", f"{figure(whole)}; {len(LIES)} kinds of lies; {found.figure()}")
    for lie, fleet in zip(LIES, fleets, strict=True):
        assert fleet.tried, f"nobody met the stranger: {lie}"
    assert whole.share_in_class() >= SHARE_AT_LEAST
    found.check()
    assert drained.refused == 0


async def all_bells(fleets: list[Fleet]) -> None:
    await asyncio.gather(*(fleet.bell(fleet.students, over_seconds=BELL_SECONDS) for fleet in fleets))


def together(fleets: list[Fleet]) -> Fleet:
    whole = Fleet(fleets[0].district, fleets[0].addresses, random.Random(0))
    for fleet in fleets:
        whole.students += fleet.students
        whole.history.outcomes |= fleet.history.outcomes
        whole.tried += fleet.tried
    return whole
