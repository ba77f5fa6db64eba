import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from schoolday.contracts import day_session
from schoolday.contracts.day_session import DaySession
from schoolday.contracts.evidence import Evidence
from schoolday.lib import clock, ids
from schoolday.office.attendance.models import EvidenceEvent
from schoolday.office.attendance.times import to_ms
from schoolday.office.people.models import Person
from tests.cast import Cast
from tests.office.attendance.day import BELL, DURING, ON, entry_of, event, meet, took


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(kind: Any, person: Person, meeting: Any, **more: Any) -> dict[str, Any]:
    """Return an event as a device tells it, and lies about who and when it is."""
    value = {
        "id": ids.new_event_id(),
        "kind": kind,
        "sub": person.id,
        "meeting": meeting.id,
        "device_at": clock.now_ms(),
        "received_at": 1,
        "source": "door:d1",
        "by": "liar",
    }
    return value | more


def upload(client: Client, *events: Any, **headers: str) -> Any:
    body = {"sent_at": clock.now_ms(), "events": events}
    return client.post("/api/evidence", json.dumps(body), content_type="application/json", headers=headers or None)


def session_of(person: Person, **more: Any) -> str:
    day = clock.now().strftime("%Y%m%d")
    values: dict[str, Any] = {
        "sub": person.id,
        "kind": "student",
        "org": "o",
        "cohort": "c",
        "sections": (),
        "exp": clock.now_seconds() + 3_600,
        "device": "k" * 43,
        "jti": "",
        "epoch": 0,
    }
    key = day_session.session_key(settings.SCHOOLDAY["CELL_SECRET"], day)
    return day_session.seal_session(DaySession(**values | more), key=key, day=day)


def test_what_a_device_tells_is_confirmed_and_in_the_register(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        arrival = told("arrived", cast.student, meeting, device_at=clock.now_ms() - 12 * 60_000)
        answer = upload(client_of(cast.student), arrival)
    assert answer.json() == {"kept": [arrival["id"]], "confirmed": True, "refused": {}}
    stands = EvidenceEvent.objects.get()
    assert (stands.source, stands.by_id, stands.received_at >= DURING) == ("office", "", True)
    assert entry_of(meeting, cast.student).minutes_tardy == 8


def test_a_day_session_will_do_without_a_csrf_token(cast: Cast) -> None:
    meeting = meet(cast.section)
    client = Client(enforce_csrf_checks=True)
    with clock.at(DURING):
        answer = upload(client, told("arrived", cast.student, meeting), Authorization=f"Day {session_of(cast.student)}")
    assert answer.json()["confirmed"]
    assert EvidenceEvent.objects.get().device == "k" * 43


def test_a_cookie_needs_the_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.student)
    assert upload(client, told("arrived", cast.student, meet(cast.section))).status_code == 403


@pytest.mark.parametrize("text", ["", "Day x", "Day ds1.20260901.e30.AAAA"])
def test_a_stranger_tells_nothing(cast: Cast, text: str) -> None:
    headers = {"Authorization": text} if text else {}
    client = Client(enforce_csrf_checks=bool(text))
    assert upload(client, told("arrived", cast.student, meet(cast.section)), **headers).status_code == 401
    assert not EvidenceEvent.objects.exists()


@pytest.mark.parametrize("who", ["twin", "other_student", "other_guardian", "guardian", "teacher"])
def test_nobody_arrives_for_somebody_else(cast: Cast, who: str) -> None:
    answer = upload(client_of(getattr(cast, who)), told("arrived", cast.student, meet(cast.section)))
    assert answer.json()["kept"] == []
    assert list(answer.json()["refused"].values()) == ["this is about somebody else"]
    assert not EvidenceEvent.objects.exists()


def test_a_guardians_word_is_about_her_own_child(cast: Cast) -> None:
    meeting = meet(cast.section)
    mine, not_mine = told("parent_word", cast.student, meeting), told("parent_word", cast.other_student, meeting)
    answer = upload(client_of(cast.guardian), mine, not_mine).json()
    assert (answer["kept"], list(answer["refused"])) == ([mine["id"]], [not_mine["id"]])
    assert EvidenceEvent.objects.get().by_id == cast.guardian.id


@pytest.mark.parametrize(("who", "counts"), [("teacher", True), ("student", False), ("other_teacher", False)])
def test_a_mark_is_by_who_signed_on_whatever_the_device_says(cast: Cast, who: str, counts: bool) -> None:
    meeting = meet(cast.section)
    mark = told("teacher_mark", cast.student, meeting, by=cast.teacher.id, detail={"status": "present"})
    answer = upload(client_of(getattr(cast, who)), mark).json()
    assert (answer["kept"] == [mark["id"]]) is counts
    assert EvidenceEvent.objects.filter(by_id=getattr(cast, who).id).exists() is counts


def test_unknown_kinds_are_refused_with_the_reason_and_the_rest_is_kept(cast: Cast) -> None:
    meeting = meet(cast.section)
    odd, good = told("levitated", cast.student, meeting), told("arrived", cast.student, meeting)
    answer = upload(client_of(cast.student), odd, good, "nonsense").json()
    assert answer["kept"] == [good["id"]]
    assert "levitated" in answer["refused"][odd["id"]]


def test_too_many_and_no_upload_at_all(cast: Cast) -> None:
    client = client_of(cast.student)
    many = [told("tried", cast.student, meet(cast.section))] * 201
    assert upload(client, *many).json()["code"] == "bad_request"
    assert client.post("/api/evidence", "{", content_type="application/json").status_code == 400
    assert client.get("/api/evidence").status_code == 405


def register(person: Person, section: str, on: str = ON.isoformat()) -> Any:
    return client_of(person).get("/api/register", {"section": section, "on": on})


@pytest.mark.parametrize("who", ["teacher", "principal", "operator"])
def test_the_register_of_a_section(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(event("arrived", cast.student, meeting, 7))
        answer = register(getattr(cast, who), cast.section.id)
    (found,) = answer.json()["meetings"]
    assert (found["id"], found["starts_at"]) == (meeting.id, to_ms(BELL) // 1000)
    by_sub = {entry["sub"]: entry for entry in found["entries"]}
    assert set(by_sub) == {cast.student.id, cast.twin.id}
    assert by_sub[cast.twin.id]["status"] == ""
    assert by_sub[cast.student.id] == {
        "sub": cast.student.id,
        "status": "tardy",
        "mark": "",
        "minutes_tardy": 7,
        "arrived_at": found["starts_at"] + 420,
        "left_at": None,
        "charged": True,
        "not_charged_because": None,
        "left_early": False,
        "minutes_present": 20,  # it is 20 minutes after the bell: what is to come is not counted
    }


@pytest.mark.parametrize("who", ["student", "guardian", "other_teacher", "other_principal", "other_guardian"])
def test_the_register_is_nothing_for_outsiders(cast: Cast, who: str) -> None:
    meet(cast.section)
    answer = register(getattr(cast, who), cast.section.id)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_register_for_strangers_and_odd_questions(cast: Cast) -> None:
    assert Client().get("/api/register", {"section": cast.section.id}).status_code == 401
    assert register(cast.teacher, "nowhere").status_code == 404
    assert register(cast.teacher, cast.section.id, on="yesterday").status_code == 400
    assert register(cast.teacher, cast.section.id, on="").json() == {"meetings": []}


def test_a_teacher_of_the_past_sees_her_own_days_only(cast: Cast) -> None:
    meet(cast.section)
    cast.teacher.enrollments.update(ends_on=ON)
    assert register(cast.teacher, cast.section.id).status_code == 404
    assert register(cast.teacher, cast.section.id, on=(ON - timedelta(days=1)).isoformat()).status_code == 200


def test_the_door_and_the_device_tell_of_the_same_arrival_once(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        arrival = event("arrived", cast.student, meeting, 1)
        took(arrival)
        again = msgspec.to_builtins(arrival) | {"device_at": 0}
        answer = upload(client_of(cast.student), again)
    assert answer.json()["kept"] == [arrival.id]
    assert EvidenceEvent.objects.count() == 1
    assert msgspec.convert(msgspec.to_builtins(arrival), Evidence) == arrival
