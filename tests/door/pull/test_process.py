"""`schoolday pull` as a process beside a door that never connects: killed, stopped, and fed by another door."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schoolday.contracts import plan
from schoolday.door import plan_store
from schoolday.door.plan_store import Floor
from schoolday.lib import clock
from tests.door.district import DISTRICT, District
from tests.door.process import Door
from tests.door.pull.sources import serving

KILLS = 6


class Pull:
    """The environment of a `schoolday pull` for door d2."""

    def __init__(self, district: District, at: Path, *bases: str, **environ: str) -> None:
        self.district, self.at, self.folder = district, at, at / "plan"
        self.environ = {
            "PATH": os.environ["PATH"],
            **district.environ(at / "home", port=1, door="d2"),
            "PLAN_DIR": str(self.folder),
            "PLAN_SOURCES": " ".join(bases),
            "PLAN_PULL_SECONDS": "1",
            **environ,
        }

    def run(self, *options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*options), env=self.environ, capture_output=True, text=True, timeout=60, check=False
        )

    def start(self, *options: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            command(*options), env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def version(self) -> int:
        """Return the version a door would take now; 0 while there is no index."""
        if not (self.folder / plan.INDEX_PATH).exists():
            return 0
        found = plan_store.read_plan(
            self.folder,
            root_public=self.district.root.public_bytes(),
            district=DISTRICT,
            now=clock.now_seconds(),
            floor=Floor(),
        )
        return found.index.version


def command(*options: str) -> list[str]:
    return [sys.executable, "-c", "from schoolday.cli import main; main()", "pull", *options]


@pytest.fixture
def home(tmp_path: Path) -> District:
    district = District(tmp_path / "published")
    district.publish()
    return district


def test_once_says_what_it_found_and_ends(home: District, tmp_path: Path) -> None:
    with serving(home.folder) as source, serving(home.folder, lie="fails") as dead:
        pull = Pull(home, tmp_path / "d2", dead.base, source.base)
        done = pull.run("--once", "--json")
        said: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == 0, done.stderr
        assert (said["door"], said["version"]) == ("d2", home.version)
        assert [one["ok"] for one in said["sources"]] == [False, True]
        assert json.loads((tmp_path / "d2/home/doors/d2/pull/status.json").read_text())["version"] == home.version
        plain = pull.run("--once")
        assert f"Plan {home.version} is in force" in plain.stdout
        assert "the answer is 500" in plain.stdout
    done = pull.run("--once")
    assert done.returncode == 1, "no source answers"
    assert pull.version() == home.version


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"PLAN_SOURCES": ""}, "PLAN_SOURCES"),
        ({"PLAN_SOURCES": "ftp://x"}, "PLAN_SOURCES"),
        ({"PLAN_PULL_SECONDS": "0"}, "PLAN_PULL_SECONDS"),
    ],
)
def test_settings_that_will_not_do_are_told(home: District, tmp_path: Path, environ: dict[str, str], told: str) -> None:
    done = Pull(home, tmp_path / "d2", "http://127.0.0.1:1/plan", **environ).run("--once")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_killed_at_any_moment_it_leaves_a_whole_version(home: District, tmp_path: Path) -> None:
    with serving(home.folder) as source:
        pull = Pull(home, tmp_path / "d2", source.base)
        pull.run("--once")
        seen = {pull.version()}
        for _ in range(KILLS):
            home.publish()
            process = pull.start()
            until = time.monotonic() + 10
            asked = len(source.asked)
            while len(source.asked) == asked and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(random.uniform(0, 0.06))
            process.kill()
            process.communicate()
            version = pull.version()
            assert version >= max(seen)
            seen.add(version)
        pull.run("--once")
    assert pull.version() == home.version
    assert not list((tmp_path / "d2").rglob("*.partial"))
    assert not list((tmp_path / "d2/home/doors/d2/pull/parts").iterdir())


def test_it_stops_when_told_and_nobody_else_fills_its_folder(home: District, tmp_path: Path) -> None:
    with serving(home.folder) as source:
        pull = Pull(home, tmp_path / "d2", source.base)
        process = pull.start("--json")
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["version"] == home.version
        second = pull.run("--once")
        assert second.returncode == 1
        assert "Another 'schoolday pull'" in second.stderr
        home.publish()
        assert json.loads(process.stdout.readline())["version"] == home.version
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in errors


@pytest.fixture
def first(home: District, tmp_path: Path) -> Iterator[Door]:
    door = Door(home, tmp_path / "d1")
    door.wait()
    yield door
    assert door.stop() == 0


def test_a_door_at_another_site_lives_on_what_a_door_serves(first: Door, home: District, tmp_path: Path) -> None:
    """d1 has the plan; d2 gets it from d1, and lets people in when d1 is dead."""
    pull = Pull(home, tmp_path / "d2", f"http://127.0.0.1:{first.port}/plan")
    process = pull.start()
    second = Door(home, tmp_path / "d2" / "home", door="d2", env={"PLAN_DIR": str(pull.folder)})
    try:
        second.wait_for_plan(home.version)
        version = home.publish()
        second.wait_for_plan(version)
        first.kill()
        assert second.first_join(home.student, home.section).status_code == 200
        time.sleep(1.5)
        assert process.poll() is None, "a dead source is no reason to end"
        assert second.wait()["plan_version"] == version
        first.start()
        first.wait()
        second.wait_for_plan(home.publish())
    finally:
        process.terminate()
        process.communicate(timeout=20)
        second.stop()
