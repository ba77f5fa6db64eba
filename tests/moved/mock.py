"""The school of `app/test/mock_day.py` with a plan that may be published anew, and counted answers of its host."""

import importlib.util
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from schoolday.contracts import plan as p
from schoolday.contracts.keys import KeySet, PublicKey, sign_key_set
from schoolday.contracts.plan import Alternate, Detour, MeetingPlan, Notice, SectionPlan, Texts
from schoolday.lib.signing import b64
from schoolday.live import seats
from tests.live_nodes.servers import KEY, SECRET

APP = Path(__file__).parents[2] / "app"


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("mock_day_that_moves", APP / "test" / "mock_day.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["mock_day_that_moves"] = module
    spec.loader.exec_module(module)
    return module


day = _load()
REASON = Texts(
    en="Video is slow in all of the district.",
    es="El video va lento en todo el distrito.",
    ht="Videyo a ralanti nan tout distri a.",
)
SNOW = Texts(en="School is closed tomorrow.", es="Mañana no hay escuela.", ht="Pa gen lekòl demen.")
ZOOM = Alternate(kind="zoom", url="https://zoom.example/j/1")
TEAMS = Alternate(kind="teams", url="https://teams.example/j/2")
LESSON = "Fractions: read page 12, then write down three of your own."
PACKET = Alternate(kind="packet", url=f"packets/{p.digest(LESSON)}.txt", label="Fractions")


@dataclass
class Published:
    """What the plan says, and how its host was asked."""

    version: int = 1
    detour: bool = False
    pathway: p.PathwayKind = "zoom"
    notices: tuple[Notice, ...] = ()
    made: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0


published = Published()


def publish(*, detour: bool, notices: tuple[Notice, ...] = (), pathway: p.PathwayKind = "zoom") -> float:
    """Put a new version of the plan in force; returns when (monotonic)."""
    published.version += 1
    published.detour, published.notices, published.pathway = detour, notices, pathway
    published.made = _files()
    return time.monotonic()


def snow_notice() -> Notice:
    now = int(time.time())
    return Notice(id="notice000001", at=now - 1, until_at=now + 3600, level="emergency", text=SNOW)


def _section(name: str, title: str, meeting: MeetingPlan) -> SectionPlan:
    if published.detour:
        meeting = msgspec.structs.replace(meeting, pathway=published.pathway, detour="detour000001")
    lesson = (PACKET,) if published.pathway == "packet" else ()
    teachers = {"Math": "Ms. Ruiz", "Reading": "Mr. Okafor"}
    return SectionPlan(
        id=name,
        title=title,
        cohort="6-8",
        teachers=(teachers[title],),
        alternates=(TEAMS, ZOOM, *lesson),
        meetings=(meeting,),
    )


def _today() -> str:
    return f"{datetime.now(ZoneInfo('America/New_York')):%Y-%m-%d}"


def _files() -> dict[str, str]:
    now = int(time.time())
    detour = Detour(
        id="detour000001", pathway="zoom", from_at=now - 60, until_at=now + 10 * 86_400, review_on="2030-09-11",
        reason=REASON,
    )  # fmt: skip
    school = p.sign_school(
        p.SchoolPlan(
            district="d", org=day.SCHOOL, name="Olinda Elementary", version=published.version, from_date=_today(),
            until_date="2040-01-01", time_zone="America/New_York", phone="+1 305 555 0111",
            sections=(
                _section(day.MATH, "Math", day.meeting("00001", 0)),
                _section(day.READING, "Reading", day.meeting("00002", 3600)),
            ),
            detours=(detour,) if published.detour else (), notices=published.notices,
        ),
        day.KEY,
    )  # fmt: skip
    key = PublicKey(kid="k1", public=b64(day.KEY.public_bytes()), not_before=0, not_after=2**40)
    keys = KeySet(district="d", issued_at=day.NOW, keys=(key,))
    index = p.PlanIndex(
        district="d", portal_name="My School Online", version=published.version, made_at=now, from_date="2026-01-01",
        until_date="2040-01-01", join_opens_seconds=600, key_set=sign_key_set(keys, day.ROOT), doors=day.DOORS, live=(),
        plan_hosts=("/plan",),
        schools=(p.SchoolFiles(org=day.SCHOOL, name="Olinda", plan_sha256=p.digest(school), people_sha256=""),),
    )  # fmt: skip
    files = {"index.plan": p.sign_index(index, day.KEY), p.school_path(day.SCHOOL, p.digest(school)): school}
    return {**files, PACKET.url: LESSON}


day.plan_files = lambda: published.made
Played: Any = day.Handler


class Handler(Played):  # type: ignore[misc]  # the module is loaded from a file, so it has no types
    """The mock's handler; plan files have an ETag, as at the edge, and a door's ticket says what the plan says."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].partition("/plan/")
        text = published.made.get(path[2]) if path[1] and not day.Day.plan_hosts_dead else None
        if text is None:
            super().do_GET()
            return
        tag = f'"{p.digest(text)[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            published.unchanged += 1
            self.send({}, 304, ETag=tag)
        else:
            self.send(text.encode(), 200, "text/plain", ETag=tag, Cache_Control="no-cache")

    def do_POST(self) -> None:
        if self.path.startswith("/hook"):
            self.rfile.read(int(self.headers["Content-Length"]))
            return self.send({})
        super().do_POST()
        return None

    def seat(self, who: str) -> dict[str, str]:
        me = day.TEACHER.id if who == "teacher" else day.STUDENTS[0].id
        identity, now = seats.identity(me, "device01"), int(time.time())
        token = seats.seat_token(
            api_key=KEY, api_secret=SECRET.encode(), live_identity=identity,
            role="teacher" if who == "teacher" else "student", meeting="meeting00001", name="m0123456789",
            starts_at=now, now=now,
        )  # fmt: skip
        return {"node": "n1", "url": day.Day.live_url, "token": token, "identity": identity}

    def send(self, body: Any, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        if isinstance(body, dict) and "ticket" in body and published.detour:
            alternates = [{"kind": one.kind, "url": one.url, "label": ""} for one in (ZOOM, TEAMS)]
            body["ticket"] |= {"state": "alternate", "pathway": "zoom", "seats": [], "alternates": alternates}
        super().send(b"" if status == 304 else body, status, kind, **headers)


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
