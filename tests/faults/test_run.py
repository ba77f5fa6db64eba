"""`schoolday run`: twice, interrupted, killed, and refused with a sentence."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from tests import figures
from tests.school_day import environment_for, open_day, wait_until

pytestmark = [pytest.mark.live, pytest.mark.timeout(400), pytest.mark.alone]


def _alive(pids: set[int]) -> set[int]:
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.add(pid)
    return found


def test_one_command_twice_and_ctrl_c_stops_all_of_it_and_nothing_else(tmp_path: Path) -> None:
    environment = environment_for(tmp_path / "home")
    with subprocess.Popen(["sleep", "600"]) as bystander:
        first = open_day(tmp_path / "home", environment)
        wait_until(first.live_is_open, seconds=60, what="the live server runs")
        health = httpx.get(f"{first.url}/api/health", timeout=5)
        assert health.status_code == 200, health.text
        assert httpx.get(f"{first.url}/door/d1/health", timeout=5).status_code == 200
        for hidden in ("/door/d1/drain", "/door/d1/metrics", "/door/d1/live-hook", "/plan/doors/people/x.plan"):
            assert httpx.get(first.url + hidden, timeout=5).status_code == 404, hidden
        logins = first.logins
        examined = first.command("doctor")
        assert examined.returncode == 0, examined.stdout
        started = first.processes()
        assert len(started) > 7
        assert first.interrupt() == 0
        assert not _alive(started)

        second = open_day(tmp_path / "home", environment)
        assert second.logins == logins, "the same people a second time"
        again = second.processes()
        assert second.interrupt() == 0
        assert not _alive(again)
        assert bystander.poll() is None
        bystander.terminate()
    figures.say(
        "run-twice",
        f"first start {first.took_seconds:.0f} s, second {second.took_seconds:.0f} s; "
        f"{len(started)} processes, {len(_alive(started | again))} left after ctrl-C",
    )
    assert second.took_seconds < 30


def test_a_killed_command_leaves_nothing_behind(tmp_path: Path) -> None:
    day = open_day(tmp_path / "home", environment_for(tmp_path / "home"))
    started = day.processes()
    os.kill(day.process.pid, signal.SIGKILL)
    day.process.wait(10)
    wait_until(lambda: not _alive(started), seconds=40, what="all parts are gone")


def test_a_part_that_is_killed_comes_back(tmp_path: Path) -> None:
    day = open_day(tmp_path / "home", environment_for(tmp_path / "home"))
    try:
        door = next(p for p in day.processes() if b"schoolday\0door" in Path(f"/proc/{p}/cmdline").read_bytes())
        os.kill(door, signal.SIGKILL)

        def serves() -> bool:
            try:
                return httpx.get(f"{day.url}/door/d1/health", timeout=2).status_code == 200
            except httpx.HTTPError:
                return False

        wait_until(serves, seconds=20, what="the door serves again")
        assert door not in _alive({door})
    finally:
        day.interrupt()


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    environment = environment_for(tmp_path / "home")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["EDGE_PORT"])))
        taken.listen()
        with pytest.raises(AssertionError, match=f"Another program uses EDGE_PORT={environment['EDGE_PORT']}"):
            open_day(tmp_path / "home", environment)


def test_a_second_run_from_the_same_folder_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    environment = environment_for(tmp_path / "home")
    day = open_day(tmp_path / "home", environment)
    try:
        refused = day.command("run")
        assert refused.returncode == 1
        assert "running already" in refused.stderr
        assert httpx.get(f"{day.url}/api/health", timeout=5).status_code == 200
    finally:
        day.interrupt()
