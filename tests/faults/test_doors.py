"""One door dead, stopped or replaced by a stranger at the bell: the students' devices go to the next one."""

import contextlib
import random
import signal
from pathlib import Path

import pytest

from tests import figures
from tests.cast import Cast
from tests.door.process import Door
from tests.faults.bells import SHARE_AT_LEAST, after, figure, ring, together
from tests.faults.doors import addresses_of, running_doors
from tests.faults.fleet import Fleet
from tests.faults.liars import LIES, lying_door
from tests.faults.register import compare, drain_all, put_in_roster, statuses

pytestmark = pytest.mark.alone

STUDENTS = 3_000 if figures.full_form() else 400
BELL_SECONDS = 15.0 if figures.full_form() else 2.5
_FAULTS = [("one-door-killed", signal.SIGKILL), ("door-stopped", signal.SIGSTOP)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("claim", "number"), _FAULTS, ids=["killed", "stopped"])
def test_a_door_dies_at_the_bell(claim: str, number: signal.Signals, cast: Cast, tmp_path: Path) -> None:
    with running_doors(tmp_path) as doors:
        fleet = Fleet(doors["d1"].district, addresses_of(doors), random.Random(1))
        fleet.enroll(STUDENTS)
        strike = after(BELL_SECONDS / 3, lambda: doors["d1"].process.send_signal(number))
        ring(fleet, over_seconds=BELL_SECONDS, fault=strike)
        bring_back(doors["d1"], number)
        put_in_roster(cast, fleet.district, fleet.students)
        drained = drain_all(fleet.district, addresses_of(doors))
    found = compare(fleet)
    figures.say(claim, f"{figure(fleet)}; {found.figure()}")
    assert fleet.tried, "nobody met the fault"
    assert fleet.share_in_class() >= SHARE_AT_LEAST
    found.check()
    assert drained.refused == 0
    assert statuses().total() == len(fleet.students)


def bring_back(door: Door, number: signal.Signals) -> None:
    """Let the door go on, as its supervisor or its machine does."""
    if number == signal.SIGSTOP:
        door.process.send_signal(signal.SIGCONT)
    else:
        door.process.wait(10)
        door.start()
    door.wait()


@pytest.mark.timeout(300)
def test_a_stranger_answers_in_a_doors_place(cast: Cast, tmp_path: Path) -> None:
    fleets = []
    with running_doors(tmp_path, names=("d1", "d2", "d3")) as doors, contextlib.ExitStack() as strangers:
        for number, lie in enumerate(LIES):
            addresses = {**addresses_of(doors), "d4": strangers.enter_context(lying_door(lie))}
            fleets.append(Fleet(doors["d1"].district, addresses, random.Random(number)))
            fleets[-1].enroll(STUDENTS // len(LIES))
        ring(*fleets, over_seconds=BELL_SECONDS)
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
