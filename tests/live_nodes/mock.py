"""The school of `app/test/mock_day.py` with seats on two real live servers, several students, and duty."""

import importlib.util
import sys
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from schoolday.contracts import bundle as b
from schoolday.live import seats
from tests.live_nodes.servers import KEY, SECRET, LiveServer

APP = Path(__file__).parents[2] / "app"
LIVE_NAME = "m0123456789"


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("mock_day", APP / "test" / "mock_day.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["mock_day"] = module
    spec.loader.exec_module(module)
    return module


day = _load()
day.Day.ticket = "live"
_make_bundle = day.make_bundle
PEOPLE: dict[str, b.Member] = {
    "teacher": day.TEACHER,
    **{f"student{i}": student for i, student in enumerate(day.STUDENTS)},
    "duty": b.Member(id="duty00000001", name="Pat Stone", role="teacher"),
}


def make_bundle(who: str) -> b.Bundle:
    """Return the bundle of anybody of PEOPLE; `duty` teaches nothing and may look into every class."""
    made: b.Bundle = _make_bundle("teacher" if who in ("teacher", "duty") else "student")
    person = PEOPLE.get(who, PEOPLE["student0"])
    changed = msgspec.structs.replace(made.person, id=person.id, name=person.name)
    own = made.sections
    if who == "duty":
        changed = msgspec.structs.replace(changed, kind="operator", duty=(day.SCHOOL,))
        own = ()
    assert made.pass_
    shown = msgspec.structs.replace(made.pass_, token=who)
    return msgspec.structs.replace(made, person=changed, pass_=shown, sections=own)


_meeting = day.meeting
day.make_bundle = make_bundle
day.meeting = lambda name, offset: msgspec.structs.replace(_meeting(name, offset), turn=School.turn)


class School:
    """One run: what the doors were asked, and what the live servers told."""

    servers: tuple[LiveServer, ...] = ()
    calls: list[dict[str, Any]] = []
    hooks: list[tuple[str, str, str]] = []
    alone: list[dict[str, Any]] = []
    joins: list[str] = []
    live_name = LIVE_NAME
    turn = 0  # as the plan says
    doors_turn = 0  # as a door's plan says: it may be a minute behind


def forget() -> None:
    """A new run: nobody was here yet."""
    School.calls, School.hooks, School.alone, School.joins = [], [], [], []
    School.live_name, School.turn, School.doors_turn = LIVE_NAME, 0, 0
    day.Day.arrivals, day.Day.events = {}, []


Played: Any = day.Handler


class Handler(Played):  # type: ignore[misc]  # the module is loaded from a file, so it has no types
    """The mock's handler, with tickets of two seats, `/watch`, `/call`, `/api/members` and the live servers' hooks."""

    def do_GET(self) -> None:
        if self.path.startswith("/api/members"):
            return self.send({"members": msgspec.to_builtins((day.TEACHER, *day.STUDENTS))})
        if self.path.partition("?")[0].endswith("/watch"):
            door = self.path.split("/")[2]
            return self.send({"door": door, "server_at": int(time.time() * 1000), "alone": School.alone})
        super().do_GET()
        return None

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/hook":
            body = msgspec.json.decode(self.rfile.read(int(self.headers["Content-Length"])))
            who = body.get("participant", {}).get("identity", "").partition(".")[0]
            School.hooks.append((query.removeprefix("node="), body["event"], who))
            return self.send({})
        super().do_POST()
        return None

    def door(self, path: str, body: Any) -> None:
        if path.endswith("/call"):
            School.calls.append(body)
            return self.send({"kept": [body["event"]], "confirmed": False, "refused": {}})
        super().door(path, body)
        return None

    def seat(self, who: str) -> dict[str, str]:
        return seats_of(who)[0]

    def send(self, body: Any, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        if isinstance(body, dict) and body.get("ticket", {}).get("seats"):
            School.joins.append(body["session"])
            body["ticket"] |= {"turn": School.doors_turn, "seats": seats_of(body["session"].removeprefix("ds1."))}
        super().send(body, status, kind, **headers)


def seats_of(who: str) -> list[dict[str, str]]:
    """Return the seats of a ticket: first and second server, one token."""
    identity = seats.identity(PEOPLE[who].id, "device01")
    now = int(time.time())
    roles: dict[str, seats.Role] = {"teacher": "teacher", "duty": "duty"}
    token = seats.seat_token(
        api_key=KEY, api_secret=SECRET.encode(), live_identity=identity, role=roles.get(who, "student"),
        meeting="meeting00001", name=School.live_name, starts_at=now, now=now,
    )  # fmt: skip
    return [{"node": one.node, "url": one.url, "token": token, "identity": identity} for one in School.servers]


class Server(ThreadingHTTPServer):
    """A browser that closes its line in mid-sentence is no error here."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # the base's own types are private


def serve(dist: Path) -> tuple[str, ThreadingHTTPServer]:
    """Serve the app and its school on loopback; returns its address and how to stop it."""
    day.DIST = dist
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", server
