"""What the doctor says of doors, drains, pulls, readiness, and of what a district lacks."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schoolday.door.pull.status import PullStatus, SourceStatus
from schoolday.embedded.doctor_command import examine
from schoolday.embedded.doctor_looks import Finding
from schoolday.lib import clock
from schoolday.office.attendance.models import DoorCursor
from tests.cast import Cast
from tests.office.console.readiness.evening import EVENING, give_pass, ring
from tests.office.running import keys_in_force

_HEALTH = {
    "door": "d1",
    "plan_version": 7,
    "plan_age_seconds": 600,
    "plan_trouble": "",
    "spool_pending": 12,
    "spool_failed": 0,
    "spool_damaged": 0,
}


class FakeDoor:
    """A real HTTP server that says what a test wants a door to say."""

    def __init__(self) -> None:
        self.status, self.says = 200, dict[str, Any](_HEALTH)
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(door.status)
                self.end_headers()
                self.wfile.write(json.dumps(door.says).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDoor]:
    fake = FakeDoor()
    monkeypatch.setenv("DOORS_DRAIN", f"d1={fake.url},d2=http://127.0.0.1:9")
    yield fake
    fake.stop()


def found() -> dict[str, Finding]:
    return {finding.part: finding for finding in examine()}


@pytest.mark.django_db
def test_a_door_says_how_old_its_plan_is_and_what_waits(door: FakeDoor) -> None:
    said = found()
    assert (said["doors"].state, said["doors"].text) == ("look", "1 of 2 answer")
    assert said["door d1"].state == "well"
    assert "plan 7 is 10 min old" in said["door d1"].text
    assert "12 events wait for the office" in said["door d1"].text
    assert said["door d2"].state == "ill"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ({"plan_age_seconds": 27 * 3600}, "look", "27 h old"),
        ({"plan_trouble": "forged"}, "look", "its next plan is refused: forged"),
        ({"spool_failed": 1}, "look", "its disk did not take some"),
        ({"door": "another"}, "ill", "says 200"),
    ],
)
def test_what_is_wrong_with_a_door_is_said(door: FakeDoor, change: dict[str, Any], state: str, words: str) -> None:
    door.says |= change
    said = found()["door d1"]
    assert said.state == state
    assert words in said.text
    assert said.todo


@pytest.mark.django_db
def test_a_door_without_a_plan_is_ill(door: FakeDoor) -> None:
    door.status = 503
    assert found()["door d1"].state == "ill"
    assert found()["doors"].text == "0 of 2 answer"


@pytest.mark.django_db
def test_the_drain_says_which_door_was_not_read(door: FakeDoor) -> None:
    assert "d1 (never)" in found()["drain"].text
    for name in ("d1", "d2"):
        DoorCursor.objects.create(door=name, spool="a", drained_at=clock.now())
    assert found()["drain"].state == "well"


def test_readiness_is_a_share_and_a_number_of_calls(cast: Cast, door: FakeDoor) -> None:
    keys_in_force()
    with clock.at(EVENING):
        ring(cast.school)
        give_pass(cast.student)
        said = found()["readiness"]
        assert said.state == "look"
        assert "1 of 3 students are ready for the next school day (33 %), 0 of 2 teachers and aides" in said.text
        assert "/office/readiness/" in said.todo
        for person in (cast.twin, cast.other_student, cast.teacher, cast.other_teacher):
            give_pass(person)
        assert found()["readiness"].state == "well"


@pytest.mark.django_db
def test_nobody_enrolled_is_said(door: FakeDoor) -> None:
    assert found()["readiness"].text == "no student is enrolled"


@pytest.mark.django_db
def test_a_pull_says_its_age_and_its_sources(door: FakeDoor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLDAY_HOME", str(tmp_path))
    assert "pull d1" not in found()
    monkeypatch.setenv("PLAN_SOURCES", "http://one http://two")
    assert "has never run" in found()["pull d1"].text
    now = clock.now_seconds()
    sources = (SourceStatus(source="http://one", ok=True), SourceStatus(source="http://two", reason="forged"))

    def wrote(at: int, *held: SourceStatus) -> Finding:
        status = PullStatus(door="d1", plan_dir="x", version=7, age_seconds=5, written_at=at, sources=held)
        path = tmp_path / "doors" / "d1" / "pull" / "status.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(status))
        return found()["pull d1"]

    assert wrote(now, sources[0]).state == "well"
    said = wrote(now, *sources)
    assert (said.state, said.todo) == ("look", "http://two: forged")
    assert "1 of 2 sources are good" in said.text
    assert wrote(now, sources[1]).state == "ill"
    assert wrote(now - 3600, sources[0]).state == "ill"


@pytest.mark.django_db
def test_a_district_hears_a_sentence_for_each_thing_it_lacks(door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacks() -> list[Finding]:
        return [finding for finding in examine() if finding.part == "district"]

    assert lacks() == []  # embedded: nothing is lacking
    for name in ("LIVE_API_SECRET", "OFFICE_SECRET_KEY"):
        monkeypatch.setenv(name, "0" * 64)
    monkeypatch.setenv("CELL_SECRET", "0" * 64)
    monkeypatch.setenv("MODE", "district")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    said = " ".join(finding.text + finding.todo for finding in lacks())
    for words in ("SQLite", "PUBLIC_URL=https", "DOORS=id=url", "LIVE_NODES=id=url", "PLAN_HOSTS"):
        assert words in said
    monkeypatch.setenv("DATABASE_URL", "postgres://db/x")
    monkeypatch.setenv("PUBLIC_URL", "https://school.example.org")
    monkeypatch.setenv("PLAN_HOSTS", "https://plan.example.net")
    monkeypatch.setenv("DOORS", "d1=https://a,d2=https://b")
    monkeypatch.setenv("LIVE_NODES", "n1=wss://127.0.0.1:9")
    assert [finding.state for finding in lacks()] == ["look", "look"]
    monkeypatch.setenv("LIVE_NODES", "n1=wss://127.0.0.1:9,n2=wss://127.0.0.1:9")
    monkeypatch.setenv("SITE_OF", "d1=a,d2=b,n1=a,n2=b")
    assert lacks() == []
    monkeypatch.delenv("DOORS_DRAIN")
    assert ["doors' spools" in finding.text for finding in lacks()] == [True]
