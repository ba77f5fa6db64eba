"""The bundle: all that the office gives one device of one person, to keep for the next school days."""

from typing import Literal

import msgspec

from schoolday.contracts.passes import Kind
from schoolday.contracts.plan import Door, LiveNode

MemberRole = Literal["student", "teacher", "aide", "interpreter", "observer"]
Language = Literal["en", "es", "ht"]
# As what somebody comes beside the roster, for a time: office/arrangements.
ComesAs = Literal["", "substitute", "co_teacher", "aide", "interpreter", "visit", "guardian"]


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """
    One person of a section, as her class knows her. `name` is unique within the section.

    `comes_as`: beside the roster, for a time, and as what. Only in the bundles of the class's grown-ups: `may_record`,
    her family agreed that her picture and voice are in a recording; `camera_to_teacher`, her picture goes to grown-ups
    only. She herself has the latter too.
    """

    id: str
    name: str
    role: MemberRole
    may_record: bool = False
    camera_to_teacher: bool = False
    comes_as: ComesAs = ""


class BundleSection(msgspec.Struct, frozen=True, kw_only=True):
    """
    One section the person belongs to, with everybody in it. `school`: org id.

    `from_at`, `until_at`: when she comes only for a time, in seconds; 0: no bound.
    """

    id: str
    title: str
    school: str
    role: MemberRole
    members: tuple[Member, ...] = ()
    from_at: int = 0
    until_at: int = 0


class BundlePerson(msgspec.Struct, frozen=True, kw_only=True):
    """
    Whose device this is. `grade`: OneRoster code (`KG`, `01` ...), empty for adults.

    `duty`: schools (org ids) in whose classes this adult may look in, and is called when no adult is there.
    """

    id: str
    kind: Kind
    name: str
    language: Language
    grade: str = ""
    staff_pages: bool = False
    duty: tuple[str, ...] = ()


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """One child of a guardian. `sections` without members: a guardian sees no classmates."""

    id: str
    name: str
    grade: str
    schools: tuple[str, ...]
    sections: tuple[BundleSection, ...]


class PassWithTag(msgspec.Struct, frozen=True, kw_only=True):
    """A signed pass, its tag, and when it ends (seconds)."""

    token: str
    tag: str
    valid_until: int


class Spare(msgspec.Struct, frozen=True, kw_only=True):
    """
    A spare ticket: into one meeting without any door. Times in seconds since 1970 UTC.

    `token`: the LiveKit token, which all of `nodes` take, good from `nbf` until `exp` (10 minutes before the start
    to 20 after it), bound to person and device. Worth nothing once the plan says another `turn` for the meeting.
    """

    meeting: str
    section: str
    turn: int
    nbf: int
    exp: int
    nodes: tuple[str, ...]
    identity: str
    token: str


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """
    `root_public`: the root key, base64, by which the device checks the key set in the plan index.
    `plan_hosts`: bases of plan files; `doors`: in this device's own order. `server_at`: ms. `spares`: for the
    meetings of the plan's days, with `live`, the live servers they name.
    """

    v: int = 1
    district: str
    portal_name: str
    person: BundlePerson
    root_public: str
    pass_: PassWithTag | None = msgspec.field(name="pass", default=None)
    schools: tuple[str, ...] = ()
    sections: tuple[BundleSection, ...] = ()
    children: tuple[Child, ...] = ()
    plan_hosts: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ()
    live: tuple[LiveNode, ...] = ()
    spares: tuple[Spare, ...] = ()
    server_at: int
