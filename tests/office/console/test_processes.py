"""Real processes of the office, started, killed and stopped."""

import functools
import json
import random
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from schoolday.contracts.evidence import Evidence
from schoolday.lib import clock, ids
from tests.office.attendance.spool_server import FakeDoor, serve
from tests.office.console.office_home import OfficeHome, new_home, wait_for


@pytest.fixture
def door() -> Iterator[FakeDoor]:
    with serve(FakeDoor()) as door:
        yield door


@pytest.fixture
def home(tmp_path: Path, door: FakeDoor) -> OfficeHome:
    # A second door that is dead all the time: it must not matter.
    return new_home(
        tmp_path / "home",
        CELL_SECRET=settings.SCHOOLDAY["CELL_SECRET"].hex(),
        DOORS_DRAIN=f"d1={door.url},d9=http://127.0.0.1:9",
    )


def arrivals(students: list[str], count: int) -> list[Evidence]:
    """Return events of which every 100th counts in the register; the others are what a bad line leaves behind."""
    now = clock.now_ms()
    return [
        Evidence(
            id=ids.new_event_id(),
            kind="tried" if n % 100 else "entered",
            sub=students[n // 100 % 2],
            meeting="m0",
            received_at=now + n,
        )
        for n in range(count)
    ]


def taken(home: OfficeHome) -> int:
    ((count,),) = home.ask("SELECT count(*) FROM attendance_evidenceevent")
    assert isinstance(count, int)
    return count


def has_more_than(home: OfficeHome, count: int) -> bool:
    return taken(home) > count


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_workers_killed_at_random_take_every_event_exactly_once(home: OfficeHome, door: FakeDoor) -> None:
    dice = random.Random(7)
    students = home.make_day()
    sent = arrivals(students, 8_000)
    door.put("old", *sent[:3_000])
    door.put("new", *sent[3_000:])
    kills, done = 0, 0
    for _ in range(30):
        with home.running("work") as one, home.running("work") as other:
            wait_for(functools.partial(has_more_than, home, done))
            time.sleep(dice.uniform(0, 0.1))
            for process in (one, other):
                process.send_signal(signal.SIGKILL)
                process.wait(10)
        done = taken(home)
        if done == len(sent):
            break
        kills += 1
    assert kills >= 2, "the workers were never killed in the middle: send more events"
    found = home.ask("SELECT id FROM attendance_evidenceevent")
    assert {str(uuid.UUID(str(id_))) for (id_,) in found} == {event.id for event in sent}
    assert sorted(home.ask("SELECT spool, last FROM attendance_doorcursor")) == [("new", 5_000), ("old", 3_000)]
    assert home.ask("SELECT count(*), max(status) FROM attendance_registerentry") == [(2, "present")]
    assert home.ask("PRAGMA integrity_check") == [("ok",)]


def test_the_worker_beats_drains_and_stops_within_two_seconds(home: OfficeHome, door: FakeDoor) -> None:
    students = home.make_day()
    heartbeat = home.home / "run" / "work.json"
    with home.running("work") as process:
        wait_for(heartbeat.exists)
        assert json.loads(heartbeat.read_text())["pid"] == process.pid
        door.put("a", *arrivals(students, 10))
        began = time.monotonic()
        wait_for(lambda: taken(home) == 10)
        assert time.monotonic() - began < 10
        wait_for(lambda: bool(home.ask("SELECT version FROM pathways_planrelease")))
        wait_for(lambda: json.loads(heartbeat.read_text())["jobs"]["drain:d9"]["failures"] >= 1)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 2


def test_once_says_how_each_job_went(home: OfficeHome, door: FakeDoor) -> None:
    refused = home.run("work", "--once", check=False)
    assert refused.returncode == 1
    assert "Run 'schoolday migrate' first" in refused.stderr
    home.make_day()
    told = home.run("work", "--once", "--json", check=False)
    assert told.returncode == 1  # d9 is dead
    failed = [name for name, job in json.loads(told.stdout)["jobs"].items() if job["failures"]]
    # At night its spool is compared as well.
    assert {"drain:d9"} <= set(failed) <= {"drain:d9", "reconcile:d9"}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def test_the_office_serves_and_stops(home: OfficeHome) -> None:
    port = free_port()
    refused = home.run("office", "--port", str(port), check=False)
    assert "Run 'schoolday migrate' first" in refused.stderr
    home.run("migrate")
    assert json.loads(home.run("migrate", "--json").stdout) == {"steps": 0}
    token = home.run("office", "--metrics-token").stdout.strip()
    url = f"http://127.0.0.1:{port}"
    with home.running("office", "--port", str(port)) as process:
        wait_for(lambda: answers(f"{url}/api/health"))
        assert httpx.get(f"{url}/office/metrics", trust_env=False).status_code == 401
        bearer = {"Authorization": f"Bearer {token}"}
        numbers = httpx.get(f"{url}/office/metrics", headers=bearer, trust_env=False)
        assert "schoolday_jobs_waiting 0.0" in numbers.text
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not answers(f"{url}/api/health")


def test_a_database_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home", DATABASE_URL=f"postgres://nobody@127.0.0.1:{free_port()}/none")
    for command in ("office", "work"):
        told: subprocess.CompletedProcess[str] = home.run(command, check=False)
        assert told.returncode == 1
        assert told.stderr.startswith("Error: The database does not answer")
