"""Duty: an adult of the school's list comes into any class of this school, and nobody else does."""

import httpx
import pytest
from livekit.api import TokenVerifier

from schoolday.contracts.plan import Deny
from schoolday.lib import clock, ids
from tests.door.district import LIVE_KEY, LIVE_SECRET, District, Someone
from tests.door.process import Door, day


def role_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    claims = TokenVerifier(LIVE_KEY, LIVE_SECRET).verify(answer.json()["ticket"]["seats"][0]["token"])
    assert claims.attributes is not None
    return claims.attributes["role"]


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["code"])


@pytest.mark.parametrize("who", ["duty", "duty_teacher"])
def test_who_is_on_duty_comes_into_any_class_of_the_school(door: Door, district: District, who: str) -> None:
    adult: Someone = getattr(district, who)
    answer = door.first_join(adult, district.section)
    assert role_of(answer) == "duty"
    assert door.join(district.zoom_section, session=answer.json()["session"]).json()["ticket"]["state"] == "alternate"
    kept = [one for one in door.drained() if one["sub"] == adult.sub]
    assert {one["kind"] for one in kept} == {"arrived"}
    assert {one["meeting"] for one in kept} >= {district.section.meetings["now"].id}


def test_a_teacher_of_the_section_stays_its_teacher(own: Door) -> None:
    district = own.district
    district.on_duty[district.school].append(district.teacher)
    own.wait_for_plan(district.publish())
    assert role_of(own.first_join(district.teacher, district.section)) == "teacher"
    assert role_of(own.first_join(district.student, district.section)) == "student"


def test_duty_is_of_one_school(door: Door, district: District) -> None:
    assert role_of(door.first_join(district.other_duty, district.other_section)) == "duty"
    for adult, section in ((district.other_duty, district.section), (district.duty, district.other_section)):
        assert code_of(door.first_join(adult, section)) == (403, "not_your_class")


def test_nobody_else_comes_in_by_duty(door: Door, district: District) -> None:
    for one in (district.operator, district.other_teacher, district.other_student):
        assert code_of(door.first_join(one, district.section)) == (403, "not_your_class")
    guardian = Someone("guardian", (district.section.id,), district.school)
    assert code_of(door.first_join(guardian, district.section)) == (403, "bad_pass")


def test_an_operator_comes_in_by_duty_alone(door: Door, district: District) -> None:
    """Whatever sections her pass should say."""
    operator = Someone("operator", (district.section.id,), district.school)
    assert code_of(door.first_join(operator, district.section)) == (403, "not_your_class")


def test_a_student_on_the_list_by_mistake_stays_a_student(own: Door) -> None:
    district = own.district
    district.on_duty[district.other_school].append(district.student)
    own.wait_for_plan(district.publish())
    assert code_of(own.first_join(district.student, district.other_section)) == (403, "not_your_class")
    assert role_of(own.first_join(district.student, district.section)) == "student"


def test_off_the_list_or_denied_she_stays_out_also_with_the_session_she_has(own: Door) -> None:
    district = own.district
    sessions = {one.sub: own.session(one) for one in (district.duty, district.duty_teacher)}
    removed = ((district.duty_teacher.sub, district.section.id),)
    district.on_duty[district.school].remove(district.duty)
    own.wait_for_plan(district.publish(deny=Deny(removed=removed)))
    for session in sessions.values():
        assert code_of(own.join(district.section, session=session)) == (403, "not_your_class")
    assert code_of(own.first_join(district.duty, district.section)) == (403, "not_your_class")
    district.on_duty[district.school].append(district.duty)
    own.wait_for_plan(district.publish(deny=Deny(epochs={district.duty.sub: 2})))
    assert code_of(own.join(district.section, session=sessions[district.duty.sub])) == (403, "revoked")
    assert code_of(own.first_join(district.duty, district.section)) == (403, "revoked")
    assert role_of(own.join(district.section, session=sessions[district.duty_teacher.sub])) == "duty"


def test_what_her_device_tells_of_the_class_is_kept(door: Door, district: District) -> None:
    meeting = district.section.meetings["now"].id
    for who, kept in ((district.duty, 1), (district.other_duty, 1), (district.other_teacher, 1)):
        event = {"id": ids.new_event_id(), "kind": "left", "sub": who.sub, "meeting": meeting}
        upload = {"sent_at": clock.now_ms(), "events": [event]}
        answer = door.http.post("/evidence", json=upload, headers=day(door.session(who)))
        assert len(answer.json()["kept"]) == kept, who
    stranger = Someone("teacher", (district.other_section.id,), district.school)
    upload["events"] = [{**event, "sub": stranger.sub}]
    answer = door.http.post("/evidence", json=upload, headers=day(door.session(stranger)))
    assert list(answer.json()["refused"].values()) == ["not_your_class"]


def test_she_sees_the_roll_of_her_school(door: Door, district: District) -> None:
    door.join(district.section, session=door.session(district.student))
    query = {"meeting": district.section.meetings["now"].id}
    answer = door.http.get("/roll", params=query, headers=day(door.session(district.duty)))
    assert district.student.sub in [entry["sub"] for entry in answer.json()["entries"]]
    for outsider in (district.other_duty, district.other_teacher, district.student):
        answer = door.http.get("/roll", params=query, headers=day(door.session(outsider)))
        assert code_of(answer) == (403, "not_your_class")


def test_another_turn_is_another_place_in_the_class(own: Door) -> None:
    district = own.district

    def place() -> tuple[int, str]:
        ticket = own.first_join(district.student, district.section).json()["ticket"]
        video = TokenVerifier(LIVE_KEY, LIVE_SECRET).verify(ticket["seats"][0]["token"]).video
        assert video is not None
        return ticket["turn"], video.room

    turn, name = place()
    assert place() == (turn, name)
    district.turn(district.section)
    own.wait_for_plan(district.publish())
    assert place()[0] == turn + 1
    assert place()[1] != name
