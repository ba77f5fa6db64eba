"""The door under test: a process of its own, on a core of its own, with nothing but a plan."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from schoolday.drill.bench.district import DISTRICT, BenchDistrict
from schoolday.lib import signing
from schoolday.lib.errors import SchooldayError

_PLAN_SECONDS = 300.0


class BenchFailed(SchooldayError):
    """The bench cannot be run, or its door did not do its part."""

    code = "bench_failed"


class DoorProcess:
    """A running door. Use as a context."""

    def __init__(self, home: Path, *, district: BenchDistrict, cell_secret: bytes, core: int | None) -> None:
        self._home, self.port = home, _free_port()
        environ = {
            "PATH": os.environ.get("PATH", ""),
            "SCHOOLDAY_HOME": str(home),
            "MODE": "district",
            "DISTRICT": DISTRICT,
            "DOOR_ID": "bench",
            "DOOR_PORT": str(self.port),
            "PLAN_DIR": str(district.folder),
            "CELL_SECRET": cell_secret.hex(),
            "LIVE_API_SECRET": "bench-secret-of-the-live-servers",
            "OFFICE_SECRET_KEY": "unused",
            "ROOT_PUBLIC_KEY": signing.b64(district.root.public_bytes()),
            "LOG_LEVEL": "WARNING",
        }
        pinned = ["taskset", "-c", str(core)] if core is not None else []
        command = [*pinned, sys.executable, "-c", "from schoolday.door.commands import door; door()"]
        home.mkdir(parents=True, exist_ok=True)
        self._log = (home / "door.log").open("wb")
        self._process = subprocess.Popen(command, env=environ, stdout=self._log, stderr=self._log)

    def __enter__(self) -> "DoorProcess":
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop it as a supervisor does, so that its spool is closed."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=60)
        self._log.close()

    def memory_mb(self) -> tuple[float, float]:
        """Return (resident now, highest ever), in MB of 2**20 bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        values = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        now, peak = (int(values[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        return now, peak

    def cpu_seconds(self) -> float:
        """Return the processor time the door has used: what a busy machine does not blur."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def arrivals(self) -> int:
        """Return how many arrivals the spools hold, read from the files themselves."""
        total = 0
        for path in (self._home / "doors" / "bench").glob("spool-*.sqlite3"):
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            total += connection.execute("SELECT COUNT(*) FROM event WHERE kind = 'arrived'").fetchone()[0]
            connection.close()
        return total

    def _wait(self) -> None:
        deadline = time.monotonic() + _PLAN_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise BenchFailed(f"The door ended: {(self._home / 'door.log').read_text()[-2000:]}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise BenchFailed("The door has no plan after five minutes.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
