"""Evidence: kept once, and believed only in what its sender may say."""

from typing import Any

import httpx
import pytest

from schoolday.lib import clock, ids
from tests.door.district import District, Someone
from tests.door.process import Door, day


def event(sub: str, kind: str = "tried", **more: Any) -> dict[str, Any]:
    return {"id": ids.new_event_id(), "kind": kind, "sub": sub, "device_at": clock.now_ms(), **more}


def upload(door: Door, session: str, *events: dict[str, Any], sent_at: int | None = None) -> httpx.Response:
    body = {"sent_at": clock.now_ms() if sent_at is None else sent_at, "events": events}
    return door.http.post("/evidence", json=body, headers=day(session))


def test_what_a_student_says_of_herself_is_kept_and_not_confirmed(door: Door, district: District) -> None:
    session = door.session(district.student)
    kinds = ("tried", "entered", "left", "handed_in", "alternate_opened", "arrived")
    events = [event(district.student.sub, kind) for kind in kinds]
    receipt = upload(door, session, *events).json()
    assert receipt == {"kept": [one["id"] for one in events], "confirmed": False, "refused": {}}
    drained = {one["id"]: one for one in door.drained()}
    assert all(one["id"] in drained for one in events)
    assert drained[events[-1]["id"]]["detail"] == {"told_by": "device"}, "an arrival that the door did not see itself"


def test_twice_is_once(door: Door, district: District) -> None:
    session, one = door.session(district.student), event(district.student.sub)
    for _ in range(3):
        assert upload(door, session, one, one).json()["kept"] == [one["id"], one["id"]]
    assert [kept["id"] for kept in door.drained()].count(one["id"]) == 1


def test_nobody_says_who_received_it_or_for_whom_else(door: Door, district: District) -> None:
    session = door.session(district.student)
    lie = event(
        district.student.sub, source="live:n1", received_at=1, by=district.teacher.sub, device="another", sent_at=5
    )
    upload(door, session, lie, sent_at=clock.now_ms())
    kept = next(one for one in door.drained() if one["id"] == lie["id"])
    assert kept["source"] == "door:d1"
    assert abs(kept["received_at"] - clock.now_ms()) < 20_000
    assert (kept["by"], kept["sent_at"] > 5, kept["device"] != "another") == ("", True, True)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"sub": "somebodyelse"}, "not_yours"),
        ({"kind": "parent_word"}, "not_at_a_door"),
        ({"kind": "took_part"}, "bad_part"),
        ({"kind": "took_part", "detail": {"what": "a Word of Naïka's"}}, "bad_part"),
        ({"kind": "called_in"}, "not_at_a_door"),
        ({"kind": "teacher_mark"}, "not_a_teacher"),
        ({"id": "x" * 500}, "bad_id"),
        ({"id": "018F0000-0000-7000-8000-000000000000"}, "bad_id"),
        ({"detail": {"layer": "x" * 3_000}}, "too_large"),
        ({"meeting": "m" * 13}, "too_large"),
    ],
)
def test_what_can_never_be_taken_is_refused_and_the_rest_kept(
    door: Door, district: District, wrong: dict[str, Any], why: str
) -> None:
    session = door.session(district.student)
    good, bad = event(district.student.sub), event(district.student.sub) | wrong
    receipt = upload(door, session, bad, good).json()
    assert receipt["kept"] == [good["id"]]
    assert receipt["refused"] == {bad["id"][:64]: why}


def test_a_meeting_of_another_section_of_her_school_is_refused(door: Door, district: District) -> None:
    someone = Someone("student", (district.zoom_section.id,), district.school)
    session = door.session(someone)
    theirs = event(someone.sub, "arrived", meeting=district.section.meetings["now"].id)
    of_last_week = event(someone.sub, "arrived", meeting=ids.new_id())
    receipt = upload(door, session, theirs, of_last_week).json()
    assert receipt["refused"] == {theirs["id"]: "not_your_class"}
    assert receipt["kept"] == [of_last_week["id"]], "the plan in force knows nothing of last week"


def mark(sub: str, meeting: str, status: str = "present") -> dict[str, Any]:
    return event(sub, "teacher_mark", meeting=meeting, detail={"status": status})


def test_a_teacher_marks_her_own_students(door: Door, district: District) -> None:
    session, meeting = door.session(district.teacher), district.section.meetings["over"].id
    good = mark(district.student.sub, meeting)
    assert upload(door, session, good).json()["kept"] == [good["id"]]
    assert next(one for one in door.drained() if one["id"] == good["id"])["by"] == district.teacher.sub


def test_a_teacher_marks_nobody_else(door: Door, district: District) -> None:
    session, meeting = door.session(district.teacher), district.section.meetings["now"].id
    theirs = district.other_section.meetings["now"].id
    wrong = {
        "another section's student": mark(district.other_student.sub, meeting),
        "another section's meeting": mark(district.other_student.sub, theirs),
        "her student in another's meeting": mark(district.student.sub, theirs),
        "a stranger": mark(ids.new_id(), meeting),
        "no meeting": mark(district.student.sub, ""),
    }
    receipt = upload(door, session, *wrong.values()).json()
    assert receipt["kept"] == []
    assert set(receipt["refused"].values()) == {"not_your_class"}
    bad = mark(district.student.sub, meeting, "expelled")
    assert upload(door, session, bad).json()["refused"] == {bad["id"]: "bad_mark"}
    assert upload(door, door.session(district.other_teacher), mark(district.student.sub, meeting)).json()["kept"] == []


def test_a_session_past_its_pass_still_brings_evidence(door: Door, district: District) -> None:
    now = clock.now_seconds()
    old = district.token(district.student, exp=now - 60, grace=now + 86_400)
    session = door.first_join(district.student, district.section, token=old).json()["session"]
    one = event(district.student.sub)
    assert upload(door, session, one).json()["kept"] == [one["id"]]


def test_without_a_session_and_without_measure(door: Door, district: District) -> None:
    assert door.http.post("/evidence", json={"sent_at": 1, "events": []}).json()["code"] == "session_over"
    session = door.session(district.student)
    many = upload(door, session, *(event(district.student.sub) for _ in range(201)))
    assert (many.status_code, many.json()["code"]) == (400, "bad_request")
    assert upload(door, session).json() == {"kept": [], "confirmed": False, "refused": {}}
    unknown = upload(door, session, event(district.student.sub, "flew_away"))
    assert (unknown.status_code, unknown.json()["code"]) == (400, "bad_request")


def test_a_cry_for_help_keeps_facts_and_no_sentence(door: Door, district: District) -> None:
    detail = {
        "camera": "refused",
        "line": "good",
        "layer": "live",
        "screen": "class",
        "microphone": "I am Naika and my mother is at work",
        "words": "help",
    }
    cry = event(district.student.sub, "help_asked", detail=detail)
    assert upload(door, door.session(district.student), cry).json()["kept"] == [cry["id"]]
    kept = next(one for one in door.drained() if one["id"] == cry["id"])
    assert kept["detail"] == {"camera": "refused", "line": "good", "layer": "live", "screen": "class"}


def test_nobody_cries_for_help_in_anothers_name(door: Door, district: District) -> None:
    cry = event("somebodyelse", "help_asked")
    assert upload(door, door.session(district.student), cry).json()["refused"] == {cry["id"]: "not_yours"}
