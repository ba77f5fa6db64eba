"""
The day plan: where each section meets, who serves, who is denied. Signed files, so any static host will do.

Files of one version, below the plan folder; `school_path`, `people_path` and INDEX_PATH are the only source of names:
  index.plan                        PlanIndex, for devices and doors; written last
  school/<org>.<sha256>.plan        SchoolPlan, kilobytes, as an index names it; for the doors
  school/<org>.plan                 the newest of these again, so that a device need not read the index first
  doors/people/<org>.<sha256>.plan  DoorPeople, for doors only: the edge does not serve the folder doors/
The index names the SHA-256 of every other file and their names hold its first 16 letters, so a reader never mixes
two versions, and a publisher that is killed half way leaves the version in force whole.
"""

import hashlib
from typing import Literal

import msgspec

from schoolday.lib.signing import Signer, Verifier

USE_INDEX = "plan:index"
USE_SCHOOL = "plan:school"
USE_PEOPLE = "plan:people"
INDEX_AT_MOST_BYTES = 64 * 2**20
FILE_AT_MOST_BYTES = 16 * 2**20

PathwayKind = Literal["live", "zoom", "teams", "meet", "jitsi", "bbb", "phone", "link", "packet"]
ChatPolicy = Literal["class", "teacher", "off"]
PathwayChoice = PathwayKind | Literal[""]  # empty: as each teacher chose, the first of her section's alternates


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """One door: `url` as devices reach it."""

    id: str
    url: str
    site: str = ""


class LiveNode(msgspec.Struct, frozen=True, kw_only=True):
    """One live server: `url` as devices reach it (ws or wss)."""

    id: str
    url: str
    site: str = ""


class Alternate(msgspec.Struct, frozen=True, kw_only=True):
    """Where the section goes when live cannot serve, in the order to try. `url`: a link, or `tel:` with number."""

    kind: PathwayKind
    url: str
    label: str = ""


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence in each of the three languages; none is ever missing."""

    en: str
    es: str
    ht: str


class DetourScope(msgspec.Struct, frozen=True, kw_only=True):
    """
    Whom a detour touches: all of what is given at once; each empty tuple says "all", so an empty scope is the district.

    `regions` as schools name theirs, `schools` and `sections` are ids, `bands` as in cohorts: PK-5, 6-8, 9-12.
    """

    regions: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


class Detour(msgspec.Struct, frozen=True, kw_only=True):
    """
    A change of pathway, as people are told of it. Times in seconds since 1970 UTC; `until_at` 0: until further notice.

    Which meetings it moves stands at each meeting: the office has decided it, nobody else computes it again. In a
    school's plan `scope` names nothing of other schools. `shift_minutes`: of a staggered start, by grade band: the
    meetings' times in the plan are the shifted ones already, and the pathway is not changed. `made_at` in milliseconds:
    among equals the newest wins.
    """

    id: str
    pathway: PathwayChoice
    from_at: int
    until_at: int = 0
    review_on: str = ""
    reason: Texts
    scope: DetourScope = DetourScope()
    emergency: bool = False
    made_at: int = 0
    shift_minutes: dict[str, int] = {}


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """
    A banner for everybody of a school, in the app and in class. Seconds since 1970 UTC.

    `next_at`: when the next word on it was promised, for the status page; 0: nothing was.
    """

    id: str
    at: int
    until_at: int
    level: Literal["info", "warning", "emergency"]
    text: Texts
    next_at: int = 0


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """
    What everybody may read of something that is broken, or was until a short while ago. Seconds since 1970 UTC.

    `since_at`: when it began; `next_at`: when the next word was promised, 0: nothing was; `over_at`: when it was
    over, 0: it goes on. `bands`: the grade bands it touches, empty: all.
    """

    id: str
    since_at: int
    text: Texts
    next_at: int = 0
    over_at: int = 0
    bands: tuple[str, ...] = ()


class MeetingPlan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    One sitting. Times in seconds since 1970 UTC; `nodes`: ids of live servers, first and second.

    `pathway` and `detour` (an id) when a detour moves this meeting, else empty: the section's pathway holds.
    `turn` rises when somebody who held a spare ticket is taken out: the live name changes with it, so that her
    ticket leads into an empty place, and devices in the class move to the new name.
    """

    id: str
    period: str
    starts_at: int
    ends_at: int
    nodes: tuple[str, ...] = ()
    turn: int = 0
    pathway: PathwayChoice = ""
    detour: str = ""


class SectionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """
    One section. `title` and `teachers` are public; no child is named.

    `grades`: OneRoster codes as in the roster, separated by commas; empty when it names none.
    """

    id: str
    title: str
    cohort: str
    teachers: tuple[str, ...] = ()
    pathway: PathwayKind = "live"
    alternates: tuple[Alternate, ...] = ()
    meetings: tuple[MeetingPlan, ...] = ()
    grades: str = ""


class SchoolPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The meetings of one school from `from_date` to `until_date` (ISO dates in its zone, both included)."""

    v: int = 1
    district: str
    org: str
    name: str
    version: int
    from_date: str
    until_date: str
    time_zone: str
    tardy_after_minutes: int = 5
    phone: str = ""
    sections: tuple[SectionPlan, ...] = ()
    detours: tuple[Detour, ...] = ()
    notices: tuple[Notice, ...] = ()
    incidents: tuple[Incident, ...] = ()


class DoorPeople(msgspec.Struct, frozen=True, kw_only=True):
    """
    The students of one school as columns, so a door keeps 900,000 of them in arrays.

    For person i: `people[i]` the opaque id as an integer (`lib.ids.to_int`), `badges[i]` her badge number in
    force or 0, `grades[i]` her OneRoster grade, `sections[i]` indexes into `section_ids`. `duty`: adults of the
    school (ids as integers) who may look into any of its classes, in the order to call them.
    """

    v: int = 1
    district: str
    org: str
    version: int
    section_ids: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    badges: tuple[int, ...] = ()
    grades: tuple[str, ...] = ()
    sections: tuple[tuple[int, ...], ...] = ()
    duty: tuple[int, ...] = ()


class SchoolFiles(msgspec.Struct, frozen=True, kw_only=True):
    """What the index says of one school: SHA-256 (hex) of its two files."""

    org: str
    name: str
    plan_sha256: str
    people_sha256: str


class Deny(msgspec.Struct, frozen=True, kw_only=True):
    """
    Who does not get in, whatever she holds.

    `epochs`: passes and sessions of the person below this epoch are dead; `jtis`: single passes;
    `removed`: (person, section) pairs: a student taken out of a class after her pass was made; `out`: (person, meeting)
    pairs: one whom her teacher took out of this meeting alone.
    """

    epochs: dict[str, int] = {}
    jtis: tuple[str, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    out: tuple[tuple[str, str], ...] = ()


class PlanIndex(msgspec.Struct, frozen=True, kw_only=True):
    """
    The one file that says what is in force. `version` only ever rises. `key_set`: signed by the root key.

    `portal_url`: where people open the portal, for pages that lie elsewhere.
    `emergencies`: detours that were declared without the office; it makes them its own when it is back.
    `chat`: whom students may write to in class, by grade band (`K-2` before `PK-5`); a band that is not named: teacher.
    """

    v: int = 1
    district: str
    portal_name: str
    version: int
    made_at: int
    from_date: str
    until_date: str
    join_opens_seconds: int
    key_set: str
    doors: tuple[Door, ...]
    live: tuple[LiveNode, ...]
    plan_hosts: tuple[str, ...]
    schools: tuple[SchoolFiles, ...]
    deny: Deny = Deny()
    picture_pin_grades: tuple[str, ...] = ()
    emergencies: tuple[Detour, ...] = ()
    portal_url: str = ""
    chat: dict[str, ChatPolicy] = {}


def school_path(org: str, sha256: str = "") -> str:
    """
    Return the path of a school's plan below the plan folder.

    With `sha256` (hex, from the index) the very file that the index means; without, the newest, for devices.
    """
    return f"school/{org}.{sha256[:16]}.plan" if sha256 else f"school/{org}.plan"


def people_path(org: str, sha256: str) -> str:
    """Return the path of a school's people below the plan folder; `sha256` (hex) from the index."""
    return f"doors/people/{org}.{sha256[:16]}.plan"


INDEX_PATH = "index.plan"
# The public root key in base64, for a device that never had a bundle: it trusts the origin that served the app.
ROOT_PATH = "root.public"


def sign_index(value: PlanIndex, signer: Signer) -> str:
    return signer.sign(msgspec.json.encode(value), use=USE_INDEX)


def sign_school(value: SchoolPlan, signer: Signer) -> str:
    return signer.sign(msgspec.json.encode(value), use=USE_SCHOOL)


def sign_people(value: DoorPeople, signer: Signer) -> str:
    return signer.sign(msgspec.json.encode(value), use=USE_PEOPLE)


def open_index(token: str, verifier: Verifier) -> PlanIndex:
    """
    Return the index.

    :raises BadSignature: if no key in force signed it as an index
    :raises msgspec.ValidationError: if it is of another form
    """
    return msgspec.json.decode(verifier.verify(token, use=USE_INDEX), type=PlanIndex)


def open_school(token: str, verifier: Verifier) -> SchoolPlan:
    """Return a school's plan; errors as `open_index`."""
    return msgspec.json.decode(verifier.verify(token, use=USE_SCHOOL), type=SchoolPlan)


def open_people(token: str, verifier: Verifier) -> DoorPeople:
    """Return a school's people; errors as `open_index`."""
    return msgspec.json.decode(verifier.verify(token, use=USE_PEOPLE), type=DoorPeople)


def digest(token: str) -> str:
    """Return what the index says of a file: SHA-256 of its text, hex."""
    return hashlib.sha256(token.encode()).hexdigest()
