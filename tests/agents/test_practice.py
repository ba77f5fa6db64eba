"""Practice classes: who may have one, how many there are, and that the students are there and obey."""

import asyncio
import json
from typing import Any

import pytest
from livekit import rtc

from schoolday.agents.practice import classroom, polls
from schoolday.agents.practice.desk import PracticeDesk
from schoolday.lib import clock, ids
from schoolday.live import seats
from tests.agents.asked import ask, callers_of, places, session_of, until
from tests.door.district import District
from tests.figures import say
from tests.live_nodes.servers import KEY, SECRET, LiveServer

PATH = "/agents/practice"


def desk_of(district: District, *, at_most: int = 2, **urls: str) -> PracticeDesk:
    return PracticeDesk(
        callers=callers_of(district), places=places(**urls), cell_secret=district.secret, at_most=at_most
    )


def test_only_a_teacher_with_a_session_of_today_gets_one(district: District) -> None:
    async def run() -> None:
        calls = desk_of(district).calls
        teacher = district.teacher
        assert (await ask(calls, PATH, {}))[1]["code"] == "session_over"
        for outsider in (district.student, district.operator):
            assert (await ask(calls, PATH, {}, session=session_of(district, outsider)))[0] == 403
        forged = session_of(district, teacher, secret=b"x" * 32)
        assert (await ask(calls, PATH, {}, session=forged))[0] == 401
        assert (await ask(calls, PATH, {}, session=session_of(district, teacher, exp=1)))[0] == 401
        assert (await ask(calls, PATH, {}, session="Day ds1.20261121.x.y"))[0] == 401
        good = session_of(district, teacher)
        wrong: tuple[object, ...] = (
            {"students": 0},
            {"students": 30},
            {"scenario": "riot"},
            {"lang": "fr"},
            [],
            {"seed": -1},
        )
        for bad in wrong:
            assert (await ask(calls, PATH, bad, session=good))[0] == 400
        assert (await ask(calls, PATH, raw=b"{" * 20_000, session=good))[0] == 400
        assert (await ask(calls, "/agents/other", {}, session=good))[0] == 404
        assert (await ask(calls, PATH, {}, session=good))[1]["code"] == "no_live_server"

    asyncio.run(run())


def test_who_was_denied_since_her_session_began_gets_none(district: District) -> None:
    from schoolday.contracts.plan import Deny

    async def run() -> None:
        good = session_of(district, district.teacher)
        district.publish(deny=Deny(epochs={district.teacher.sub: 2}))
        assert (await ask(desk_of(district).calls, PATH, {}, session=good))[0] == 401

    asyncio.run(run())


@pytest.mark.live
def test_one_a_teacher_and_a_few_at_a_time(district: District, live: LiveServer) -> None:
    async def run() -> None:
        desk = desk_of(district, at_most=1, n1=live.url)
        mine, hers = (session_of(district, one) for one in (district.teacher, district.other_teacher))
        first = await ask(desk.calls, PATH, {"students": 1}, session=mine)
        again = await ask(desk.calls, PATH, {"students": 5}, session=mine)
        assert first[0] == again[0] == 200
        assert first[1]["meeting"] == again[1]["meeting"], "a reload comes back to the same class"
        assert first[1]["ends_at"] - first[1]["starts_at"] == 1800
        refused = await ask(desk.calls, PATH, {}, session=hers)
        assert (refused[0], refused[1]["code"], refused[1]["retryable"]) == (503, "busy", True)
        assert (await ask(desk.calls, PATH + "/end", session=hers, raw=b""))[1] == {"ended": False}
        assert (await ask(desk.calls, PATH + "/end", session=mine, raw=b""))[1] == {"ended": True}
        await asyncio.sleep(0)
        health: Any = None
        async with asyncio.timeout(20):
            while not health or health["classes"]:
                health = (await ask(desk.calls, PATH + "/health", method="GET", raw=b""))[1]
                await asyncio.sleep(0.1)
        assert (await ask(desk.calls, PATH, {"students": 1}, session=hers))[0] == 200
        await desk.close()

    asyncio.run(run())


class Watcher:
    """A teacher's device, as far as a test looks at it."""

    def __init__(self) -> None:
        self.room: Any = rtc.Room()
        self.frames: dict[str, int] = {}
        self.topics: list[tuple[str, str, Any]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.room.on("track_subscribed", self._track)
        self.room.on("data_received", self._data)

    def _track(self, track: Any, publication: Any, person: Any) -> None:
        if track.kind == rtc.TrackKind.KIND_VIDEO:
            self._tasks.append(asyncio.create_task(self._count(track, person.identity)))

    async def _count(self, track: Any, identity: str) -> None:
        async for _ in rtc.VideoStream(track):
            self.frames[identity] = self.frames.get(identity, 0) + 1

    def _data(self, packet: Any) -> None:
        who = packet.participant.identity if packet.participant else ""
        self.topics.append((packet.topic, who, json.loads(packet.data)))

    def here(self) -> set[str]:
        """The others in class, by person."""
        return {identity.partition(".")[0] for identity in self.room.remote_participants}

    def open_tracks(self) -> int:
        people = self.room.remote_participants.values()
        return sum(not track.muted for one in people for track in one.track_publications.values())

    async def steer(self, v: int, **rules: object) -> None:
        value = {"rules": {name: {"v": v, "by": "t", "value": said} for name, said in rules.items()}}
        await self.room.local_participant.publish_data(json.dumps(value), topic="steer")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self.room.disconnect()


@pytest.mark.live
def test_students_are_seen_heard_and_obey_and_go_when_she_goes(
    district: District, live: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classroom, "GONE_SECONDS", 1.0)

    async def run() -> None:
        desk = desk_of(district, n1=live.url)
        teacher = session_of(district, district.teacher)
        status, answer = await ask(desk.calls, PATH, {"students": 4, "scenario": "busy", "seed": 2}, session=teacher)
        assert status == 200
        assert not ids.is_id(answer["meeting"]), "no door, no register takes it for a meeting"
        names = {one["id"]: one["name"] for one in answer["members"] if one["role"] == "student"}
        assert len(names) == 4
        watcher = Watcher()
        await watcher.room.connect(answer["seats"][0]["url"], answer["seats"][0]["token"])
        await until(lambda: sum(count > 5 for count in watcher.frames.values()) >= 2, seconds=40, what="pictures move")
        assert {identity.partition(".")[0] for identity in watcher.frames} <= set(names)
        await until(lambda: any(topic == "practice" for topic, *_ in watcher.topics), seconds=30, what="the side note")
        await watcher.steer(1, frozen=True)
        await until(lambda: watcher.open_tracks() == 0, seconds=15, what="a frozen class is still")
        chats = sum(topic == "chat" for topic, *_ in watcher.topics)
        await asyncio.sleep(3)  # in a busy class something happens every 7 s: it may not, and that is the point
        assert sum(topic == "chat" for topic, *_ in watcher.topics) == chats
        await watcher.steer(2, frozen=False)
        await until(lambda: watcher.open_tracks() > 0, seconds=15, what="and goes on")
        await watcher.close()
        health: Any = {"classes": 1}
        async with asyncio.timeout(30):
            while health["classes"]:
                health = (await ask(desk.calls, PATH + "/health", method="GET", raw=b""))[1]
                await asyncio.sleep(0.2)
        say("class-practice", f"{len(watcher.frames)} of 4 synthetic students seen moving; frozen: 0 open tracks")

    asyncio.run(run())


@pytest.mark.live
def test_students_answer_a_question_once_and_tell_grown_ups_only(
    district: District, live: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polls, "THINKS_SECONDS", (0.1, 0.5))

    async def run() -> None:
        desk = desk_of(district, n1=live.url)
        session = session_of(district, district.teacher)
        _, answer = await ask(desk.calls, PATH, {"students": 2, "seed": 4}, session=session)
        here = {one["id"] for one in answer["members"] if one["role"] == "student"}
        teacher, classmate = Watcher(), Watcher()
        await teacher.room.connect(answer["seats"][0]["url"], answer["seats"][0]["token"])
        await classmate.room.connect(answer["seats"][0]["url"], classmates_token(district, answer["meeting"]))
        await until(lambda: teacher.here() >= here, seconds=40, what="both are in class")
        poll = {
            "id": "p1",
            "form": "abcd",
            "question": "",
            "options": [],
            "named": True,
            "state": "open",
            "result": None,
        }
        await teacher.steer(1, poll=poll)

        def answered(id_: str) -> dict[str, list[str]]:
            found: dict[str, list[str]] = {}
            for topic, who, value in teacher.topics:
                if topic == "poll_answer" and value["poll"] == id_:
                    found.setdefault(who.partition(".")[0], []).append(value["answer"])
            return found

        await until(lambda: set(answered("p1")) == here, seconds=20, what="each of them answers")
        assert {one for each in answered("p1").values() for one in each} <= set("ABCD")
        await teacher.steer(2, poll={**poll, "state": "closed"})
        await teacher.steer(3, poll={**poll, "id": "p2", "form": "own", "options": ["cat", "dog"]})
        await until(lambda: set(answered("p2")) == here, seconds=20, what="and the next one")
        assert {one for each in answered("p2").values() for one in each} <= {"cat", "dog"}
        assert all(len(each) == 1 for id_ in ("p1", "p2") for each in answered(id_).values()), "each once"
        assert not [one for one in classmate.topics if one[0] == "poll_answer"], "no classmate's device has it"
        for one in (teacher, classmate):
            await one.close()
        await desk.close()

    asyncio.run(run())


def classmates_token(district: District, meeting: str) -> str:
    return seat_token(district, meeting, "classmate.device", role="student")


def seat_token(district: District, meeting: str, live_identity: str, *, role: seats.Role) -> str:
    now = clock.now_seconds()
    name = seats.live_name(meeting, cell_secret=district.secret, day=seats.live_day(now))
    return seats.seat_token(
        api_key=KEY,
        api_secret=SECRET.encode(),
        live_identity=live_identity,
        role=role,
        meeting=meeting,
        name=name,
        starts_at=now,
        now=now,
    )
