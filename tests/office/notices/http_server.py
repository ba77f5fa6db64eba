"""A small HTTP server on loopback whose answers a test chooses: a mock Twilio, a push receiver, a web hook's end."""

import base64
import contextlib
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answered = tuple[int, Any]


@dataclass
class Call:
    """One request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class HttpEnd:
    """Its URL, what came, and the answer to give."""

    answer: Callable[[Call], Answered]
    url: str = ""
    calls: list[Call] = field(default_factory=list)


@contextlib.contextmanager
def http_end(answer: Callable[[Call], Answered]) -> Iterator[HttpEnd]:
    """Serve for the time of this context. An answer of status 0 hangs up without a word."""
    end = HttpEnd(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            call = Call(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            end.calls.append(call)
            status, said = end.answer(call)
            if status == 0:
                self.close_connection = True
                return
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _any  # http.server's own names

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    end.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield end
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class MockTwilio:
    """What Twilio would keep: messages and calls by number. Checks the account's word."""

    account: str = "AC1"
    token: str = "secret"
    rows: list[dict[str, str]] = field(default_factory=list)
    before: Callable[[Call], Answered | None] = lambda call: None  # an answer in place of doing it
    after: Callable[[Call], Answered | None] = lambda call: None  # an answer after having done it

    def __call__(self, call: Call) -> Answered:
        word = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {word}":
            return 401, {"code": 20003, "message": "Authenticate"}
        path = urllib.parse.urlsplit(call.path)
        kind = path.path.rsplit("/", 1)[1].removesuffix(".json").lower()
        assert path.path.startswith(f"/2010-04-01/Accounts/{self.account}/")
        if call.method == "GET":
            asked = dict(urllib.parse.parse_qsl(path.query))
            return 200, {kind: [row for row in self.rows if row["kind"] == kind and row["to"] == asked["To"]]}
        said = self.before(call)
        if said is not None:
            return said
        form = call.form
        row = {
            "kind": kind,
            "sid": f"{'SM' if kind == 'messages' else 'CA'}{len(self.rows)}",
            "to": form["To"],
            "body": form.get("Body", ""),
            "twiml": form.get("Twiml", ""),
            "callback": form["StatusCallback"],
            "date_created": formatdate(time.time(), usegmt=True),
        }
        self.rows.append(row)
        return self.after(call) or (201, {"sid": row["sid"], "status": "queued"})
