"""/watch and /call at a real door: who sees which class is alone, and how a class calls an adult."""

import time
from typing import Any

import httpx

from schoolday.contracts.plan import Deny
from schoolday.lib import clock, ids
from schoolday.live import seats
from tests.door.district import District, Section, Someone
from tests.door.process import Door, day
from tests.door.test_live_hook import hook, send


def watch(door: Door, session: str | None) -> httpx.Response:
    return door.http.get("/watch", headers=day(session))


def alone(door: Door, who: Someone) -> list[str]:
    """Return the meetings that this adult sees alone."""
    answer = watch(door, door.session(who))
    assert answer.status_code == 200, answer.text
    return [one["meeting"] for one in answer.json()["alone"]]


def call(door: Door, session: str | None, section: Section, *, event: str = "", meeting: str = "now") -> httpx.Response:
    body = {
        "meeting": section.meetings[meeting].id,
        "section": section.id,
        "event": event or ids.new_event_id(),
        "sent_at": clock.now_ms(),
    }
    return door.http.post("/call", json=body, headers=day(session))


def told(door: Door, who: Someone, section: Section, role: str, event: str = "participant_joined") -> None:
    """Let the live server tell that somebody of the class came or left."""
    meeting = section.meetings["now"]
    live_day = seats.live_day(meeting.starts_at)
    name = seats.live_name(meeting.id, cell_secret=door.district.secret, day=live_day, turn=meeting.turn)
    value: dict[str, Any] = hook(
        door.district,
        event,
        sid=f"PA_{who.sub}",
        identity=f"{who.sub}.abcdefgh",
        attributes={"meeting": meeting.id, "role": role},
    )
    value["room"]["name"] = name
    assert send(door, value).status_code == 200


def test_a_class_without_its_teacher_is_seen_by_those_who_look_after_it(own: Door) -> None:
    district, meeting = own.district, own.district.section.meetings["now"].id
    told(own, district.student, district.section, "student")
    told(own, district.twin, district.section, "student")
    assert alone(own, district.teacher) == []
    time.sleep(21)
    for who in (district.teacher, district.duty, district.duty_teacher):
        assert alone(own, who) == [meeting], who.kind
    for who in (district.other_teacher, district.other_duty):
        assert alone(own, who) == []
    found = watch(own, own.session(district.duty)).json()
    assert found["door"] == "d1"
    assert abs(found["server_at"] - clock.now_ms()) < 5_000
    (one,) = found["alone"]
    assert (one["section"], one["org"], one["students"], one["called_at"]) == (
        district.section.id, district.school, 2, 0,
    )  # fmt: skip
    assert 20 <= clock.now_seconds() - one["since"] <= 40
    assert metric(own, "schoolday_door_meetings_alone") == 1
    assert metric(own, "schoolday_door_people_in_class") == 2

    own.kill()  # what a door knows of its classes lives on in its spool
    own.start()
    own.wait()
    deadline = time.monotonic() + 10
    while alone(own, district.duty) != [meeting] and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alone(own, district.duty) == [meeting]
    told(own, district.teacher, district.section, "teacher")
    time.sleep(1.1)
    assert alone(own, district.duty) == []
    told(own, district.student, district.section, "student", "participant_left")
    told(own, district.twin, district.section, "student", "participant_left")
    assert metric(own, "schoolday_door_people_in_class") == 1


def metric(door: Door, name: str) -> float:
    lines = door.http.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith(name + " ")).split()[1])


def test_a_call_shows_at_once_and_is_kept_once(own: Door) -> None:
    district, section = own.district, own.district.section
    session, event = own.session(district.student), ids.new_event_id()
    for _ in range(2):
        answer = call(own, session, section, event=event)
        assert (answer.status_code, answer.json()) == (200, {"kept": [event], "confirmed": False, "refused": {}})
    (kept,) = [one for one in own.drained() if one["kind"] == "adult_called"]
    assert (kept["id"], kept["sub"], kept["meeting"]) == (event, district.student.sub, section.meetings["now"].id)
    assert (kept["source"], kept["by"]) == ("door:d1", "")
    (one,) = watch(own, own.session(district.duty)).json()["alone"]
    assert (one["meeting"], one["students"]) == (section.meetings["now"].id, 1)
    assert abs(one["called_at"] - clock.now_seconds()) < 10
    again = call(own, session, section)
    assert list(again.json()["refused"].values()) == ["called_already"]
    told(own, district.duty, section, "duty")
    time.sleep(1.1)
    assert alone(own, district.duty) == []


def test_a_student_cannot_flood(own: Door) -> None:
    session = own.session(own.district.student)
    for _ in range(100):
        assert call(own, session, own.district.section).status_code == 200
    assert len([one for one in own.drained() if one["kind"] == "adult_called"]) == 1
    assert metric(own, "schoolday_door_calls_total") == 1


def test_only_who_is_of_the_class_calls_and_only_while_it_is_open(door: Door, district: District) -> None:
    section = district.section
    for outsider in (district.other_student, district.other_teacher, district.other_duty):
        answer = call(door, door.session(outsider), section)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_class")
    assert call(door, None, section).json()["code"] == "session_over"
    assert call(door, "ds1.20261121.x.y", section).json()["code"] == "session_over"
    student = door.session(district.student)
    for meeting in ("later", "over"):
        answer = call(door, student, section, meeting=meeting)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_meeting")
    assert call(door, student, section, event="x").json()["code"] == "bad_request"
    assert not [one for one in door.drained() if one["kind"] == "adult_called"]


def test_students_and_strangers_never_watch(door: Door, district: District) -> None:
    for outsider in (district.student, district.other_student):
        answer = watch(door, door.session(outsider))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_class")
    answer = watch(door, None)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")


def test_off_the_list_she_watches_no_more(own: Door) -> None:
    district = own.district
    session, teacher = own.session(district.duty), own.session(district.teacher)
    call(own, own.session(district.student), district.section)
    assert len(watch(own, session).json()["alone"]) == 1
    assert len(watch(own, teacher).json()["alone"]) == 1
    district.on_duty[district.school].remove(district.duty)
    removed = ((district.teacher.sub, district.section.id),)
    own.wait_for_plan(district.publish(deny=Deny(removed=removed)))
    assert watch(own, session).json()["code"] == "not_your_class"
    assert watch(own, teacher).json()["alone"] == []


def test_who_calls_comes_first(own: Door) -> None:
    district = own.district
    call(own, own.session(district.student), district.zoom_section)
    call(own, own.session(district.twin), district.section)
    expected = [section.meetings["now"].id for section in (district.zoom_section, district.section)]
    assert sorted(alone(own, district.duty)) == sorted(expected)
    assert sorted(alone(own, district.teacher)) == sorted(expected)
