"""The hooks of real live servers: who is in class, who is alone, and what a killed server leaves behind."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from livekit import rtc

from schoolday.contracts.plan import LiveNode
from tests import figures
from tests.door.district import District, Someone
from tests.door.process import Door
from tests.door.test_watch import metric, watch
from tests.live_nodes import servers
from tests.live_nodes.servers import LiveServer

pytestmark = [
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.skipif(not servers.PROGRAM.exists(), reason="the live server is not built: make run builds it"),
]


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[dict[str, LiveServer]]:
    found = {node: LiveServer(node, tmp_path, "") for node in ("n1", "n2")}
    yield found
    for node in found.values():
        node.kill()


@pytest.fixture
def own(tmp_path: Path, nodes: dict[str, LiveServer]) -> Iterator[Door]:
    district = District(tmp_path / "plan")
    district.publish(live=tuple(LiveNode(id=node.node, url=node.url) for node in nodes.values()))
    keys = {"LIVE_API_KEY": servers.KEY, "LIVE_API_SECRET": servers.SECRET}
    door = Door(district, tmp_path / "home", env=keys)
    door.wait()
    for node in nodes.values():
        node.hook_url = f"http://127.0.0.1:{door.port}/live-hook"
        node.start()
    yield door
    assert door.stop() == 0
    assert "Traceback" not in door.log()


async def sit(door: Door, who: Someone, *, node: str) -> rtc.Room:
    """Come in through the door and take the seat on one of the live servers."""
    answer = await asyncio.to_thread(door.first_join, who, door.district.section)
    seats = {seat["node"]: seat for seat in answer.json()["ticket"]["seats"]}
    room = rtc.Room()
    await room.connect(seats[node]["url"], seats[node]["token"])
    return room


async def until(what: Callable[[], bool], *, seconds: float) -> float:
    began = time.monotonic()
    while not await asyncio.to_thread(what):
        assert time.monotonic() - began < seconds, "it did not happen in time"
        await asyncio.sleep(0.2)
    return time.monotonic() - began


def test_a_class_whose_teacher_goes_is_seen_alone_within_half_a_minute(own: Door, nodes: dict[str, LiveServer]) -> None:
    district = own.district
    session = own.session(district.duty)

    def people() -> int:
        return int(metric(own, "schoolday_door_people_in_class"))

    def alone() -> int:
        found = watch(own, session).json()["alone"]
        return int(found[0]["students"]) if found else 0

    async def morning() -> float:
        teacher = await sit(own, district.teacher, node="n1")
        students = [await sit(own, one, node="n1") for one in (district.student, district.twin)]
        await until(lambda: people() == 3, seconds=20)
        assert alone() == 0
        await teacher.disconnect()
        seen = await until(lambda: alone() == 2, seconds=40)
        duty = await sit(own, district.duty, node="n1")
        await until(lambda: alone() == 0 and people() == 3, seconds=20)
        await duty.disconnect()
        await until(lambda: people() == 2, seconds=20)
        nodes["n1"].kill()
        moved = await sit(own, district.student, node="n2")
        await until(lambda: alone() == 1, seconds=100)
        assert people() == 1, "who was on the dead server and came nowhere else is not counted for ever"
        for room in (*students, moved):
            await room.disconnect()
        await until(lambda: people() == 0, seconds=20)
        return seen

    seen = asyncio.run(morning())
    figures.say("alone-seen", f"a class without its teacher is on the duty's screen after {seen:.0f} s, by real hooks")
    assert seen < 30
