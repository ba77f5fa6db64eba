"""What must end sooner than the pass: the deny list of the plan in force."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schoolday.contracts import plan
from tests.door.district import District
from tests.door.process import Door


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[District, Door]]:
    district = District(tmp_path / "plan")
    district.publish()
    door = Door(district, tmp_path / "home")
    door.wait()
    yield district, door
    door.stop()


def test_passes_and_sessions_below_the_epoch_are_dead(place: tuple[District, Door]) -> None:
    district, door = place
    session, twins = door.session(district.student), door.session(district.twin)
    door.wait_for_plan(district.publish(deny=plan.Deny(epochs={district.student.sub: 2})))
    assert door.join(district.section, session=session).json()["code"] == "revoked"
    assert door.first_join(district.student, district.section).json()["code"] == "revoked"
    assert door.join(district.section, session=twins).status_code == 200
    token = district.token(district.student, epoch=2)
    assert door.first_join(district.student, district.section, token=token).status_code == 200


def test_one_pass_is_dead_and_the_persons_others_are_not(place: tuple[District, Door]) -> None:
    district, door = place
    token = district.token(district.student, jti="lost-phone")
    session = door.first_join(district.student, district.section, token=token).json()["session"]
    door.wait_for_plan(district.publish(deny=plan.Deny(jtis=("lost-phone",))))
    assert door.join(district.section, session=session).json()["code"] == "revoked"
    assert door.first_join(district.student, district.section, token=token).json()["code"] == "revoked"
    assert door.first_join(district.student, district.section).status_code == 200


def test_who_was_taken_out_of_a_class_stays_out_of_it_alone(place: tuple[District, Door]) -> None:
    district, door = place
    session = door.session(district.student)
    removed = ((district.student.sub, district.section.id),)
    door.wait_for_plan(district.publish(deny=plan.Deny(removed=removed)))
    assert door.join(district.section, session=session).json()["code"] == "not_your_class"
    assert door.first_join(district.student, district.section).json()["code"] == "not_your_class"
    assert door.join(district.zoom_section, session=session).status_code == 200
    request = district.badge_request(district.student, door.nonce(), district.qr(district.student))
    assert district.section.id not in door.http.post("/badge", json=request).json()["sections"]


def test_a_badge_that_the_plan_no_longer_lists_is_dead(place: tuple[District, Door]) -> None:
    district, door = place
    qr, district.twin.badge = district.qr(district.twin), 12345
    door.wait_for_plan(district.publish())
    request = district.badge_request(district.twin, door.nonce(), qr)
    assert door.http.post("/badge", json=request).json()["code"] == "bad_badge"


def test_what_a_badge_opened_ends_with_the_badge(place: tuple[District, Door]) -> None:
    district, door = place
    request = district.badge_request(district.twin, door.nonce(), district.qr(district.twin))
    session = door.http.post("/badge", json=request).json()["session"]
    assert door.join(district.section, session=session).status_code == 200
    district.twin.badge = 12345
    door.wait_for_plan(district.publish())
    assert door.join(district.section, session=session).json()["code"] == "revoked"
