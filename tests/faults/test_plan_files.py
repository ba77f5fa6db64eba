"""The plan folder holds a truncated, empty, old, forged, foreign or huge plan while students come: nobody notices."""

import asyncio
import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from schoolday.contracts import plan
from schoolday.contracts.plan import INDEX_AT_MOST_BYTES, INDEX_PATH
from schoolday.lib.signing import Signer
from tests import figures
from tests.cast import Cast
from tests.door.district import District
from tests.door.process import Door
from tests.faults.bells import SHARE_AT_LEAST, figure, ring
from tests.faults.doors import addresses_of, running_doors
from tests.faults.fleet import Fleet
from tests.faults.register import compare, drain_all, put_in_roster
from tests.school_day import wait_until

STUDENTS = 800 if figures.full_form() else 150
_SEEN_SECONDS = 1.6  # a door looks for a new index each second


def truncated(district: District, good: str) -> str:
    return good[: len(good) // 2]


def forged(district: District, good: str) -> str:
    listed, _ = district.files()
    return plan.sign_index(district.index(listed, version=10_000), Signer.generate("k1"))


def old(district: District, good: str) -> str:
    listed, _ = district.files()
    return plan.sign_index(district.index(listed, version=1), district.signer)


def foreign(district: District, good: str) -> str:
    listed, _ = district.files()
    return plan.sign_index(district.index(listed, version=10_000, district="elsewhere"), district.signer)


BAD: dict[str, Callable[[District, str], str]] = {
    "truncated": truncated,
    "empty": lambda _district, _good: "",
    "old": old,
    "forged": forged,
    "of another district": foreign,
    "too large": lambda _district, good: good + "A" * INDEX_AT_MOST_BYTES,
    "a stranger's page": lambda _district, _good: "<html>Sign in to the network</html>",
}


@pytest.mark.timeout(240)
def test_bad_plans_while_students_come(cast: Cast, tmp_path: Path) -> None:
    with running_doors(tmp_path) as doors:
        district = doors["d1"].district
        fleet = Fleet(district, addresses_of(doors), random.Random(11))
        fleet.enroll(STUDENTS)
        good = (district.folder / INDEX_PATH).read_text()
        version = doors["d1"].wait()["plan_version"]
        alarms: dict[str, str] = {}

        async def spoil() -> None:
            for kind, make in BAD.items():
                await asyncio.to_thread(district.write_index, make(district, good))
                await asyncio.sleep(_SEEN_SECONDS)
                health = await asyncio.to_thread(doors["d1"].wait)
                assert health["plan_version"] == version, f"{kind}: another plan came into force"
                alarms[kind] = health["plan_trouble"]

        ring(fleet, over_seconds=len(BAD) * _SEEN_SECONDS, fault=spoil)
        restarted(doors["d2"])
        district.write_index(good)
        for door in doors.values():
            wait_until(partial(is_well, door, version), seconds=20, what="the good plan is back in force")
        put_in_roster(cast, district, fleet.students)
        drained = drain_all(district, addresses_of(doors))
        refused = doors["d1"].log().count("plan refused")
    found = compare(fleet)
    figures.say(
        "bad-plan", f"{len(BAD)} kinds of bad plans refused, the last good one kept; {figure(fleet)}; {found.figure()}"
    )
    assert [kind for kind, alarm in alarms.items() if not alarm] == []
    assert refused >= len(BAD)
    assert fleet.share_in_class() >= SHARE_AT_LEAST
    found.check()
    assert drained.refused == 0


def is_well(door: Door, version: int) -> bool:
    health = door.http.get("/health").json()
    return bool(health["plan_version"] == version and not health["plan_trouble"])


def restarted(door: Door) -> None:
    """Kill a door while the folder holds a bad plan, and start it: it does not take it either."""
    door.kill()
    door.start()
    time.sleep(_SEEN_SECONDS)
    assert door.process.poll() is None
