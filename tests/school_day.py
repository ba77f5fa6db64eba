"""A whole school day as a newcomer starts it: `schoolday run` in a folder of its own, on ports of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.free_ports import NAMES, free_ports

ROOT = Path(__file__).parents[1]
_OPEN_SECONDS = 240


@dataclass
class SchoolDay:
    """A running day. `took_seconds`: from the command to an open edge."""

    home: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"
    took_seconds: float
    output: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.environment['EDGE_PORT']}"

    @property
    def logins(self) -> Any:
        return json.loads((self.home / "demo" / "logins.json").read_text())

    def said(self) -> str:
        """What the command printed so far."""
        return self.output.read_text()

    def live_is_open(self) -> bool:
        states = [self.home / "run" / f"live-{node}.json" for node in ("n1", "n2")]
        return all(state.exists() and json.loads(state.read_text())["state"] == "running" for state in states)

    def command(self, *words: str, typed: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Run `schoolday …` on this day's folder; `typed`: its standard input."""
        program = Path(sys.executable).with_name("schoolday")
        return subprocess.run(
            [program, *words], env=self.environment, input=typed, capture_output=True, text=True, timeout=120
        )

    def processes(self) -> set[int]:
        """The command and everything below it."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            parents[int(stat.parent.name)] = int(fields[1])
        found = {self.process.pid}
        while grown := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= grown
        return found

    def interrupt(self) -> int:
        """Press ctrl-C and wait; the command's exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


def environment_for(home: Path, **extra: str) -> dict[str, str]:
    """The environment of a day: its own folder and ports, and the live server that was built for the tests."""
    path = f"{ROOT / 'build' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    keep = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUBLIC_URL")}
    return {**keep, "PATH": path, "SCHOOLDAY_HOME": str(home), **free_ports(*NAMES), **extra}


def open_day(home: Path, environment: dict[str, str], *options: str) -> SchoolDay:
    """Start a day and wait until it is open."""
    home.mkdir(parents=True, exist_ok=True)
    output = home / "said.txt"
    program = Path(sys.executable).with_name("schoolday")
    started = time.monotonic()
    with output.open("wb") as file:
        process = subprocess.Popen(
            [program, "run", *options], env=environment, stdout=file, stderr=subprocess.STDOUT, cwd=ROOT
        )
    day = SchoolDay(home, environment, process, 0.0, output)
    while "is open at" not in day.said():
        if process.poll() is not None or time.monotonic() - started > _OPEN_SECONDS:
            process.kill()
            raise AssertionError(f"the day did not open:\n{day.said()}")
        time.sleep(0.1)
    day.took_seconds = time.monotonic() - started
    assert httpx.get(day.url, timeout=5).status_code == 200
    return day


@contextmanager
def class_day(home: Path, *, bell_in: int = 1, **settings: str) -> Iterator[SchoolDay]:
    """A day of two sites, with these settings beside the usual ones. `bell_in`: minutes, at most."""
    day = open_day(home, environment_for(home, **settings), "--bell-in", str(bell_in))
    try:
        wait_until(day.live_is_open, seconds=60, what="the live servers run")
        yield day
    finally:
        day.interrupt()


def wait_until(condition: Any, *, seconds: float, what: str) -> None:
    """Wait for `condition()`, or fail with `what` was not so."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.2)
