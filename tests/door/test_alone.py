"""A door needs nobody: no office, no database, no network; and a join asks nobody."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schoolday.lib import ids
from tests import figures
from tests.door.district import District, Someone
from tests.door.process import Door
from tests.door.process import day as day_header
from tests.door.test_live_hook import hook, send

JOINS = 1_000
PEOPLE = 250  # each a first contact, and the rest of the day's joins with her session
IN_A_NAMESPACE = """
import subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.door.district import District
from tests.door.process import Door
district = District(Path({folder!r}) / "plan")
district.publish()
door = Door(district, Path({folder!r}) / "home")
door.wait()
assert subprocess.run(["ip", "route"], capture_output=True, check=True).stdout == b"", "there is a way out"
answer = door.first_join(district.student, district.section)
assert answer.status_code == 200, answer.text
assert answer.json()["ticket"]["state"] == "live"
assert len(door.drained()) == 1
assert door.stop() == 0
print("admitted")
"""


def _can_unshare() -> bool:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _can_unshare(), reason="needs unshare and ip, and the right to make a network namespace")
def test_it_starts_and_admits_where_there_is_no_network(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    script = IN_A_NAMESPACE.format(root=root, folder=str(tmp_path))
    done = subprocess.run(
        ["unshare", "-n", sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "admitted", done.stderr


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace shows the system calls; it is not installed")
def test_a_thousand_joins_make_no_connect(tmp_path: Path) -> None:
    """First contacts and day sessions, with calls for an adult, a hook and a look at the plan between them."""
    district = District(tmp_path / "plan")
    mine = (district.section.id, district.zoom_section.id)
    people = [Someone("student", mine, district.school, grade="07") for _ in range(PEOPLE)]
    district.students += people
    district.publish()
    trace = tmp_path / "trace"
    before = ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-o", str(trace), "-e", "trace=connect,sendto,accept4"]
    door = Door(district, tmp_path / "home", before=before)
    try:
        door.wait(seconds=60)

        def come_in(one: Someone) -> str:
            answer = door.first_join(one, district.section)
            assert answer.status_code == 200, answer.text
            for section in (district.zoom_section, district.section, district.section):
                assert door.join(section, session=answer.json()["session"]).status_code == 200
            return str(answer.json()["session"])

        with ThreadPoolExecutor(8) as bell:
            session = list(bell.map(come_in, people))[-1]
        assert len([one for one in door.drained() if one["kind"] == "arrived"]) == JOINS
        assert door.http.get("/plan/index.plan").status_code == 200
        assert send(door, hook(district)).status_code == 200
        meeting = {"meeting": district.section.meetings["now"].id, "section": district.section.id}
        call = {**meeting, "event": ids.new_event_id(), "sent_at": 1}
        assert door.http.post("/call", json=call, headers=day_header(session)).status_code == 200
    finally:
        door.process.terminate()
        door.process.wait(timeout=30)
        door.http.close()
    text = trace.read_text()
    assert "accept4(" in text, "the trace sees the door"
    calls = re.findall(r"connect\(.*", text)
    kinds = f"{PEOPLE} first contacts and {JOINS - PEOPLE} with a day session"
    figures.say(
        "door-alone", f"admits with only a loopback in its network; {len(calls)} connect() calls in {JOINS:,} joins"
    )
    figures.say("door-never-connects", f"{len(calls)} connect() calls in {JOINS:,} joins ({kinds}), under strace")
    assert calls == []


def test_it_imports_no_django_and_opens_no_database(district: District) -> None:
    script = "import sys, schoolday.door.server; print([m for m in sys.modules if 'django' in m or 'psycopg' in m])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_it_starts_fast(district: District, tmp_path: Path) -> None:
    """Half a second of processor time to the first answer; on a shared machine the wall's clock says little."""
    used = []
    for number in range(3):
        door = Door(district, tmp_path / str(number))
        try:
            door.wait()
            fields = Path(f"/proc/{door.process.pid}/stat").read_text().rpartition(") ")[2].split()
            used.append((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))
        finally:
            door.stop()
    assert min(used) < 0.5, used


def test_without_a_plan_it_listens_and_says_so(tmp_path: Path) -> None:
    district = District(tmp_path / "plan")
    door = Door(district, tmp_path / "home")
    try:
        health = door.wait(status=503)
        assert (health["ok"], health["plan_version"]) == (False, 0)
        answer = door.join(district.section, first=district.first_contact(district.student, door.nonce()))
        assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (503, "busy", True)
        district.publish()
        door.wait()
        assert door.first_join(district.student, district.section).status_code == 200
    finally:
        door.stop()


def test_a_second_process_for_one_door_does_not_start(door: Door, district: District, tmp_path: Path) -> None:
    from tests.door.process import command, free_port

    def refusal(**environ: str) -> str:
        env = {**door.environ, **environ}
        done = subprocess.run(command(), env=env, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1
        return done.stderr

    assert "one door is one process" in refusal(DOOR_PORT=str(free_port()))
    assert "cannot be used" in refusal(SCHOOLDAY_HOME=str(tmp_path))
    assert "CELL_SECRET" in refusal(CELL_SECRET="")


def test_it_serves_while_it_reads_a_new_plan(door: Door, district: District) -> None:
    stop, slowest = threading.Event(), [0.0]

    def ask() -> None:
        import httpx

        with httpx.Client(base_url=door.http.base_url, trust_env=False) as http:
            while not stop.is_set():
                began = time.monotonic()
                assert http.get("/nonce").status_code == 200
                slowest[0] = max(slowest[0], time.monotonic() - began)

    asking = threading.Thread(target=ask)
    asking.start()
    door.wait_for_plan(district.publish())
    stop.set()
    asking.join()
    assert slowest[0] < 2.0
