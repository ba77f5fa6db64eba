"""A door's spool over real HTTP, as docs/develop/api.md says it: for tests that need a door that misbehaves."""

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import msgspec

from schoolday.contracts.evidence import Evidence
from schoolday.office.attendance.spools import DoorClient, drain_mac


@dataclass
class FakeDoor:
    """
    `spools`: id -> events, each with its position; change it while the server runs.

    `any_mac`: for a test whose clock is another than that of the server's thread; `withheld`: a spool not given.
    """

    door: str = "d1"
    url: str = ""
    spools: dict[str, list[bytes]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    status: int = 200
    stranger: bytes = b""
    delay_seconds: float = 0.0
    any_mac: bool = False
    withheld: str = ""

    def put(self, spool: str, *events: Evidence) -> None:
        self.spools.setdefault(spool, []).extend(msgspec.json.encode(event) for event in events)

    def client(self) -> DoorClient:
        return DoorClient(self.door, self.url)

    def body(self, path: str, query: dict[str, list[str]]) -> bytes:
        if self.stranger:
            return self.stranger
        if path == "/drain/spools":
            return msgspec.json.encode({"door": self.door, "spools": list(self.spools)})
        spool, after, limit = query["spool"][0], int(query["after"][0]), int(query["limit"][0])
        events = self.spools[spool][after : after + limit]
        head = msgspec.json.encode({"door": self.door, "spool": spool, "last": after + len(events)})
        return head[:-1] + b',"events":[' + b",".join(events) + b"]}"


@contextmanager
def serve(door: FakeDoor) -> Iterator[FakeDoor]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            door.requests.append(self.path)
            time.sleep(door.delay_seconds)
            parts = urlsplit(self.path)
            allowed = door.any_mac or self.headers["Authorization"] == f"Drain {drain_mac()}"
            withheld = bool(door.withheld) and f"spool={door.withheld}" in parts.query
            body = door.body(parts.path, parse_qs(parts.query)) if allowed else b""
            with contextlib.suppress(ConnectionError):  # the drain was killed while we answered
                self.send_response(503 if withheld else door.status if allowed else 401)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    door.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
