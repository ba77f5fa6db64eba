"""
A server that speaks BigBlueButton's API over real HTTP, written from its reference alone: nothing of ours is imported.

Checks each checksum itself (the call's name, the raw query without `checksum`, the secret; the hash by its length) and
answers create, join, isMeetingRunning and end in XML. Stricter than the real one where that helps a test: create with
other parameters for a meeting that exists is refused.
"""

import hashlib
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

_HASHES = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}


def checksum_is_right(call: str, raw_query: str, secret: str) -> bool:
    found = re.search(r"(?:^|&)checksum=([0-9a-f]+)", raw_query)
    if found is None or len(found[1]) not in _HASHES:
        return False
    rest = raw_query.replace(found[0], "", 1)
    rest = rest.removeprefix("&") if found.start() == 0 else rest
    return hashlib.new(_HASHES[len(found[1])], f"{call}{rest}{secret}".encode()).hexdigest() == found[1]


@dataclass
class BbbServer:
    """Serves until `close`. `meetings`: what exists, by id; `entered`: who was let in; `calls`: all, in order."""

    secret: str
    meetings: dict[str, dict[str, str]] = field(default_factory=dict)
    entered: list[dict[str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refuses: str = ""  # a messageKey with which every call fails
    body: bytes = b""  # sent instead of any answer

    def __post_init__(self) -> None:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = owner.answer(self.path)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/bigbluebutton"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        name, _, raw = path.partition("?")
        call = name.removeprefix("/bigbluebutton/api/")
        with self._lock:
            self.calls.append(call)
            if self.body:
                return 200, {}, self.body
            if self.refuses:
                return _failed(self.refuses)
            if not checksum_is_right(call, raw, self.secret):
                return _failed("checksumError")
            query = {key: values[0] for key, values in parse_qs(raw, strict_parsing=True).items() if key != "checksum"}
            return getattr(self, f"_{call}", self._unknown)(query)

    def _unknown(self, _query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return _failed("unsupportedRequest")

    def _create(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        meeting = query["meetingID"]
        before = self.meetings.setdefault(meeting, query)
        if before != query:
            return _failed("idNotUnique")
        return _done(f"<meetingID>{meeting}</meetingID>")

    def _join(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if query["meetingID"] not in self.meetings:
            return _failed("notFound")
        if not query.get("fullName") or query.get("role") not in ("MODERATOR", "VIEWER"):
            return _failed("invalidPassword")
        self.entered.append(query)
        return 302, {"Location": "/html5client/join?sessionToken=x"}, b""

    def _isMeetingRunning(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        running = any(one["meetingID"] == query["meetingID"] for one in self.entered)
        return _done(f"<running>{str(running).lower()}</running>")

    def _end(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if self.meetings.pop(query["meetingID"], None) is None:
            return _failed("notFound")
        self.entered = [one for one in self.entered if one["meetingID"] != query["meetingID"]]
        return _done("<messageKey>sentEndMeetingRequest</messageKey>")


def _done(inside: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/xml"}, f"<response><returncode>SUCCESS</returncode>{inside}</response>".encode()


def _failed(key: str) -> tuple[int, dict[str, str], bytes]:
    body = f"<response><returncode>FAILED</returncode><messageKey>{key}</messageKey><message>no</message></response>"
    return 200, {"Content-Type": "text/xml"}, body.encode()
