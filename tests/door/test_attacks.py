"""Only those who belong get in: forged, copied, replayed, taken back, of another kind, district or class."""

import secrets
from typing import Any

import msgspec
import pytest

from schoolday.contracts import day_session, passes, proofs
from schoolday.lib import clock, ids, signing
from schoolday.lib.signing import Signer
from tests.door.district import Device, District, Someone
from tests.door.process import Door
from tests.forging import altered


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_forged_tag_is_dropped(door: Door, district: District) -> None:
    first = district.first_contact(district.student, door.nonce())
    for tag in ("", "x", "20261121", "20261121.", "20261121.AAAA", altered(first["tag"]), "9" * 5_000, "\u00e9.x"):
        assert refused(door.join(district.section, first={**first, "tag": tag})) == (403, "bad_pass")


@pytest.mark.parametrize("damage", ["signature", "payload", "footer", "empty", "header", "no key", "other use"])
def test_a_forged_pass_is_refused_even_with_a_right_tag(door: Door, district: District, damage: str) -> None:
    token = district.token(district.student)
    head, body, foot = token.rsplit(".", 2)[0], token.split(".")[2], token.split(".")[3]
    forged = {
        "signature": f"{head}.{altered(body)}.{foot}",
        "payload": f"{head}.{altered(body, 0)}.{foot}",
        "footer": f"{head}.{body}.{altered(foot)}",
        "empty": "",
        "header": "v2.public." + token.split(".", 2)[2],
        "no key": passes.sign_pass(district.pass_of(district.student), Signer.generate("k9")),
        "other use": district.signer.sign(b"{}", use="plan:index"),
    }[damage]
    assert refused(door.join(district.section, first=contact(door, district, forged))) == (403, "bad_pass")


def test_a_pass_signed_by_a_stranger_with_our_kid_is_refused(door: Door, district: District) -> None:
    token = district.token(district.student, signer=Signer.generate("k1"))
    assert refused(door.first_join(district.student, district.section, token=token)) == (403, "bad_pass")


@pytest.mark.parametrize("kind", ["drill", "guardian"])
def test_who_may_not_join_has_another_kind_of_pass(door: Door, district: District, kind: passes.Kind) -> None:
    token = district.token(district.student, kind=kind)
    assert refused(door.first_join(district.student, district.section, token=token)) == (403, "bad_pass")
    inside_out = district.signer.sign(
        msgspec.json.encode(district.pass_of(district.student, kind=kind)), use="pass:student"
    )
    assert refused(door.first_join(district.student, district.section, token=inside_out)) == (403, "bad_pass")


def test_a_pass_of_another_district_is_refused(door: Door, district: District) -> None:
    token = district.token(district.student, iss="harbor")
    assert refused(door.first_join(district.student, district.section, token=token)) == (403, "bad_pass")


def test_a_copied_pass_is_useless_without_the_device(door: Door, district: District) -> None:
    thief = Someone("student", district.student.sections, district.school)
    token, nonce = district.token(district.student), door.nonce()
    with_own_key = district.first_contact(thief, nonce, token=token)
    assert refused(door.join(district.section, first=with_own_key)) == (403, "bad_proof")
    key = district.student.device.key
    with_her_key = {**with_own_key, "key": {"x": key.x, "y": key.y}}
    assert refused(door.join(district.section, first=with_her_key)) == (403, "bad_proof")


@pytest.mark.parametrize("proof", ["", "AAAA", "A" * 86, "!" * 86])
def test_a_proof_that_is_none_is_refused(door: Door, district: District, proof: str) -> None:
    first = district.first_contact(district.student, door.nonce(), proof=proof)
    assert refused(door.join(district.section, first=first)) == (403, "bad_proof")


def test_a_first_contact_opens_nothing_twice(door: Door, district: District) -> None:
    first = district.first_contact(district.student, door.nonce())
    assert door.join(district.section, first=first).status_code == 200
    assert refused(door.join(district.section, first=first)) == (403, "nonce_old")


def test_a_nonce_of_nobody_or_of_long_ago_is_refused(door: Door, district: District) -> None:
    key, now = proofs.nonce_key(district.secret), clock.now_seconds()
    forged = proofs.make_nonce(secrets.token_bytes(32), now=now)
    old, early = proofs.make_nonce(key, now=now - 700), proofs.make_nonce(key, now=now + 200)
    for nonce in ("", "x", forged, old, early, door.nonce()[:-1]):
        first = district.first_contact(district.student, nonce)
        assert refused(door.join(district.section, first=first)) == (403, "nonce_old")
    of_another_door = proofs.make_nonce(key, now=now)
    assert (
        door.join(district.section, first=district.first_contact(district.student, of_another_door)).status_code == 200
    )


def test_another_class_is_not_hers(door: Door, district: District) -> None:
    session = door.session(district.student)
    assert refused(door.join(district.other_section, session=session)) == (403, "not_your_class")
    assert refused(door.first_join(district.student, district.other_section)) == (403, "not_your_class")
    # Her own section's name, with a meeting of the other.
    meeting = district.other_section.meetings["now"].id
    answer = door.http.post(
        "/join",
        json={"meeting": meeting, "section": district.section.id, "event": ids.new_event_id(), "sent_at": 1},
        headers={"Authorization": f"Day {session}"},
    )
    assert refused(answer) == (404, "unknown_meeting")


def test_a_session_that_was_tampered_with_is_over(door: Door, district: District) -> None:
    session = door.session(district.student)
    head, day, body, tag = session.split(".")
    stranger = day_session.session_key(secrets.token_bytes(32), day)
    value = day_session.open_session(
        session, key=day_session.session_key(district.secret, day), now=clock.now_seconds()
    )
    forged = day_session.seal_session(value, key=stranger, day=day)
    flipped = "A" if body[10] != "A" else "B"
    other = "A" if tag[0] != "A" else "B"
    for text in (
        f"{head}.{day}.{body[:10]}{flipped}{body[11:]}.{tag}",
        f"{head}.{day}.{body}.{other}{tag[1:]}",
        f"{head}.20200101.{body}.{tag}",
        forged,
        "",
        "x",
        "ds1.20261121..",
    ):
        assert refused(door.join(district.section, session=text or "-")) == (401, "session_over")
    assert refused(door.join(district.section)) == (401, "session_over")


def test_a_session_past_its_end_is_over(door: Door, district: District) -> None:
    day, now = clock.now().strftime("%Y%m%d"), clock.now_seconds()
    value = day_session.DaySession(
        sub=district.student.sub,
        kind="student",
        org=district.school,
        cohort="",
        sections=district.student.sections,
        exp=now - 1,
        device="d" * 43,
        jti="j",
        epoch=1,
    )
    text = day_session.seal_session(value, key=day_session.session_key(district.secret, day), day=day)
    assert refused(door.join(district.section, session=text)) == (401, "session_over")


def contact(door: Door, district: District, token: str) -> dict[str, Any]:
    """Return a first contact with any text as the pass, tag and proof being right for it."""
    nonce = door.nonce()
    return {
        "token": token,
        "tag": passes.tag_pass(token, cell_secret=district.secret, day=clock.now().strftime("%Y%m%d")),
        "nonce": nonce,
        "key": {"x": district.student.device.key.x, "y": district.student.device.key.y},
        "proof": district.student.device.proof(nonce=nonce, token=token),
    }


def test_a_point_that_is_not_on_the_curve_is_no_key(door: Door, district: District) -> None:
    someone = Someone("student", district.student.sections, district.school, device=Device())
    first = district.first_contact(someone, door.nonce())
    for x in ("", "AAAA", signing.b64(b"\xff" * 32), signing.b64(b"\x00" * 32), "A" * 60_000):
        answer = door.join(district.section, first={**first, "key": {"x": x, "y": first["key"]["y"]}})
        assert answer.status_code in (403, 413), answer.text
