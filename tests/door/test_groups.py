"""Seats in groups: for grown-ups of the class only, of its own students only, and each opens one place only."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from livekit import rtc

from schoolday.contracts.passes import Place, PlaceRole
from schoolday.contracts.plan import Deny, LiveNode
from schoolday.lib import clock, ids
from schoolday.live import seats
from tests.door.district import LIVE_SECRET, District, Section, Someone
from tests.door.process import Door, day
from tests.door.test_live_hook import hook, send
from tests.door.test_places import guest
from tests.door.test_remove import ask as remove
from tests.door.test_watch import alone
from tests.live_nodes import servers
from tests.live_nodes.servers import LiveServer
from tests.school_day import wait_until


def groups(door: Door, session: str | None, section: Section, *, meeting: str = "now", **asked: Any) -> httpx.Response:
    body = {"meeting": section.meetings[meeting].id, "section": section.id, **asked}
    return door.http.post("/groups", json=body, headers=day(session))


def claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, LIVE_SECRET, algorithms=["HS256"]))


def identity(one: Someone) -> str:
    return f"{one.sub}.abcdefgh"


def name_of(district: District, group: int) -> str:
    meeting = district.section.meetings["now"]
    live_day = seats.live_day(meeting.starts_at)
    return seats.live_name(meeting.id, cell_secret=district.secret, day=live_day, turn=meeting.turn, group=group)


@pytest.mark.parametrize("who", ["teacher", "duty", "duty_teacher"])
def test_a_grown_up_of_the_class_gets_seats_for_its_students(door: Door, district: District, who: str) -> None:
    asker = getattr(district, who)
    wanted = {identity(district.student): 1, identity(district.twin): 2}
    answer = groups(door, door.session(asker), district.section, seats=wanted, own=[1], watch=[0, 1, 2])
    assert answer.status_code == 200, answer.text
    given = answer.json()
    assert given["refused"] == []
    for one, group in wanted.items():
        seat = claims(given["seats"][one])
        assert (seat["sub"], seat["video"]["room"]) == (one, name_of(district, group))
        assert seat["attributes"]["role"] == "student"
        assert seat["attributes"]["group"] == str(group)
        assert "roomAdmin" not in seat["video"]
        assert seat["exp"] <= clock.now_seconds() + 1200
    own = claims(given["own"]["1"])
    assert own["sub"].partition(".")[0] == asker.sub
    assert (own["video"]["room"], own["video"]["roomAdmin"]) == (name_of(district, 1), True)
    assert "watching" not in own["attributes"]
    for group in (0, 1, 2):
        watch = claims(given["watch"][str(group)])
        assert (watch["video"]["room"], watch["attributes"]["watching"]) == (name_of(district, group), "1")
    assert len({name_of(district, group) for group in range(3)}) == 3


def test_outsiders_get_no_seat(door: Door, district: District) -> None:
    wanted: dict[str, Any] = {"seats": {identity(district.student): 1}, "own": [1], "watch": [0]}
    for who in (district.student, district.other_teacher, district.other_student, district.other_duty):
        answer = groups(door, door.session(who), district.section, **wanted)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_class"), who.kind
    for session in (None, "x.y.z"):
        answer = groups(door, session, district.section, **wanted)
        assert (answer.status_code, answer.json()["code"]) == (401, "session_over")
    guardian = Someone("guardian", (district.section.id,), district.school)
    assert door.first_join(guardian, district.section).status_code == 403, "a guardian's pass opens no session"


def test_an_interpreter_gets_a_seat_of_her_own_and_looks_after_nobody(door: Door, district: District) -> None:
    now = clock.now_seconds()
    expected: tuple[tuple[PlaceRole, int], ...] = (("interpreter", 200), ("observer", 403))
    for role, status in expected:
        asker, came = guest(door, district, "teacher", Place(role, now - 60, now + 3600))
        session = came.json()["session"]
        answer = groups(door, session, district.section, own=[1])
        assert answer.status_code == status, role
        if status == 200:
            own = claims(answer.json()["own"]["1"])
            assert (own["sub"].partition(".")[0], own["attributes"]["role"]) == (asker.sub, "interpreter")
            assert own["video"]["room"] == name_of(district, 1)
            assert "roomAdmin" not in own["video"]
        more: tuple[dict[str, Any], ...] = ({"seats": {identity(district.student): 1}}, {"watch": [0]}, {"watch": [1]})
        for wanted in more:
            assert groups(door, session, district.section, own=[1], **wanted).status_code == 403, (role, wanted)


def test_a_teacher_gets_no_seat_under_a_forged_section(door: Door, district: District) -> None:
    session = door.session(district.teacher)
    theirs = district.other_section.meetings["now"].id
    for section, meeting, code in (
        (district.section.id, theirs, "unknown_meeting"),
        (district.other_section.id, theirs, "not_your_class"),
        (ids.new_id(), theirs, "not_your_class"),
        (district.section.id, "x", "unknown_meeting"),
    ):
        body = {"meeting": meeting, "section": section, "own": [1]}
        answer = door.http.post("/groups", json=body, headers=day(session))
        assert (answer.status_code, answer.json()["code"]) == ({"n": 403, "u": 404}[code[0]], code)
    for meeting in ("later", "over"):
        assert groups(door, session, district.section, meeting=meeting, own=[1]).status_code == 404


def test_identities_of_others_are_refused_one_by_one(door: Door, district: District) -> None:
    mine = identity(district.student)
    others = [
        identity(district.other_student),
        identity(district.teacher),
        "somebody",
        district.student.sub,
        "x.abcdefgh",
    ]
    answer = groups(door, door.session(district.teacher), district.section, seats={mine: 1, **dict.fromkeys(others, 1)})
    assert answer.status_code == 200
    assert set(answer.json()["seats"]) == {mine}
    assert set(answer.json()["refused"]) == set(others)


def test_who_was_taken_out_gets_no_seat(own: Door) -> None:
    district = own.district
    session = own.session(district.teacher)
    version = district.publish(deny=Deny(removed=((district.student.sub, district.section.id),)))
    own.wait_for_plan(version)
    asked = {identity(district.student): 1, identity(district.twin): 1}
    given = groups(own, session, district.section, seats=asked).json()
    assert (set(given["seats"]), given["refused"]) == ({identity(district.twin)}, [identity(district.student)])


def test_who_was_removed_from_this_meeting_gets_no_seat_until_she_is_let_back(own: Door) -> None:
    """Also over a restart of the door; and a grown-up who is out of the meeting herself gets none for anybody."""
    district = own.district
    session = own.session(district.teacher)
    asked = {identity(district.student): 1, identity(district.twin): 1}

    def given() -> tuple[set[str], list[str]]:
        answer = groups(own, session, district.section, seats=asked).json()
        return set(answer["seats"]), answer["refused"]

    for back in (False, True, False):
        assert remove(own, session, district.student.sub, back=back).status_code == 200
        out = [] if back else [identity(district.student)]
        assert given() == (set(asked) - set(out), out)
    own.kill()
    own.start()
    own.wait()
    assert given() == ({identity(district.twin)}, [identity(district.student)])
    meeting = district.section.meetings["now"].id
    own.wait_for_plan(district.publish(deny=Deny(out=((district.teacher.sub, meeting),))))
    answer = groups(own, session, district.section, seats=asked, own=[1], watch=[0, 1])
    assert (answer.status_code, answer.json()["code"]) == (403, "removed")
    duty = groups(own, own.session(district.duty), district.section, watch=[1])
    assert duty.status_code == 200


def test_too_many_are_refused_with_a_word(door: Door, district: District) -> None:
    session = door.session(district.teacher)
    many = {f"{ids.new_id()}.abcdefgh": 1 for _ in range(61)}
    for asked in (
        {"seats": many},
        {"seats": {identity(district.student): 21}},
        {"own": [0]},
        {"own": [21]},
        {"watch": [-1]},
    ):
        answer = groups(door, session, district.section, **asked)
        assert (answer.status_code, answer.json()["code"]) == (400, "too_many"), asked
    assert groups(door, session, district.section, seats=dict(list(many.items())[:60])).status_code == 200
    assert groups(door, session, district.section, watch=list(range(21))).status_code == 200


def told(door: Door, one: Someone, role: str, group: int, event: str = "joined", *, watching: bool = False) -> None:
    """Let the live server tell of somebody in the class (0) or in a group of it."""
    where = {"group": str(group)} if group else {}
    value: dict[str, Any] = hook(
        door.district,
        f"participant_{event}",
        sid=f"PA_{one.sub}_{group}_{watching}",
        identity=identity(one),
        attributes={
            "meeting": door.district.section.meetings["now"].id, "role": role, **where,
            **({"watching": "1"} if watching else {}),
        },
    )  # fmt: skip
    value["room"] = {"sid": f"RM_{group}", "name": name_of(door.district, group), "creationTime": "1"}
    assert send(door, value).status_code == 200


def test_groups_that_are_looked_after_are_not_alone_also_after_a_restart(own: Door) -> None:
    """The teacher is in the class, her device looks after both groups: until it is gone."""
    district, meeting = own.district, own.district.section.meetings["now"].id
    told(own, district.teacher, "teacher", 0)
    for group, one in ((1, district.student), (2, district.twin)):
        told(own, one, "student", 0)
        told(own, district.teacher, "teacher", group, watching=True)
        told(own, one, "student", group)
        told(own, one, "student", 0, "left")  # the class tells of her going after the group of her coming
    time.sleep(21)
    assert alone(own, district.duty) == []
    wait_until(
        lambda: "schoolday_door_people_in_class 3" in own.http.get("/metrics").text,
        seconds=20,
        what="three are in class",
    )
    own.kill()
    own.start()
    own.wait()
    time.sleep(21)
    assert alone(own, district.duty) == []
    told(own, district.teacher, "teacher", 2, "left", watching=True)
    until_alone(own, [meeting])
    told(own, district.teacher, "teacher", 2)
    until_alone(own, [])


def until_alone(door: Door, wanted: list[str]) -> None:
    deadline = time.monotonic() + 40
    while alone(door, door.district.duty) != wanted:
        assert time.monotonic() < deadline, wanted
        time.sleep(1)


@pytest.mark.live
@pytest.mark.skipif(not servers.PROGRAM.exists(), reason="the live server is not built: make run builds it")
def test_a_seat_in_a_group_opens_neither_the_class_nor_another_group(tmp_path: Path) -> None:
    """Tried against a real live server: with the token, with the class's name asked for, and with a changed token."""
    node = LiveServer("n1", tmp_path, "http://127.0.0.1:9/live-hook")
    district = District(tmp_path / "plan")
    district.publish(live=(LiveNode(id="n1", url=node.url),))
    door = Door(district, tmp_path / "home", env={"LIVE_API_KEY": servers.KEY, "LIVE_API_SECRET": servers.SECRET})
    try:
        door.wait()
        node.start()
        asked = {identity(district.student): 1, identity(district.twin): 2}
        given = groups(door, door.session(district.teacher), district.section, seats=asked, own=[1]).json()
        student = given["seats"][identity(district.student)]

        async def lesson() -> None:
            main = rtc.Room()
            ticket = await asyncio.to_thread(door.first_join, district.small, district.section)
            await main.connect(node.url, ticket.json()["ticket"]["seats"][0]["token"])
            second, first = rtc.Room(), rtc.Room()
            await second.connect(node.url, given["seats"][identity(district.twin)])
            await first.connect(node.url, student)
            assert first.name == name_of(district, 1)
            assert second.name == name_of(district, 2)
            assert not first.remote_participants, "of the class and of the other group she sees nobody"
            await asyncio.sleep(1)
            assert not main.remote_participants
            assert not second.remote_participants
            for room in (main, second, first):
                await room.disconnect()

        asyncio.run(lesson())
        http = node.url.replace("ws://", "http://")
        for call in ("ListParticipants", "RemoveParticipant", "UpdateParticipant"):
            for group in (0, 1, 2):
                body = {"room": name_of(district, group), "identity": identity(district.twin)}
                headers = {"Authorization": f"Bearer {student}"}
                answer = httpx.post(
                    f"{http}/twirp/livekit.RoomService/{call}", json=body, headers=headers, trust_env=False
                )
                assert answer.status_code in (401, 403), (call, group)
        head, body_text, tail = student.split(".")
        forged = jwt.encode(
            {**claims_of(body_text), "video": {"room": name_of(district, 2), "roomJoin": True}}, "x" * 32
        )
        for token in (forged, f"{head}.{forged.split('.')[1]}.{tail}"):
            with pytest.raises(rtc.ConnectError):
                asyncio.run(come_with(node.url, token))
    finally:
        node.kill()
        door.stop()


async def come_with(url: str, token: str) -> None:
    await rtc.Room().connect(url, token, rtc.RoomOptions(connect_timeout=5))


def claims_of(body: str) -> dict[str, Any]:
    return dict(jwt.decode(f"e30.{body}.", options={"verify_signature": False}))
