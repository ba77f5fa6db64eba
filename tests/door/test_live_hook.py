"""What a live server saw becomes evidence; hooks are made with livekit-api, as LiveKit makes them."""

import base64
import datetime
import hashlib
import json
from typing import Any

import httpx
from livekit.api import AccessToken

from schoolday.lib import clock, ids
from tests.door.district import LIVE_KEY, LIVE_SECRET, District
from tests.door.process import Door


def signed(body: bytes, *, secret: str = LIVE_SECRET, key: str = LIVE_KEY, minutes: int = 5) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    token = AccessToken(key, secret).with_sha256(digest).with_ttl(datetime.timedelta(minutes=minutes)).to_jwt()
    return {"Authorization": token, "Content-Type": "application/webhook+json"}


def hook(district: District, event: str = "participant_joined", **participant: Any) -> dict[str, Any]:
    return {
        "event": event,
        "id": "EV_" + ids.new_id(),
        "createdAt": str(clock.now_seconds() - 30),
        "room": {"sid": "RM_1", "name": "m0", "creationTime": "1"},
        "participant": {
            "sid": "PA_1",
            "identity": f"{district.student.sub}.abcdefgh",
            "state": "JOINED",
            "joinedAt": "1",
            "attributes": {"meeting": district.section.meetings["now"].id, "role": "student"},
            **participant,
        },
    }


def send(door: Door, value: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
    body = json.dumps(value).encode()
    return door.http.post("/live-hook?node=n2", content=body, headers=signed(body) if headers is None else headers)


def seen(door: Door, kind: str) -> list[dict[str, Any]]:
    return [one for one in door.drained() if one["kind"] == kind and one["source"] == "live:n2"]


def test_coming_and_going_is_kept_once_however_often_it_is_sent(door: Door, district: District) -> None:
    came = hook(district)
    left = hook(district, "participant_left", disconnectReason="CLIENT_INITIATED")
    before = len(seen(door, "entered")), len(seen(door, "left"))
    for _ in range(3):
        assert send(door, came).status_code == 200
        assert send(door, left).status_code == 200
    entered, gone = seen(door, "entered"), seen(door, "left")
    assert (len(entered) - before[0], len(gone) - before[1]) == (1, 1)
    assert (entered[-1]["sub"], entered[-1]["meeting"]) == (district.student.sub, district.section.meetings["now"].id)
    assert gone[-1]["device"] == entered[-1]["device"] == "abcdefgh"
    assert gone[-1]["detail"] == {"stay": "PA_1", "reason": "client_initiated"}
    assert entered[-1]["detail"] == {"stay": "PA_1", "role": "student"}
    happened = entered[-1]["received_at"] - (entered[-1]["sent_at"] - entered[-1]["device_at"])
    assert happened == int(came["createdAt"]) * 1000, "when it happened, not when it came"


def test_what_is_no_person_of_ours_is_passed_over(door: Door, district: District) -> None:
    before = len(door.drained())
    for value in (
        hook(district, "room_started"),
        hook(district, "track_published"),
        hook(district, kind="AGENT"),
        hook(district, identity="somebody"),
        hook(district, attributes={}),
        hook(district, attributes={"meeting": "x"}),
        {"event": "room_finished", "id": "EV_1", "createdAt": "1"},
        {"event": "participant_joined", "id": "EV_2", "createdAt": 1},
    ):
        assert send(door, value).status_code == 200
    assert len(door.drained()) == before


def test_only_our_live_servers_are_believed(door: Door, district: District) -> None:
    value = hook(district)
    body = json.dumps(value).encode()
    before = len(door.drained())
    for headers in (
        {},
        {"Authorization": "x.y.z"},
        signed(body, secret="another-secret-of-32-letters-long"),
        signed(body, key="another"),
        signed(b"another body"),
        signed(body, minutes=-5),
        {"Authorization": AccessToken(LIVE_KEY, LIVE_SECRET).to_jwt()},
    ):
        answer = send(door, value, headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_ours")
    assert send(door, {"no": "hook"}).status_code == 401
    assert len(door.drained()) == before


def by_phone(district: District, event: str = "participant_joined", **attributes: str) -> dict[str, Any]:
    """A hook of a caller, as LiveKit's bridge names her: after her number, hidden; who she is, the rule says."""
    said = {"meeting": district.section.meetings["now"].id, "role": "student", "sub": district.twin.sub}
    return hook(district, event, identity="sip_1f3b6a", kind="SIP", attributes={**said, **attributes})


def test_who_calls_in_is_kept_as_called_in_exactly_once(door: Door, district: District) -> None:
    called = by_phone(district)
    before = len(seen(door, "called_in"))
    for _ in range(3):
        assert send(door, called).status_code == 200
    found = seen(door, "called_in")
    assert len(found) == before + 1
    assert (found[-1]["sub"], found[-1]["device"]) == (district.twin.sub, "phone")
    assert not [one for one in seen(door, "entered") if one["id"] == found[-1]["id"]]
    assert "sip_" not in json.dumps(found), "no trace of a family's number"
    assert send(door, by_phone(district, "participant_left")).status_code == 200
    assert seen(door, "left")[-1]["device"] == "phone"


def test_a_caller_is_nobody_without_a_rule_of_ours_and_never_a_grown_up(door: Door, district: District) -> None:
    before = len(seen(door, "called_in"))
    for wrong in ({"sub": ""}, {"sub": "sip_5"}, {"role": "teacher"}, {"meeting": ""}):
        assert send(door, by_phone(district, **wrong)).status_code == 200
    assert len(seen(door, "called_in")) == before
