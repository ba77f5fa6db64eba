"""Places: what a pass says of somebody beside its kind, and only for a time."""

from typing import Any

import pytest
from livekit.api import TokenVerifier

from schoolday.contracts.passes import Kind, Place, PlaceRole
from schoolday.contracts.plan import Deny
from schoolday.lib import clock, ids
from tests.door.district import LIVE_KEY, LIVE_SECRET, District, Someone
from tests.door.process import Door
from tests.door.test_duty import code_of, role_of


def guest(door: Door, district: District, kind: Kind, place: Place, **changed: Any) -> Any:
    """Come to the class with a pass that names this place and no section."""
    one = Someone(kind, (), district.other_school)
    token = district.token(one, places={district.section.id: place}, **changed)
    return one, door.first_join(one, district.section, token=token)


@pytest.mark.parametrize("kind", ["teacher", "operator"])
@pytest.mark.parametrize("role", ["teacher", "aide", "interpreter", "observer"])
def test_she_is_what_her_pass_names_her(door: Door, district: District, kind: Kind, role: PlaceRole) -> None:
    now = clock.now_seconds()
    _, answer = guest(door, district, kind, Place(role, now - 60, now + 3600))
    assert role_of(answer) == role
    claims = TokenVerifier(LIVE_KEY, LIVE_SECRET).verify(answer.json()["ticket"]["seats"][0]["token"])
    assert claims.video is not None
    assert bool(claims.video.room_admin) is (role == "teacher")
    assert claims.video.can_publish is (role != "observer")


def test_a_place_counts_in_its_time_alone(door: Door, district: District) -> None:
    now = clock.now_seconds()
    for place in (Place("teacher", now + 3600, now + 7200), Place("teacher", now - 7200, now - 1)):
        _, answer = guest(door, district, "teacher", place)
        assert code_of(answer) == (403, "not_your_class")


def test_a_guardian_is_an_observer_or_stays_outside(door: Door, district: District) -> None:
    now = clock.now_seconds()
    _, answer = guest(door, district, "guardian", Place("observer", now - 60, now + 60))
    assert role_of(answer) == "observer"
    for role in ("teacher", "aide", "interpreter"):
        _, answer = guest(door, district, "guardian", Place(role, now - 60, now + 60))
        assert code_of(answer) == (403, "not_your_class")


def test_a_child_never_has_a_place(door: Door, district: District) -> None:
    token = district.token(district.student, places={district.section.id: Place("teacher")})
    assert role_of(door.first_join(district.student, district.section, token=token)) == "student"
    one = Someone("student", (), district.school)
    token = district.token(one, places={district.section.id: Place("teacher")})
    assert code_of(door.first_join(one, district.section, token=token)) == (403, "not_your_class")


def test_who_was_taken_out_stays_out(own: Door) -> None:
    one, answer = guest(own, own.district, "teacher", Place("teacher"))
    assert role_of(answer) == "teacher"
    session = answer.json()["session"]
    deny = Deny(epochs={}, jtis=(), removed=((one.sub, own.district.section.id),))
    own.wait_for_plan(own.district.publish(deny=deny))
    assert code_of(own.join(own.district.section, session=session)) == (403, "not_your_class")


@pytest.mark.parametrize(
    ("role", "may"), [("teacher", True), ("aide", True), ("interpreter", False), ("observer", False)]
)
def test_only_who_looks_after_a_class_sees_its_roll_and_lets_children_in(
    door: Door, district: District, role: PlaceRole, may: bool
) -> None:
    _, answer = guest(door, district, "teacher", Place(role))
    header = {"Authorization": f"Day {answer.json()['session']}"}
    meeting = district.section.meetings["now"].id
    assert door.http.get("/roll", params={"meeting": meeting}, headers=header).status_code == (200 if may else 403)
    asked = {"sub": district.student.sub, "section": district.section.id}
    assert door.http.post("/let-in", json=asked, headers=header).status_code == (200 if may else 403)
    mark = {
        "id": ids.new_event_id(),
        "kind": "teacher_mark",
        "sub": district.student.sub,
        "meeting": meeting,
        "device_at": clock.now_ms(),
        "sent_at": clock.now_ms(),
        "detail": {"status": "excused"},
    }
    answer = door.http.post("/evidence", json={"events": [mark], "sent_at": clock.now_ms()}, headers=header)
    assert answer.status_code == 200, answer.text
    assert (mark["id"] in answer.json()["kept"]) is may, answer.text


def test_an_old_pass_opens_what_it_did(door: Door, district: District) -> None:
    assert district.pass_of(district.teacher).places == {}
    assert role_of(door.first_join(district.teacher, district.section)) == "teacher"
