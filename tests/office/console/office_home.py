"""A whole office on a real file, for tests that start and kill real processes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHOOLDAY = (sys.executable, "-m", "tests.office.console.schoolday")
ROOT = Path(__file__).parents[3]

# The cast and one running meeting; ids are printed so that the test can write evidence about them.
_DAY = """
from schoolday.office import boot
boot.boot()
from datetime import timedelta
from schoolday.lib import clock
from tests.cast import make_cast
from schoolday.office.timetable.models import Meeting
cast = make_cast()
now = clock.now()
meeting = Meeting.objects.create(
    id="m0", section=cast.section, on=now.date(), period="1", starts_at=now, ends_at=now + timedelta(minutes=50)
)
print(cast.student.id, cast.twin.id)
"""


@dataclass
class OfficeHome:
    """One SCHOOLDAY_HOME of its own, on SQLite."""

    home: Path
    env: dict[str, str]

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*SCHOOLDAY, *command], env=self.env, cwd=ROOT, check=check, capture_output=True, text=True, timeout=120
        )

    def make_day(self) -> list[str]:
        """Return the ids of two students of the running meeting `m0`."""
        self.run("migrate")
        self.run("keys")
        made = subprocess.run(
            [sys.executable, "-c", _DAY], env=self.env, cwd=ROOT, check=True, capture_output=True, text=True
        )
        return made.stdout.split()

    @contextmanager
    def running(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            [*SCHOOLDAY, *command], env=self.env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(15)

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.home / "office.sqlite3", timeout=20) as database:
            found: list[tuple[object, ...]] = database.execute(question).fetchall()
        database.close()
        return found


def wait_for(what: Callable[[], bool], *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come to pass in time"
        time.sleep(0.05)


def new_home(home: Path, **settings: str) -> OfficeHome:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return OfficeHome(home, {**kept, "SCHOOLDAY_HOME": str(home), "PYTHONPATH": str(ROOT), **settings})
