"""A mail server, a Twilio and a push service for many notices: one process of its own that counts and tells."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.free_ports import free_ports


@dataclass
class Servers:
    """How to reach them, and what they counted."""

    mail: str
    http: str
    push_key: str = "-"

    @property
    def push_url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def settings(self) -> dict[str, str]:
        return {
            "MAIL_HOST": "127.0.0.1", "MAIL_PORT": self.mail, "MAIL_TLS": "none", "MAIL_FROM": "notices@bay.example",
            "TWILIO_URL": self.push_url, "TWILIO_ACCOUNT": "AC1", "TWILIO_TOKEN": "t", "TWILIO_FROM": "+13055550199",
            "PUSH_HOSTS": self.push_url,
        }  # fmt: skip

    def count(self, way: str) -> int:
        return int(self._ask("/distinct")[way])

    def twice(self, way: str) -> int:
        return int(self._ask("/twice")[way])

    def say_later(self) -> None:
        """Refuse each address once with 451 from now on, until `reset`."""
        self._ask("/later")

    def refused(self) -> int:
        """How many addresses were refused once."""
        return int(self._ask("/refused")["mail"])

    def reset(self) -> None:
        self._ask("/reset")

    def _ask(self, path: str) -> Any:
        with urllib.request.urlopen(self.push_url + path, timeout=30) as answer:
            return json.load(answer)


@contextlib.contextmanager
def running_servers() -> Iterator[Servers]:
    """Run them on free ports for the time of this context."""
    ports = free_ports("MAIL", "HTTP")
    command = [sys.executable, "-m", "tests.claims.notice_servers_main", ports["MAIL"], ports["HTTP"]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        key = process.stdout.readline().strip()
        yield Servers(ports["MAIL"], ports["HTTP"], key)
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()
