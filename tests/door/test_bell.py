"""/bell and /session at a real door: who sees what of the bell, and that it counts each person once."""

import time
from typing import Any

import httpx

from schoolday.contracts.plan import Deny
from schoolday.lib import clock, ids
from tests.door.district import District, Someone
from tests.door.process import Door, day
from tests.door.test_watch import told


def of_the_district(district: District) -> Someone:
    """An operator whose pass is of no school."""
    return Someone("operator", (), ids.new_id())


def open_day(door: Door, who: Someone, **changed: Any) -> httpx.Response:
    return door.http.post("/session", json={"first": door.district.first_contact(who, door.nonce(), **changed)})


def session_of(door: Door, who: Someone) -> str:
    answer = open_day(door, who)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["session"])


def bell(door: Door, session: str | None) -> dict[str, Any]:
    answer = door.http.get("/bell", headers=day(session))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def counts(value: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {(one["org"], one["band"]): (one["expected"], one["arrived"], one["trying"]) for one in value["groups"]}


def soon(door: Door, session: str, wanted: dict[tuple[str, str], tuple[int, int, int]]) -> dict[str, Any]:
    """Return the bell once it counts so; what is counted shows within a second or two."""
    deadline = time.monotonic() + 10
    while (value := bell(door, session)) and counts(value) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert counts(value) == wanted
    return value


def tried(door: Door, who: Someone, *, ago_seconds: int = 0, layer: str = "line") -> None:
    now = clock.now_ms()
    event = {
        "id": ids.new_event_id(),
        "kind": "tried",
        "sub": who.sub,
        "meeting": door.district.section.meetings["now"].id,
        "device_at": now - ago_seconds * 1000,
        "detail": {"layer": layer, "step": "d2"},
    }
    session = door.session(who)
    answer = door.http.post("/evidence", json={"sent_at": now, "events": [event]}, headers=day(session))
    assert answer.json()["kept"] == [event["id"]], answer.text


def test_each_student_counts_once_and_by_band(own: Door) -> None:
    district, (here, there) = own.district, (own.district.school, own.district.other_school)
    operator = session_of(own, of_the_district(district))
    first = soon(own, operator, {(here, "6-8"): (2, 0, 0), (here, "PK-5"): (1, 0, 0), (there, "6-8"): (1, 0, 0)})
    assert (first["door"], first["plan_version"], first["since"], first["down"]) == ("d1", district.version, 0, False)
    for _ in range(2):  # the second time she comes again, with another event
        assert own.first_join(district.student, district.section).status_code == 200
    assert own.first_join(district.teacher, district.section).status_code == 200
    wanted = {(here, "6-8"): (2, 1, 0), (here, "PK-5"): (1, 0, 0), (there, "6-8"): (1, 0, 0)}
    found = soon(own, operator, wanted)
    assert (len(found["arrivals"]), sum(found["arrivals"]), sum(found["arrivals"][-2:])) == (60, 1, 1)
    assert (found["joins_in_minute"], found["failed_in_minute"]) == (3, 0)
    assert 1 <= found["p99_ms"] < 2_000
    assert found["spool_pending"] == 3

    own.kill()
    own.start()
    own.wait()
    again = soon(own, operator, wanted)
    assert sum(again["arrivals"]) == 1
    assert again["since"] == 0


def test_who_tries_counts_until_she_is_in(own: Door) -> None:
    district, here, there = own.district, own.district.school, own.district.other_school
    operator = session_of(own, of_the_district(district))
    rest = {(here, "PK-5"): (1, 0, 0), (there, "6-8"): (1, 0, 0)}
    soon(own, operator, {(here, "6-8"): (2, 0, 0), **rest})
    tried(own, district.student)
    tried(own, district.student, layer="live")
    tried(own, district.twin, ago_seconds=400)
    found = soon(own, operator, {(here, "6-8"): (2, 0, 1), **rest})
    assert found["failures"] == {"line": 1, "live": 1}
    assert own.first_join(district.student, district.section).status_code == 200
    soon(own, operator, {(here, "6-8"): (2, 1, 0), **rest})
    tried(own, district.twin, layer="x" * 50)
    assert bell(own, operator)["failures"] == {"line": 1, "live": 1, "other": 1}
    assert 'schoolday_door_tried_total{layer="line"} 2.0' in own.http.get("/metrics").text


def test_an_arrival_that_a_device_brings_later_counts_too(own: Door) -> None:
    district, here = own.district, own.district.school
    operator = session_of(own, of_the_district(district))
    session, now = own.session(district.student), clock.now_ms()
    event = {
        "id": ids.new_event_id(),
        "kind": "arrived",
        "sub": district.student.sub,
        "meeting": district.section.meetings["now"].id,
        "device_at": now - 120_000,
    }
    for _ in range(2):
        own.http.post("/evidence", json={"sent_at": now, "events": [event]}, headers=day(session))
    deadline = time.monotonic() + 10
    while counts(bell(own, operator)).get((here, "6-8")) != (2, 1, 0) and time.monotonic() < deadline:
        time.sleep(0.1)
    found = bell(own, operator)
    assert counts(found)[here, "6-8"] == (2, 1, 0)
    assert sum(found["arrivals"]) == 1
    assert found["arrivals"][-1] == 0


def test_a_new_plan_keeps_who_has_arrived(own: Door) -> None:
    district, here = own.district, own.district.school
    operator = session_of(own, of_the_district(district))
    assert own.first_join(district.student, district.section).status_code == 200
    district.students.insert(0, Someone("student", (district.section.id,), here, grade="08"))
    own.wait_for_plan(district.publish())
    soon(
        own,
        operator,
        {(here, "6-8"): (3, 1, 0), (here, "PK-5"): (1, 0, 0), (district.other_school, "6-8"): (1, 0, 0)},
    )


def test_those_on_duty_see_their_schools_and_nobody_else_sees_any(door: Door, district: District) -> None:
    operator, deadline = session_of(door, of_the_district(district)), time.monotonic() + 10
    while len(counts(bell(door, operator))) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    for who, org in ((district.duty, district.school), (district.other_duty, district.other_school)):
        found = bell(door, session_of(door, who))
        assert {one["org"] for one in found["groups"]} == {org}
    assert {one["org"] for one in bell(door, door.session(district.duty_teacher))["groups"]} == {district.school}
    outsiders = (district.student, district.other_student, district.teacher, district.operator)
    for outsider in outsiders:
        answer = door.http.get("/bell", headers=day(session_of(door, outsider)))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_class"), outsider.kind
    for stranger in (None, "ds1.20261121.x.y"):
        answer = door.http.get("/bell", headers=day(stranger))
        assert (answer.status_code, answer.json()["code"]) == (401, "session_over")


def test_a_day_session_without_a_class_opens_none(door: Door, district: District) -> None:
    operator = of_the_district(district)
    answer = open_day(door, operator)
    assert abs(answer.json()["server_at"] - clock.now_ms()) < 5_000
    refused = door.join(district.section, session=answer.json()["session"])
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_class")
    assert door.join(district.section, session=session_of(door, district.student)).status_code == 200


def test_a_session_needs_all_that_a_join_needs(own: Door) -> None:
    district = own.district
    guardian = Someone("guardian", (), district.school)
    assert open_day(own, guardian).json()["code"] == "bad_pass"
    assert open_day(own, district.student, proof="x").json()["code"] == "bad_proof"
    assert own.http.post("/session", json={}).json()["code"] == "bad_request"
    first = district.first_contact(district.student, own.nonce())
    assert own.http.post("/session", json={"first": first}).status_code == 200
    assert own.http.post("/session", json={"first": first}).json()["code"] == "nonce_old"
    session = session_of(own, district.duty)
    own.wait_for_plan(district.publish(deny=Deny(epochs={district.duty.sub: 2})))
    assert own.http.get("/bell", headers=day(session)).json()["code"] == "revoked"
    assert open_day(own, district.duty).json()["code"] == "revoked"


def test_in_class_and_without_a_teacher(own: Door) -> None:
    district = own.district
    told(own, district.student, district.section, "student")
    told(own, district.other_student, district.other_section, "student")
    everything, mine = session_of(own, of_the_district(district)), session_of(own, district.duty)
    assert (bell(own, everything)["in_class"], bell(own, mine)["in_class"]) == (2, 1)
    assert bell(own, mine)["without_teacher"] == 0
    time.sleep(21)
    assert (bell(own, everything)["without_teacher"], bell(own, mine)["without_teacher"]) == (2, 1)
