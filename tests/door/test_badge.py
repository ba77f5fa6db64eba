"""A small child's card, the pictures, and the teacher's code."""

from typing import Any

import httpx
import pytest

from schoolday.contracts import badges
from schoolday.lib import clock, ids
from schoolday.lib.signing import Signer
from tests.door.district import District, Someone
from tests.door.process import Door, day


def show(door: Door, one: Someone, badge: str, path: str = "/badge", **changed: Any) -> httpx.Response:
    return door.http.post(path, json=door.district.badge_request(one, door.nonce(), badge, **changed))


def typed(district: District, one: Someone) -> str:
    return badges.typed_code(one.badge, cell_secret=district.secret)


def pictures(district: District, one: Someone) -> list[str]:
    return list(badges.picture_pin(one.badge, cell_secret=district.secret))


def test_a_badge_lets_a_child_into_her_own_classes(door: Door, district: District) -> None:
    for badge in (district.qr(district.twin), typed(district, district.twin), typed(district, district.twin).upper()):
        answer = show(door, district.twin, badge)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert (body["sub"], body["org"]) == (district.twin.sub, district.school)
        assert set(body["sections"]) == set(district.twin.sections)
        assert door.join(district.section, session=body["session"]).json()["ticket"]["state"] == "live"
        assert door.join(district.other_section, session=body["session"]).json()["code"] == "not_your_class"


def test_a_badge_with_few_rights_brings_no_marks(door: Door, district: District) -> None:
    session = show(door, district.twin, district.qr(district.twin)).json()["session"]
    answer = door.http.post(
        "/let-in", json={"sub": district.twin.sub, "section": district.section.id}, headers=day(session)
    )
    assert answer.json()["code"] == "not_your_class"


def test_a_small_childs_badge_asks_for_her_pictures(door: Door, district: District) -> None:
    qr, right = district.qr(district.small), pictures(district, district.small)
    assert show(door, district.small, qr).json()["code"] == "pictures_needed"
    wrong = ["bus", "bus", "cat"] if right != ["bus", "bus", "cat"] else ["cat", "cat", "bus"]
    answer = show(door, district.small, qr, pictures=wrong)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_pictures")
    assert show(door, district.small, qr, pictures=right).status_code == 200


def test_wrong_pictures_make_the_badge_wait_and_nobody_else(district: District, tmp_path: Any) -> None:
    door = Door(district, tmp_path)
    try:
        door.wait()
        qr, right = district.qr(district.small), pictures(district, district.small)
        wrong = [*right[1:], right[0]] if len(set(right)) > 1 else ["bus", "cat", "dog"]
        codes = [show(door, district.small, qr, pictures=wrong).json()["code"] for _ in range(6)]
        assert codes == ["wrong_pictures"] * 5 + ["wait"]
        waiting = show(door, district.small, qr, pictures=right)
        assert (waiting.status_code, waiting.json()["code"]) == (429, "wait")
        assert 0 < waiting.json()["retry_after_seconds"] <= 600
        assert show(door, district.twin, district.qr(district.twin)).status_code == 200
        code = let_in(door, district, district.small).json()["code"]
        assert show(door, district.small, code, "/let-in/use").status_code == 200, "the teacher's way around the wait"
    finally:
        door.stop()


def test_a_badge_that_is_none_is_refused(door: Door, district: District) -> None:
    twin = district.twin
    unknown = Someone("student", (), district.school)
    plain = typed(district, twin).replace("-", "")
    for badge in (
        "",
        "x",
        "SD1:",
        "SD1:" + "x" * 2_000,
        district.qr(twin)[:-4],
        district.qr(twin, signer=Signer.generate("k1")),
        district.qr(twin, district="harbor"),
        district.qr(unknown),
        typed(district, unknown),
        plain[:-1] + ("0" if plain[-1] != "0" else "1"),
        district.token(twin),
    ):
        answer = show(door, twin, badge)
        assert (answer.status_code, answer.json()["code"]) == (403, "bad_badge"), badge


def test_a_badge_binds_the_device_that_showed_it(door: Door, district: District) -> None:
    request = district.badge_request(district.twin, door.nonce(), district.qr(district.twin))
    other = district.student.device.key
    stolen = {**request, "key": {"x": other.x, "y": other.y}}
    assert door.http.post("/badge", json=stolen).json()["code"] == "bad_proof"
    assert door.http.post("/badge", json=request).status_code == 200
    assert door.http.post("/badge", json=request).json()["code"] == "nonce_old"


def let_in(door: Door, district: District, one: Someone, *, by: Someone | None = None) -> httpx.Response:
    body = {"sub": one.sub, "section": district.section.id}
    return door.http.post("/let-in", json=body, headers=day(door.session(by or district.teacher)))


def test_a_teachers_code_opens_once(door: Door, district: District) -> None:
    answer = let_in(door, district, district.small).json()
    assert 600 <= answer["expires_at"] - clock.now_seconds() <= 1200
    used = show(door, district.small, answer["code"].upper(), "/let-in/use")
    assert used.status_code == 200, used.text
    assert door.join(district.section, session=used.json()["session"]).status_code == 200
    again = show(door, district.small, answer["code"], "/let-in/use")
    assert (again.status_code, again.json()["code"]) == (403, "code_used")
    assert let_in(door, district, district.small).json()["code"] != answer["code"]


@pytest.mark.parametrize("asker", ["student", "other_teacher"])
def test_only_the_sections_teacher_gets_a_code(door: Door, district: District, asker: str) -> None:
    answer = let_in(door, district, district.small, by=getattr(district, asker))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_class")


def test_a_code_for_nobody_of_the_class(door: Door, district: District) -> None:
    for sub in (district.other_student.sub, ids.new_id(), "", "x"):
        body = {"sub": sub, "section": district.section.id}
        answer = door.http.post("/let-in", json=body, headers=day(door.session(district.teacher)))
        assert answer.json()["code"] == "not_your_class"


def test_guessed_codes_wait_by_number_and_not_by_address(district: District, tmp_path: Any) -> None:
    door = Door(district, tmp_path)
    try:
        door.wait()
        right = let_in(door, district, district.small).json()["code"]
        guess = right[:-1] + ("0" if right[-1] != "0" else "1")
        codes = [show(door, district.small, guess, "/let-in/use").json()["code"] for _ in range(6)]
        assert codes == ["bad_code"] * 5 + ["wait"]
        for text in ("", "x", "0" * 14, right + "0"):
            assert show(door, district.small, text, "/let-in/use").json()["code"] == "bad_code"
        other = let_in(door, district, district.student).json()["code"]
        assert show(door, district.student, other, "/let-in/use").status_code == 200
    finally:
        door.stop()


def test_a_used_code_stays_used_after_a_restart(district: District, tmp_path: Any) -> None:
    door = Door(district, tmp_path)
    try:
        door.wait()
        code = let_in(door, district, district.small).json()["code"]
        assert show(door, district.small, code, "/let-in/use").status_code == 200
        door.kill()
        door.start()
        door.wait()
        assert show(door, district.small, code, "/let-in/use").json()["code"] == "code_used"
    finally:
        door.stop()
