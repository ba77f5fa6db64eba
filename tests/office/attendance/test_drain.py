import random
import threading
from collections.abc import Iterator
from unittest.mock import patch

import msgspec
import pytest
from django.db import DataError, connection

from schoolday.lib import clock, ids
from schoolday.office.attendance import actions, drain, spools
from schoolday.office.attendance.drain import drain_door
from schoolday.office.attendance.models import DoorCursor, EvidenceEvent, RefusedEvidence, RegisterEntry
from schoolday.office.attendance.spools import DoorTrouble
from tests.cast import Cast, make_cast
from tests.office.attendance.day import BELL, entry_of, event, meet
from tests.office.attendance.spool_server import FakeDoor, serve


@pytest.fixture
def door() -> Iterator[FakeDoor]:
    with serve(FakeDoor()) as door:
        yield door


def drained(door: FakeDoor) -> drain.Drained:
    client = door.client()
    try:
        return drain_door(client)
    finally:
        client.close()


def test_what_the_door_has_is_in_the_register(cast: Cast, door: FakeDoor) -> None:
    meeting = meet(cast.section)
    door.put("a", event("arrived", cast.student, meeting, -3), event("arrived", cast.twin, meeting, 9))
    assert drained(door) == drain.Drained(new=2)
    assert entry_of(meeting, cast.student).status == "present"
    assert entry_of(meeting, cast.twin).minutes_tardy == 9
    assert drained(door) == drain.Drained()


def test_pages_and_spools_are_drained_to_their_end(cast: Cast, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "EVENTS_IN_ONE_PAGE", 10)
    door.put("old", *(event("tried", cast.student, None) for _ in range(25)))
    door.put("new", *(event("tried", cast.student, None) for _ in range(7)))
    assert drained(door).new == 32
    assert dict(DoorCursor.objects.values_list("spool", "last")) == {"old": 25, "new": 7}
    door.put("new", event("tried", cast.student, None))
    assert drained(door).new == 1


def test_the_same_event_through_two_doors_is_one(cast: Cast, door: FakeDoor) -> None:
    arrival = event("arrived", cast.student, meet(cast.section))
    door.put("a", arrival)
    with serve(FakeDoor(door="d2")) as other:
        other.put("z", arrival)
        assert (drained(door).new, drained(other)) == (1, drain.Drained(known=1))
    assert EvidenceEvent.objects.count() == 1


def test_one_broken_event_does_not_hold_up_the_others_and_is_kept_to_look_at(cast: Cast, door: FakeDoor) -> None:
    good = event("arrived", cast.student, meet(cast.section))
    unknown_kind = msgspec.json.encode({"id": ids.new_event_id(), "kind": "levitated", "sub": cast.student.id})
    forged = event("teacher_mark", cast.student, meet(cast.section), by=cast.student.id, status="present")
    door.put("a", good, forged)
    door.spools["a"][1:1] = [unknown_kind, b'"no event at all"', b'{"id":"\\u0000","kind":"tried","sub":"\\u0000"}']
    assert drained(door) == drain.Drained(new=1, refused=4)
    reasons = list(RefusedEvidence.objects.order_by("id").values_list("reason", flat=True))
    assert "levitated" in reasons[0]
    assert "only the section's teacher" in reasons[3]
    assert drained(door) == drain.Drained()


def test_an_event_that_the_database_refuses_is_refused_alone(cast: Cast, door: FakeDoor) -> None:
    meeting = meet(cast.section)
    poison, good = event("arrived", cast.twin, meeting), event("arrived", cast.student, meeting)
    door.put("a", poison, good)
    real = actions.take_evidence

    def take(events: list[object], *, trusted_source: str) -> actions.Taken:
        if poison in events:
            raise DataError("value out of range")
        return real(events, trusted_source=trusted_source)  # type: ignore[arg-type]  # the real one takes any iterable

    with patch.object(drain, "take_evidence", take):
        assert drained(door) == drain.Drained(new=1, refused=1)
    assert EvidenceEvent.objects.get().person_id == cast.student.id
    assert RefusedEvidence.objects.get().reason.endswith("DataError")


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Welcome to the hotel's network</html>",
        b'{"door":"d9","spools":["a"]}',
        b" ",
        b"[" * 100_000,
    ],
)
def test_a_stranger_in_the_doors_place_is_not_believed(db: None, door: FakeDoor, body: bytes) -> None:
    door.stranger = body
    with pytest.raises(DoorTrouble):
        drained(door)
    assert not DoorCursor.objects.exists()


def test_an_answer_without_end_is_cut(db: None, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "_ANSWER_AT_MOST_BYTES", 1_000)
    door.stranger = b'{"door":"d1","spools":["' + b"a" * 5_000 + b'"]}'
    with pytest.raises(DoorTrouble, match="too long"):
        drained(door)


def test_a_page_that_stands_still_is_no_endless_loop(
    cast: Cast, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = msgspec.json.encode(event("tried", cast.student, None))
    page = b'{"door":"d1","spool":"a","last":0,"events":[' + body + b"]}"
    bodies = {"/drain": page, "/drain/spools": b'{"door":"d1","spools":["a"]}'}
    monkeypatch.setattr(FakeDoor, "body", lambda _self, path, _query: bodies[path])
    with pytest.raises(DoorTrouble, match="does not follow"):
        drained(door)


def test_a_dead_and_a_slow_door_are_trouble_soon(db: None, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DoorTrouble, match="ConnectError"):
        drained(FakeDoor(url="http://127.0.0.1:9"))
    monkeypatch.setattr(spools, "_READ_SECONDS", 0.1)
    door.delay_seconds = 0.5
    with pytest.raises(DoorTrouble, match="ReadTimeout"):
        drained(door)


def test_a_wrong_secret_is_said(db: None, door: FakeDoor) -> None:
    door.status = 401
    with pytest.raises(DoorTrouble, match="status 401"):
        drained(door)


def test_the_header_is_of_the_day() -> None:
    with clock.at(BELL):
        one = spools.drain_mac()
    assert one != spools.drain_mac()


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("seed", range(6))
def test_killed_anywhere_every_event_is_taken_exactly_once(
    cast: Cast, door: FakeDoor, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kill the drain at random moments: in a request, between events and cursor, before the commit."""
    monkeypatch.setattr(spools, "EVENTS_IN_ONE_PAGE", 5)
    dice = random.Random(seed)
    meeting = meet(cast.section)
    sent = [event("entered", person, meeting, n) for n in range(20) for person in (cast.student, cast.twin)]
    door.put("a", *sent)
    real_take, real_page = actions.take_evidence, spools.DoorClient.page

    def take(*args: object, **kwargs: object) -> object:
        if dice.random() < 0.2:
            raise KilledError
        taken = real_take(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        if dice.random() < 0.3:
            raise KilledError
        return taken

    def page(self: spools.DoorClient, spool: str, *, after: int) -> spools.RawPage:
        if dice.random() < 0.2:
            raise KilledError
        return real_page(self, spool, after=after)

    monkeypatch.setattr(drain, "take_evidence", take)
    monkeypatch.setattr(spools.DoorClient, "page", page)
    for _ in range(200):
        try:
            drained(door)
        except KilledError:
            continue
        break
    assert {str(e) for e in EvidenceEvent.objects.values_list("id", flat=True)} == {e.id for e in sent}
    assert DoorCursor.objects.get().last == len(sent)
    assert RegisterEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_take_every_event_once(door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory SQLite takes one thread; test_work_killed has it with a file and processes")
    monkeypatch.setattr(spools, "EVENTS_IN_ONE_PAGE", 5)
    cast = make_cast()
    meeting = meet(cast.section)
    door.put("a", *(event("entered", cast.student, meeting, n / 10) for n in range(60)))
    news: list[int] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            news.append(drained(door).new)
        except BaseException as error:  # the test's own thread says it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sum(news) == 60
    assert EvidenceEvent.objects.count() == 60
    assert DoorCursor.objects.get().last == 60
