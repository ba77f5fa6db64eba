"""A real door process for tests, and a device that speaks to it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from schoolday.lib import clock, ids, signing
from tests.door.district import District, Section, Someone

START_SECONDS = 20.0  # a loaded machine; the claim about the start has its own test


class Door:
    """One running door. `call` is a plain HTTP call."""

    def __init__(
        self,
        district: District,
        home: Path,
        *,
        door: str = "d1",
        before: Sequence[str] = (),
        env: dict[str, str] | None = None,
    ) -> None:
        self.district, self.home, self.door = district, home, door
        self.port = free_port()
        self.environ = {**_plain_environ(), **district.environ(home, port=self.port, door=door), **(env or {})}
        self._before = before
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20, trust_env=False)
        self.start()

    @property
    def folder(self) -> Path:
        return self.home / "doors" / self.door

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "door.log").open("ab") as log:
            self.process = subprocess.Popen([*self._before, *command()], env=self.environ, stdout=log, stderr=log)

    def wait(self, *, status: int = 200, seconds: float = START_SECONDS) -> dict[str, Any]:
        """Return /health once it has this status."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the door ended: {self.log()}")
            try:
                answer = self.http.get("/health")
            except httpx.TransportError:
                time.sleep(0.02)
                continue
            if answer.status_code == status:
                return dict(answer.json())
            time.sleep(0.02)
        raise AssertionError(f"no /health with {status}: {self.log()}")

    def wait_for_plan(self, version: int) -> dict[str, Any]:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            health = self.wait()
            if health["plan_version"] == version:
                return health
            time.sleep(0.05)
        raise AssertionError(f"plan {version} never came into force: {self.log()}")

    def log(self) -> str:
        return (self.home / "door.log").read_text()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Stop as a supervisor does; return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        self.http.close()
        return status

    # What a device does

    def nonce(self) -> str:
        return str(self.http.get("/nonce").json()["nonce"])

    def join(
        self,
        section: Section,
        *,
        meeting: str = "now",
        first: dict[str, Any] | None = None,
        session: str | None = None,
        event: str | None = None,
        **changed: Any,
    ) -> httpx.Response:
        body = {
            "meeting": section.meetings[meeting].id,
            "section": section.id,
            "event": ids.new_event_id() if event is None else event,
            "sent_at": clock.now_ms(),
            "first": first,
            **changed,
        }
        return self.http.post("/join", json=body, headers=day(session))

    def first_join(self, one: Someone, section: Section, *, meeting: str = "now", **changed: Any) -> httpx.Response:
        first = self.district.first_contact(one, self.nonce(), **changed)
        return self.join(section, meeting=meeting, first=first)

    def session(self, one: Someone) -> str:
        """Return a day session of this person, by a join of her own first class; of one without, by her duty."""
        if not one.sections:
            section = self.district.section if one.org == self.district.school else self.district.other_section
            return str(self.first_join(one, section, meeting="later").json()["session"])
        sections = {s.id: s for s in (self.district.section, self.district.zoom_section, self.district.other_section)}
        answer = self.first_join(one, sections[one.sections[0]], meeting="later")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["session"])

    # What the office does

    def drained(self) -> list[dict[str, Any]]:
        """Return every event of every spool."""
        events: list[dict[str, Any]] = []
        for spool in self.http.get("/drain/spools", headers=self.drain_header()).json()["spools"]:
            after = 0
            while True:
                query = {"spool": spool, "after": str(after), "limit": "1000"}
                page = self.http.get("/drain", params=query, headers=self.drain_header()).json()
                events += page["events"]
                if not page["events"]:
                    break
                after = page["last"]
        return events

    def drain_header(self, *, day: str | None = None) -> dict[str, str]:
        key = signing.derive(self.district.secret, "drain", day or clock.now().strftime("%Y%m%d"))
        return {"Authorization": "Drain " + signing.b64(signing.mac(key, b"GET /drain"))}


def day(session: str | None) -> dict[str, str]:
    return {"Authorization": f"Day {session}"} if session else {}


def command() -> list[str]:
    return [sys.executable, "-c", "from schoolday.door.commands import door; door()"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _plain_environ() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
