"""Real live servers for a test, each its own process that may be killed."""

import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from schoolday.embedded import live_server
from tests.free_ports import free_ports

KEY, SECRET = "devkey", "a-secret-of-at-least-32-letters-for-tests"
PROGRAM = Path(__file__).parents[2] / "build" / "bin" / "livekit-server"
_UP_WITHIN_SECONDS = 20


@dataclass
class LiveServer:
    """One node: `port` and the others stay the same when it is started again."""

    node: str
    folder: Path
    hook_url: str
    ports: dict[str, str] = field(default_factory=lambda: free_ports("HTTP", "TCP", "UDP"))
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.ports['HTTP']}"

    def start(self) -> None:
        file = self.folder / f"{self.node}.yaml"
        text = live_server.configuration(
            port=int(self.ports["HTTP"]),
            tcp_port=int(self.ports["TCP"]),
            udp_port=int(self.ports["UDP"]),
            key=KEY,
            secret=SECRET,
            hook_urls=[f"{self.hook_url}?node={self.node}"],
        )
        file.write_text(text)
        with (self.folder / f"{self.node}.log").open("ab") as log:
            self.process = subprocess.Popen([PROGRAM, "--config", file], stdout=log, stderr=log)
        until = time.monotonic() + _UP_WITHIN_SECONDS
        while time.monotonic() < until:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", int(self.ports["HTTP"]))) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"the live server {self.node} did not start")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=10)
            self.process = None
