"""A real office in processes of its own, on SQLite or on a PostgreSQL that can be killed: for a fleet's register."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tests.faults.fleet import Fleet
from tests.faults.register import Rows
from tests.faults.wire import Address
from tests.free_ports import free_ports
from tests.office.console.office_home import ROOT, SCHOOLDAY, OfficeHome, new_home
from tests.postgres import _program, _unprivileged

_PUT = """
import json, sys
from schoolday.office import boot
boot.boot()
from tests.cast import make_cast
from tests.faults.register import put_rows
given = json.load(sys.stdin)
put_rows(make_cast(), meeting=tuple(given["meeting"]), subs=given["subs"])
"""
_TELL = """
import sys
import msgspec
from schoolday.office import boot
boot.boot()
from tests.faults.register import rows
sys.stdout.buffer.write(msgspec.json.encode(rows()))
"""


DRAINER = "tests.races.drainer"


class Database:
    """A PostgreSQL server of one test: it can be killed with all its processes, and comes back with its data."""

    def __init__(self) -> None:
        self._words, uid, gid = _unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="schoolday-pg-"))
        os.chown(self._folder, uid, gid)
        self._port = free_ports("PORT")["PORT"]
        self.url = f"postgres://schoolday@127.0.0.1:{self._port}/postgres"
        init = (
            _program("initdb"),
            "-D",
            self._folder / "data",
            "-U",
            "schoolday",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )
        subprocess.run([*self._words, *init], check=True, stdout=subprocess.DEVNULL, cwd=self._folder)
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers; right after a kill its old processes may be in the way for a moment."""
        until = time.monotonic() + 30
        while True:
            command = (_program("postgres"), "-D", self._folder / "data", "-p", self._port, "-k", self._folder)
            self._server = subprocess.Popen(
                [*self._words, *command, "-h", "127.0.0.1"], cwd=self._folder, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            while self._server.poll() is None:
                ask = [_program("pg_isready"), "-h", "127.0.0.1", "-p", self._port, "-q"]
                if subprocess.run(ask, cwd=self._folder).returncode == 0:
                    return
                assert time.monotonic() < until, "PostgreSQL does not answer"
                time.sleep(0.05)
            assert time.monotonic() < until, "PostgreSQL does not start"
            time.sleep(0.1)

    def kill(self) -> None:
        """kill -9 of the server and of every process that serves a line."""
        children = _children(self._server.pid)
        self._server.kill()
        self._server.wait(10)
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def close(self) -> None:
        self._server.send_signal(signal.SIGINT)
        self._server.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)


@dataclass
class Office:
    """An office that drains a fleet's doors. `processes`: by command, those that were started."""

    home: OfficeHome
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        fleet: Fleet,
        doors: dict[str, Address],
        folder: Path,
        *,
        database: Database | None = None,
        keys: bool = True,
    ) -> "Office":
        """Make an office with its roster; no process of it runs yet. `keys`: to publish plans, too."""
        drain = ",".join(f"{name}=http://{at.host}:{at.port}" for name, at in doors.items())
        url = {"DATABASE_URL": database.url} if database else {}
        ports = free_ports("OFFICE_PORT")
        home = new_home(folder, CELL_SECRET=fleet.district.secret.hex(), DOORS_DRAIN=drain, **ports, **url)
        home.run("migrate")
        if keys:
            home.run("keys")
        office = cls(home)
        sitting = fleet.district.section.meetings["now"]
        meeting = (sitting.id, sitting.starts_at, sitting.ends_at)
        office._python(_PUT, json.dumps({"meeting": meeting, "subs": [one.one.sub for one in fleet.students]}))
        return office

    def start(self, *names: str) -> None:
        """Start `office`, `work` or `drainer`; `drainer:2` is one more of them."""
        for name in names:
            word = name.partition(":")[0]
            command = [sys.executable, "-m", DRAINER] if word == "drainer" else [*SCHOOLDAY, word]
            with (self.home.home / f"{name}.log").open("ab") as log:
                process = subprocess.Popen(command, env=self.home.env, cwd=ROOT, stdout=log, stderr=log)
            self.processes[name] = process

    def kill(self, *names: str) -> None:
        """kill -9, with the processes below."""
        for name in names:
            process = self.processes.pop(name)
            for pid in (*_children(process.pid), process.pid):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            process.wait(10)

    def rows(self) -> Rows:
        return msgspec.json.decode(self._python(_TELL), type=Rows)

    def close(self) -> None:
        self.kill(*self.processes)

    def _python(self, script: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-c", script], env=self.home.env, cwd=ROOT, input=given, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def database() -> Iterator[Database]:
    server = Database()
    try:
        yield server
    finally:
        server.close()


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in listed.read_text().split()] if listed.exists() else []
    return [*found, *(below for child in found for below in _children(child))]
