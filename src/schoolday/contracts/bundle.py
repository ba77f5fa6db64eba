"""The bundle: all that the office gives one device of one person, to keep for the next school days."""

from typing import Literal

import msgspec

from schoolday.contracts.passes import Kind
from schoolday.contracts.plan import Door

MemberRole = Literal["student", "teacher", "aide"]
Language = Literal["en", "es", "ht"]


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a section, as her class knows her. `name` is unique within the section."""

    id: str
    name: str
    role: MemberRole


class BundleSection(msgspec.Struct, frozen=True, kw_only=True):
    """One section the person belongs to, with everybody in it. `school`: org id."""

    id: str
    title: str
    school: str
    role: MemberRole
    members: tuple[Member, ...] = ()


class BundlePerson(msgspec.Struct, frozen=True, kw_only=True):
    """Whose device this is. `grade`: OneRoster code (`KG`, `01` ...), empty for adults."""

    id: str
    kind: Kind
    name: str
    language: Language
    grade: str = ""
    staff_pages: bool = False


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


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """
    `root_public`: the root key, base64, by which the device checks the key set in the plan index.
    `plan_hosts`: bases of plan files; `doors`: in this device's own order. `server_at`: ms.
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
    server_at: int
