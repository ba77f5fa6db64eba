"""A child comes in: first contact, day session, the ticket, and the arrival that is kept."""

import base64
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from livekit.api import TokenVerifier

from schoolday.contracts.evidence import Evidence
from schoolday.lib import clock, ids
from tests.door.district import LIVE_KEY, LIVE_SECRET, District
from tests.door.process import Door


def test_the_first_contact_opens_the_class_and_the_day(door: Door, district: District) -> None:
    answer = door.first_join(district.student, district.section)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    ticket = body["ticket"]
    assert ticket["state"] == "live"
    assert [seat["node"] for seat in ticket["seats"]] == ["n1", "n2"]
    assert ticket["alternates"][0]["url"] == "https://zoom.us/j/123"
    assert abs(body["server_at"] - clock.now_ms()) < 10_000

    again = door.join(district.section, session=body["session"])
    assert again.status_code == 200, again.text
    assert again.json()["session"] is None
    assert again.json()["ticket"]["seats"][0]["identity"] == ticket["seats"][0]["identity"]


def test_the_seat_is_one_that_livekit_takes(door: Door, district: District) -> None:
    seats = [
        door.first_join(one, district.section).json()["ticket"]["seats"][0]
        for one in (district.student, district.twin, district.teacher)
    ]
    claims = [TokenVerifier(LIVE_KEY, LIVE_SECRET).verify(seat["token"]) for seat in seats]
    grants = [one.video for one in claims if one.video]
    assert len(grants) == 3
    assert len({one.room for one in grants}) == 1, "all of a class meet under one name"
    assert len({one.identity for one in claims}) == 3, "the twins are two people"
    assert [one.room_admin for one in grants] == [None, None, True]
    assert district.section.meetings["now"].id not in grants[0].room


def test_an_arrival_is_kept_with_what_the_door_knows_and_nobody_else(door: Door, district: District) -> None:
    session, event = door.session(district.student), ids.new_event_id()
    assert door.join(district.section, session=session, event=event, sent_at=1_000).status_code == 200
    kept = [one for one in door.drained() if one["id"] == event]
    assert len(kept) == 1
    assert kept[0] | {"received_at": 0} == {
        "id": event,
        "kind": "arrived",
        "sub": district.student.sub,
        "meeting": district.section.meetings["now"].id,
        "device_at": 1_000,
        "sent_at": 1_000,
        "received_at": 0,
        "source": "door:d1",
        "device": kept[0]["device"],
        "by": "",
        "detail": {},
    }


def test_who_came_by_a_spare_ticket_says_when(door: Door, district: District) -> None:
    """The contract's device_at: earlier than now by the same clock, and marked as the device's word."""
    session, now = door.session(district.student), clock.now_ms()
    for device_at, expected in ((now - 120_000, now - 120_000), (now + 60_000, now), (-5, now)):
        event = ids.new_event_id()
        answer = door.join(district.section, session=session, event=event, sent_at=now, device_at=device_at)
        assert answer.status_code == 200
        (kept,) = [one for one in door.drained() if one["id"] == event]
        assert (kept["device_at"], kept["sent_at"]) == (expected, now)
        assert kept["detail"] == ({"told_by": "device"} if device_at > 0 else {})


def test_who_came_by_a_spare_ticket_came_when_she_came(door: Door, district: District) -> None:
    """The device's clock may be days off: what counts is how long before sending it was."""
    session, event = door.session(district.student), ids.new_event_id()
    answer = door.join(district.section, session=session, event=event, sent_at=700_000, device_at=100_000)
    assert answer.status_code == 200, answer.text
    (kept,) = [msgspec.convert(one, Evidence) for one in door.drained() if one["id"] == event]
    assert kept.received_at - kept.happened_at() == 600_000


def test_the_same_event_twice_is_one_arrival(door: Door, district: District) -> None:
    session, event = door.session(district.student), ids.new_event_id()
    answers = [door.join(district.section, session=session, event=event).json() for _ in range(3)]
    assert {answer["ticket"]["state"] for answer in answers} == {"live"}
    assert [one["id"] for one in door.drained()].count(event) == 1


def test_before_and_after_the_class_there_is_a_ticket_and_no_arrival(door: Door, district: District) -> None:
    session = door.session(district.student)
    for meeting, state in (("later", "wait"), ("over", "closed")):
        event = ids.new_event_id()
        answer = door.join(district.section, meeting=meeting, session=session, event=event)
        ticket = answer.json()["ticket"]
        assert (answer.status_code, ticket["state"], ticket["seats"]) == (200, state, [])
        assert ticket["opens_at"] == ticket["starts_at"] - 600
        assert event not in [one["id"] for one in door.drained()]


def test_a_class_that_meets_elsewhere_gives_its_alternates(door: Door, district: District) -> None:
    session, event = door.session(district.student), ids.new_event_id()
    ticket = door.join(district.zoom_section, session=session, event=event).json()["ticket"]
    assert (ticket["state"], ticket["pathway"], ticket["seats"]) == ("alternate", "zoom", [])
    assert ticket["alternates"][0]["kind"] == "zoom"
    assert event in [one["id"] for one in door.drained()], "who is sent to the alternate has arrived"


def test_an_old_pass_admits_in_grace_and_not_after_it(door: Door, district: District) -> None:
    now = clock.now_seconds()
    old = district.token(district.student, exp=now - 60, grace=now + 86_400)
    assert door.first_join(district.student, district.section, token=old).status_code == 200
    over = district.token(district.student, exp=now - 86_400, grace=now - 60)
    assert door.first_join(district.student, district.section, token=over).json()["code"] == "pass_over"
    early = district.token(district.student, nbf=now + 600)
    assert door.first_join(district.student, district.section, token=early).json()["code"] == "pass_over"


def test_a_session_ends_with_the_day_at_the_school(door: Door, district: District) -> None:
    session = door.session(district.student)
    body = session.split(".")[2]
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    expires_at = msgspec.msgpack.decode(raw)["exp"]
    left = expires_at - clock.now_seconds()
    assert 0 < left <= 25 * 3600
    local = datetime.fromtimestamp(expires_at, ZoneInfo("America/New_York"))
    assert (local.hour, local.minute, local.second) == (0, 0, 0)


def test_a_device_clock_beyond_reason_keeps_no_child_out(door: Door, district: District) -> None:
    session = door.session(district.student)
    for sent_at in (-1, 0, 2**62):
        event = ids.new_event_id()
        assert door.join(district.section, session=session, event=event, sent_at=sent_at).status_code == 200
        assert next(one for one in door.drained() if one["id"] == event)["sent_at"] == 0


def test_what_is_not_a_join_gets_a_clear_error(door: Door, district: District) -> None:
    session = door.session(district.student)
    for event in ("", "x", ids.new_event_id().upper(), ids.new_event_id() + "\n"):
        answer = door.join(district.section, session=session, event=event)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    for body in (b"", b"{", b"[]", b'{"meeting": 1}', b"\xff", json.dumps({"meeting": "\ud800"}).encode()):
        answer = door.http.post("/join", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
