"""
A school day to look at the screens with: one process plays office, plan host and two doors on loopback.

The plan is made and signed with the real contracts, so the browser checks real signatures. Not shipped, no security.
Run: `.venv/bin/python app/test/mock_day.py 8099`, then sign on as student, small, teacher, guardian or staff, any password.
A second argument is the folder of another build. A door's modes: good, dead, liar, portal, slow, hang, busy, refuses.
"""

# ruff: noqa: E501 (tables of invented data read better in one line)
import hashlib
import json
import sys
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from schoolday.contracts import bundle as b
from schoolday.contracts import plan as p
from schoolday.contracts.keys import KeySet, PublicKey, sign_key_set
from schoolday.lib.signing import Signer, b64

DIST = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent.parent / "dist"
TYPES = {
    ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
    ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
}  # fmt: skip
NOW = int(time.time())
ROOT, KEY = Signer.generate("root"), Signer.generate("k1")
SCHOOL, MATH, READING, SCIENCE = "school000001", "math00000001", "reading00001", "science00001"
NAMES = ["Naïka Pierre", "Jean-Luc Désir", "Sofía Hernández-García", "Woodley Pierre", "Emma O'Brien", "Mateo Ruiz"]
STUDENTS = tuple(b.Member(id=f"student{i:05}", name=name, role="student") for i, name in enumerate(NAMES))
TEACHER = b.Member(id="teacher00001", name="Elena Ruiz", role="teacher")


class Day:
    """What the server plays; a test changes it over `POST /play`."""

    starts_in_seconds = 240
    live_url = ""
    ticket = "alternate"
    door_mode = {"d1": "good", "d2": "good", "d3": "good"}
    plan_hosts_dead = False
    office_dead = False
    spares = True
    turn = 0
    pass_days = 5.0
    arrivals: dict[str, int] = {}
    events: list[dict[str, Any]] = []


def meeting(name: str, offset: int) -> p.MeetingPlan:
    start = NOW + Day.starts_in_seconds + offset
    return p.MeetingPlan(
        id=f"meeting{name}", period="1", starts_at=start, ends_at=start + 2700, nodes=("n1",), turn=Day.turn
    )


def plan_files() -> dict[str, str]:
    zoom = p.Alternate(kind="zoom", url="https://zoom.example/j/1")
    phone = p.Alternate(kind="phone", url="tel:+13055550100")
    sections = (
        p.SectionPlan(id=MATH, title="Math", cohort="6-8", teachers=("Ms. Ruiz",), alternates=(zoom, phone), meetings=(meeting("00001", 0),)),
        p.SectionPlan(id=READING, title="Reading", cohort="6-8", teachers=("Mr. Okafor",), meetings=(meeting("00002", 3600),)),
        p.SectionPlan(id=SCIENCE, title="Science", cohort="6-8", teachers=("Ms. Lindor",), pathway="zoom", alternates=(zoom,), meetings=(meeting("00003", 7200),)),
    )  # fmt: skip
    school = p.sign_school(
        p.SchoolPlan(
            district="d", org=SCHOOL, name="Olinda Elementary", version=1, from_date="2026-01-01", until_date="2030-01-01",
            time_zone="America/New_York", phone="+1 305 555 0111", sections=sections,
        ),
        KEY,
    )  # fmt: skip
    keys = KeySet(
        district="d",
        issued_at=NOW,
        keys=(PublicKey(kid="k1", public=b64(KEY.public_bytes()), not_before=0, not_after=2**40),),
    )
    index = p.PlanIndex(
        district="d", portal_name="My School Online", chat={"6-8": "class"}, version=1, made_at=NOW, from_date="2026-01-01", until_date="2030-01-01",
        join_opens_seconds=600, key_set=sign_key_set(keys, ROOT), doors=DOORS, live=(), plan_hosts=("/plan",),
        schools=(p.SchoolFiles(org=SCHOOL, name="Olinda Elementary", plan_sha256=p.digest(school), people_sha256=""),),
    )  # fmt: skip
    return {"index.plan": p.sign_index(index, KEY), p.school_path(SCHOOL, p.digest(school)): school}


def make_bundle(who: str) -> b.Bundle:
    kinds = {"teacher": "teacher", "guardian": "guardian", "staff": "operator"}
    me = {"teacher": TEACHER}.get(who, STUDENTS[0])
    person = b.BundlePerson(
        id=me.id if who in ("student", "small", "teacher") else f"{who:0<12}"[:12],
        kind=kinds.get(who, "student"),
        name={"guardian": "Marie Pierre", "staff": "Pat Stone"}.get(who, me.name),
        language="en",
        grade={"student": "07", "small": "KG"}.get(who, ""),
        staff_pages=who == "staff",
    )
    role = "teacher" if who == "teacher" else "student"
    sections = tuple(
        b.BundleSection(id=section, title=title, school=SCHOOL, role=role, members=(TEACHER, *STUDENTS))
        for section, title in ((MATH, "Math"), (READING, "Reading"), (SCIENCE, "Science"))
    )
    bare = tuple(msgspec.structs.replace(section, members=()) for section in sections)
    children = tuple(
        b.Child(id=s.id, name=s.name, grade=grade, schools=(SCHOOL,), sections=part)
        for s, grade, part in ((STUDENTS[0], "02", bare), (STUDENTS[3], "07", bare[1:]))
    )
    passes = who in ("student", "small", "teacher")
    return b.Bundle(
        district="d", portal_name="My School Online", person=person, root_public=b64(ROOT.public_bytes()),
        pass_=b.PassWithTag(token=who, tag="t", valid_until=NOW + int(Day.pass_days * 86400)) if passes else None,
        schools=(SCHOOL,), sections=sections if passes else (), children=children if who == "guardian" else (),
        plan_hosts=("/plan",), doors=DOORS, server_at=int(time.time() * 1000),
        live=(p.LiveNode(id="n1", url=Day.live_url or "ws://127.0.0.1:9"),), spares=(spare(me.id),) if passes and Day.spares else (),
    )  # fmt: skip


DOORS = tuple(p.Door(id=name, url=f"/door/{name}") for name in ("d1", "d2", "d3"))


def spare(sub: str) -> b.Spare:
    """A spare ticket into Math; its seat is only good when a live server in dev mode runs at `live_url`."""
    from schoolday.live import seats

    start = NOW + Day.starts_in_seconds
    identity = seats.identity(sub, hashlib.sha256(b"spare").hexdigest())
    token = seats.seat_token(
        api_key="devkey", api_secret=b"secret", live_identity=identity, role="student", meeting="m", name="m1", starts_at=start, now=start,
    )  # fmt: skip
    return b.Spare(
        meeting="meeting00001", section=MATH, turn=0, nbf=start - 600, exp=start + 1200, nodes=("n1",), identity=identity, token=token,
    )  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        return

    def send(self, body: object, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        raw = body if isinstance(body, bytes) else b"" if status == 204 else msgspec.json.encode(body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def who(self) -> str:
        return SimpleCookie(self.headers.get("Cookie", "")).get("who", SimpleCookie("who=")["who"]).value

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/api/") and Day.office_dead:
            self.send(b"<html>502</html>", 502, "text/html")
        elif path == "/api/me":
            who = self.who()
            me = {"person": make_bundle(who).person if who else None, "portal_name": "My School Online"}
            self.send(me, Set_Cookie="csrftoken=x; Path=/")
        elif path.startswith("/api/register"):
            entry = {"status": "tardy", "mark": "", "minutes_tardy": 7, "arrived_at": None}
            entries = [{"sub": STUDENTS[1].id, **entry}]
            self.send(
                {"meetings": [{"id": "meeting00001", "period": "1", "starts_at": 0, "ends_at": 0, "entries": entries}]}
            )
        elif path == "/api/family":
            here = [{"id": "meeting00001", "section": MATH, "status": "present", "arrived_at": NOW - 60}]
            self.send({"children": [{"id": STUDENTS[0].id, "meetings": here}, {"id": STUDENTS[3].id, "meetings": []}]})
        elif path == "/api/calendar":
            self.send({"url": "/calendar/abc.ics"})
        elif path.startswith("/plan/"):
            text = None if Day.plan_hosts_dead else plan_files().get(path.removeprefix("/plan/"))
            self.send(text.encode() if text else b"", 200 if text else 404, "text/plain")
        elif path.startswith("/door/"):
            self.door(path, {})
        else:
            self.file(path)

    def file(self, path: str) -> None:
        target = (DIST / path.lstrip("/")).resolve()
        if not target.is_file() or not target.is_relative_to(DIST.resolve()):
            if "." in path:
                return self.send(b"", 404)
            target = DIST / "index.html"
        csp = "default-src 'self'; connect-src 'self' ws: http:; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'"
        return self.send(target.read_bytes(), 200, TYPES.get(target.suffix, "text/plain"), Content_Security_Policy=csp)

    def do_POST(self) -> None:
        body: Any = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        path = self.path
        if path == "/play":
            for name, value in body.items():
                setattr(Day, name, value)
            self.send({"arrivals": Day.arrivals, "events": Day.events})
        elif path.startswith("/api/") and Day.office_dead:
            self.send(b"<html>502</html>", 502, "text/html")
        elif path == "/api/sign-on":
            if body["password"] == "wrong":  # noqa: S105 (the word a test types to be refused)
                self.send({"code": "wrong_password", "text": "", "retryable": False}, 401)
            else:
                self.send({}, 204, Set_Cookie=f"who={body['user_name']}; Path=/")
        elif path == "/api/sign-off":
            self.send({}, 204, Set_Cookie="who=; Path=/; Max-Age=0")
        elif path == "/api/bundle":
            who = "small" if self.headers.get("Authorization") else self.who()
            self.send(
                make_bundle(who) if who else {"code": "not_signed_on", "text": "", "retryable": False},
                200 if who else 401,
            )
        elif path == "/api/language":
            self.send({}, 204)
        elif path == "/api/evidence":
            Day.events += body["events"]
            self.send({"kept": [e["id"] for e in body["events"]], "confirmed": True, "refused": {}})
        elif path.startswith("/api/"):
            self.send({"code": "not_found", "text": "", "retryable": False}, 404)
        else:
            self.door(path, body)

    def door(self, path: str, body: Any) -> None:
        _, _, door, what = path.split("/", 3)
        now_ms = int(time.time() * 1000)
        now = now_ms // 1000
        mode = Day.door_mode[door]
        if mode == "dead":
            return self.close_rudely()
        if mode == "liar":
            return self.send(b"<html>Welcome to the hotel</html>", 200, "text/html")
        if mode == "portal":
            return self.send(b"", 302, "text/html", Location="http://127.0.0.1:9/hotel")
        if mode == "busy":
            return self.send({"code": "busy", "text": "", "retryable": True, "retry_after_seconds": 6}, 503)
        if mode == "refuses":
            return self.send({"code": "revoked", "text": "", "retryable": False}, 403)
        if mode in ("slow", "hang"):
            time.sleep(3 if mode == "slow" else 30)
        if what.startswith("plan/"):
            text = plan_files().get(what.removeprefix("plan/"))
            return self.send(text.encode() if text else b"", 200 if text else 404, "text/plain")
        if what == "nonce":
            self.send({"nonce": "n", "server_at": now_ms})
        elif what == "join":
            first = body.get("first")
            who = first["token"] if first else self.headers["Authorization"].rpartition(".")[2]
            if who != "teacher":
                Day.arrivals.setdefault(STUDENTS[0].id, now_ms)
            start = NOW + Day.starts_in_seconds
            ticket: dict[str, Any] = {
                "v": 1, "meeting": body["meeting"], "section": body["section"], "state": Day.ticket, "pathway": "live",
                "opens_at": start - 600, "starts_at": start, "ends_at": start + 2700, "seats": [], "alternates": [{"kind": "zoom", "url": "https://zoom.example/j/1", "label": ""}],
            }  # fmt: skip
            if Day.ticket == "live":
                ticket["seats"] = [self.seat(who)]
            self.send({"ticket": ticket, "server_at": now_ms, "session": f"ds1.{who}"})
        elif what == "roll":
            entries = [{"sub": s, "arrived_at": at} for s, at in Day.arrivals.items()]
            self.send({"meeting": "m", "door": door, "server_at": now_ms, "entries": entries})
        elif what == "let-in":
            self.send({"code": "k7qp-3m2x-0a9f-d2", "expires_at": now + 1200})
        elif what == "evidence":
            Day.events += body["events"]
            self.send({"kept": [e["id"] for e in body["events"]], "confirmed": False, "refused": {}})
        elif what in ("badge", "let-in/use"):
            if not body.get("pictures") and what == "badge":
                return self.send({"code": "pictures_needed", "text": "", "retryable": False}, 401)
            session = {
                "session": "ds1.small",
                "sub": STUDENTS[0].id,
                "org": SCHOOL,
                "sections": [MATH],
                "expires_at": now + 9999,
            }
            self.send({**session, "server_at": now_ms})
        else:
            self.send({"code": "not_found", "text": "", "retryable": False}, 404)
        return None

    def seat(self, who: str) -> dict[str, str]:
        """A LiveKit seat, when a live server in dev mode runs at `live_url`."""
        from schoolday.live import seats

        me = TEACHER.id if who == "teacher" else STUDENTS[0].id
        device = hashlib.sha256(self.headers.get("User-Agent", "").encode()).hexdigest()
        token = seats.seat_token(
            api_key="devkey", api_secret=b"secret", live_identity=seats.identity(me, device),
            role="teacher" if who == "teacher" else "student", meeting="m", name="m1", starts_at=int(time.time()), now=int(time.time()),
        )  # fmt: skip
        return {"node": "n1", "url": Day.live_url, "token": token, "identity": seats.identity(me, device)}

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            return  # a device that did not wait

    def close_rudely(self) -> None:
        self.close_connection = True
        self.connection.close()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
