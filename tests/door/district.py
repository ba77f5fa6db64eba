"""A small signed district for doors: a plan in a folder, people with devices, and passes; no office and no Django."""

import datetime
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from schoolday.contracts import badges, keys, passes, plan, proofs
from schoolday.lib import clock, ids, signing
from schoolday.lib.signing import Signer

DISTRICT = "bay"
LIVE_KEY, LIVE_SECRET = "livekey", "a-live-secret-of-32-letters-long"
ALTERNATE = plan.Alternate(kind="zoom", url="https://zoom.us/j/123", label="Zoom")


@dataclass
class Device:
    """A device with its P-256 key."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def key(self) -> proofs.DeviceKey:
        numbers = self.private.public_key().public_numbers()
        return proofs.DeviceKey(*(signing.b64(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y)))

    def proof(self, *, nonce: str, token: str) -> str:
        message = proofs.proof_message(nonce=nonce, token=token)
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
        return signing.b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


@dataclass
class Someone:
    """A person with a device; `sections` she belongs to."""

    kind: passes.Kind
    sections: tuple[str, ...]
    org: str
    grade: str = ""
    sub: str = field(default_factory=ids.new_id)
    badge: int = field(default_factory=lambda: secrets.randbits(39) + 1)
    device: Device = field(default_factory=Device)


@dataclass
class Section:
    id: str
    meetings: dict[str, plan.MeetingPlan]  # by what the test calls it
    pathway: plan.PathwayKind = "live"
    alternates: tuple[plan.Alternate, ...] = (ALTERNATE,)


class District:
    """Two schools, two live sections and one on Zoom; the outsiders are in the second school."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secret = secrets.token_bytes(32)
        self.root, self.signer = Signer.generate("root"), Signer.generate("k1")
        self.school, self.other_school = ids.new_id(), ids.new_id()
        self.section = Section(ids.new_id(), self.sittings())
        self.zoom_section = Section(ids.new_id(), self.sittings(nodes=()), pathway="zoom")
        self.other_section = Section(ids.new_id(), self.sittings())
        mine = (self.section.id, self.zoom_section.id)
        self.student = Someone("student", mine, self.school, grade="07")
        self.twin = Someone("student", mine, self.school, grade="07")
        self.small = Someone("student", mine, self.school, grade="KG")
        self.teacher = Someone("teacher", mine, self.school)
        self.other_student = Someone("student", (self.other_section.id,), self.other_school, grade="07")
        self.other_teacher = Someone("teacher", (self.other_section.id,), self.other_school)
        # On the duty lists: an operator and a teacher of the first school, and one of the second.
        self.duty = Someone("operator", (), self.school)
        self.duty_teacher = Someone("teacher", (), self.school)
        self.other_duty = Someone("operator", (), self.other_school)
        self.operator = Someone("operator", (), self.school)
        self.on_duty = {self.school: [self.duty, self.duty_teacher], self.other_school: [self.other_duty]}
        self.students = [self.student, self.twin, self.small, self.other_student]
        self.version = 1
        self.key_set_issued_at = clock.now_seconds() - 100

    def sittings(self, nodes: tuple[str, ...] = ("n1", "n2")) -> dict[str, plan.MeetingPlan]:
        now = clock.now_seconds()
        times = {"now": (-300, 3000), "later": (7200, 10800), "over": (-7200, -3600)}
        return {
            name: plan.MeetingPlan(id=ids.new_id(), period="1", starts_at=now + begin, ends_at=now + end, nodes=nodes)
            for name, (begin, end) in times.items()
        }

    # The office's part

    def key_set(self, **changed: Any) -> keys.KeySet:
        now = clock.now_seconds()
        values: dict[str, Any] = {
            "district": DISTRICT,
            "issued_at": self.key_set_issued_at,
            "keys": (
                keys.PublicKey(
                    kid=self.signer.kid,
                    public=signing.b64(self.signer.public_bytes()),
                    not_before=now - 86_400,
                    not_after=now + 30 * 86_400,
                ),
            ),
        }
        return keys.KeySet(**{**values, **changed})

    def files(self) -> tuple[list[plan.SchoolFiles], dict[str, str]]:
        """Return what the index says of the schools, and the text of their files by path."""
        listed, texts = [], {}
        for org, sections in (
            (self.school, (self.section, self.zoom_section)),
            (self.other_school, (self.other_section,)),
        ):
            school = plan.SchoolPlan(
                district=DISTRICT,
                org=org,
                name="A school",
                version=self.version,
                from_date="2026-11-20",
                until_date="2026-11-23",
                time_zone="America/New_York",
                sections=tuple(
                    plan.SectionPlan(
                        id=one.id,
                        title="Math 7",
                        cohort="6-8.east",
                        pathway=one.pathway,
                        alternates=one.alternates,
                        meetings=tuple(one.meetings.values()),
                    )
                    for one in sections
                ),
            )
            here = [one for one in self.students if one.org == org]
            section_ids = tuple(one.id for one in sections)
            people = plan.DoorPeople(
                district=DISTRICT,
                org=org,
                version=self.version,
                section_ids=section_ids,
                people=tuple(ids.to_int(one.sub) for one in here),
                badges=tuple(one.badge for one in here),
                grades=tuple(one.grade for one in here),
                sections=tuple(tuple(section_ids.index(s) for s in one.sections) for one in here),
                duty=tuple(ids.to_int(one.sub) for one in self.on_duty[org]),
            )
            plan_text, people_text = plan.sign_school(school, self.signer), plan.sign_people(people, self.signer)
            files = plan.SchoolFiles(
                org=org, name="A school", plan_sha256=plan.digest(plan_text), people_sha256=plan.digest(people_text)
            )
            listed.append(files)
            texts[plan.school_path(org, files.plan_sha256)] = plan_text
            texts[plan.people_path(org, files.people_sha256)] = people_text
        return listed, texts

    def index(self, listed: list[plan.SchoolFiles], **changed: Any) -> plan.PlanIndex:
        values: dict[str, Any] = {
            "district": DISTRICT,
            "portal_name": "My School Online",
            "version": self.version,
            "made_at": clock.now_seconds(),
            "from_date": "2026-11-20",
            "until_date": "2026-11-23",
            "join_opens_seconds": 600,
            "key_set": keys.sign_key_set(self.key_set(), self.root),
            "doors": (plan.Door(id="d1", url="http://localhost/door/d1"),),
            "live": (
                plan.LiveNode(id="n1", url="ws://localhost/live/n1"),
                plan.LiveNode(id="n2", url="ws://localhost/live/n2"),
            ),
            "plan_hosts": (),
            "schools": tuple(listed),
            "picture_pin_grades": ("KG",),
        }
        return plan.PlanIndex(**{**values, **changed})

    def turn(self, section: Section, *, meeting: str = "now") -> None:
        """Let the meeting have another live name from the next plan on."""
        before = section.meetings[meeting]
        section.meetings[meeting] = msgspec.structs.replace(before, turn=before.turn + 1)

    def publish(self, **changed: Any) -> int:
        """Write the next version into the folder; return its number."""
        self.version += 1
        listed, texts = self.files()
        for path, text in texts.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text)
        self.write_index(plan.sign_index(self.index(listed, **changed), self.signer))
        return self.version

    def write_index(self, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / "index.partial"
        partial.write_text(text)
        partial.replace(self.folder / plan.INDEX_PATH)

    def pass_of(self, one: Someone, **changed: Any) -> passes.Pass:
        now = clock.now_seconds()
        values: dict[str, Any] = {
            "iss": DISTRICT,
            "sub": one.sub,
            "kind": one.kind,
            "org": one.org,
            "cohort": "6-8.east",
            "sections": one.sections,
            "doors": ("d1",),
            "nbf": now - 3600,
            "exp": now + 5 * 86_400,
            "grace": now + 8 * 86_400,
            "jti": ids.new_event_id(),
            "epoch": 1,
            "cnf": proofs.thumbprint(one.device.key),
        }
        return passes.Pass(**{**values, **changed})

    def token(self, one: Someone, *, signer: Signer | None = None, **changed: Any) -> str:
        return passes.sign_pass(self.pass_of(one, **changed), signer or self.signer)

    # The device's part

    def first_contact(self, one: Someone, nonce: str, *, token: str | None = None, **changed: Any) -> dict[str, Any]:
        """Return the `first` of a join; `changed` replaces parts of it after it was made."""
        token = token or self.token(one)
        today = datetime.datetime.fromtimestamp(clock.now_seconds(), datetime.UTC).strftime("%Y%m%d")
        first = {
            "token": token,
            "tag": passes.tag_pass(token, cell_secret=self.secret, day=today),
            "nonce": nonce,
            "key": {"x": one.device.key.x, "y": one.device.key.y},
            "proof": one.device.proof(nonce=nonce, token=token),
        }
        return {**first, **changed}

    def badge_request(self, one: Someone, nonce: str, badge: str, **changed: Any) -> dict[str, Any]:
        request = {
            "badge": badge,
            "key": {"x": one.device.key.x, "y": one.device.key.y},
            "nonce": nonce,
            "proof": one.device.proof(nonce=nonce, token=badge),
        }
        return {**request, **changed}

    def qr(self, one: Someone, *, signer: Signer | None = None, district: str = DISTRICT) -> str:
        return badges.sign_badge(badges.BadgeSerial(district=district, number=one.badge), signer or self.signer)

    def environ(self, home: Path, *, port: int, door: str = "d1") -> dict[str, str]:
        """Return the settings of a door of this district."""
        return {
            "SCHOOLDAY_HOME": str(home),
            "MODE": "district",
            "DISTRICT": DISTRICT,
            "DOOR_ID": door,
            "DOOR_PORT": str(port),
            "PLAN_DIR": str(self.folder),
            "CELL_SECRET": self.secret.hex(),
            "LIVE_API_KEY": LIVE_KEY,
            "LIVE_API_SECRET": LIVE_SECRET,
            "OFFICE_SECRET_KEY": "none-of-the-doors-business",
            "ROOT_PUBLIC_KEY": signing.b64(self.root.public_bytes()),
        }


def dumps(value: Any) -> bytes:
    return json.dumps(value).encode()
