"""Asking a door to be let in, and its answer: the ticket, which says where to go now."""

from typing import Literal

import msgspec

from schoolday.contracts.plan import Alternate, PathwayKind
from schoolday.contracts.proofs import DeviceKey


class FirstContact(msgspec.Struct, frozen=True, kw_only=True):
    """What a device shows once a day: the pass, its tag, and the proof over a door's nonce."""

    token: str
    tag: str
    nonce: str
    key: DeviceKey
    proof: str


class JoinRequest(msgspec.Struct, frozen=True, kw_only=True):
    """
    `POST /join`. With `first`, or with the header `Authorization: Day <session>`.

    `event`: UUIDv7 of the arrival, made on the device; asked twice with the same id it is one arrival.
    `sent_at`: the device's clock in ms. `section`: checked against the meeting. `device_at`: the same clock when the
    person came in by a spare ticket, before any door answered; 0: now.
    """

    meeting: str
    section: str
    event: str
    sent_at: int
    device_at: int = 0
    first: FirstContact | None = None


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the live class: `url` (ws, wss) and LiveKit token."""

    node: str
    url: str
    token: str
    identity: str


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """
    Where to go now. Times in seconds since 1970 UTC.

    `live`: `seats` in the order to try; `alternate`: open the first of `alternates` that works; `wait`: the
    class is not open yet, come back at `opens_at`; `closed`: it is over. `turn`: of the meeting by the door's plan; the
    seats of an earlier turn than the device's plan says lead to a place that the class has left.
    """

    v: int = 1
    meeting: str
    section: str
    state: Literal["live", "alternate", "wait", "closed"]
    pathway: PathwayKind
    opens_at: int
    starts_at: int
    ends_at: int
    turn: int = 0
    seats: tuple[Seat, ...] = ()
    alternates: tuple[Alternate, ...] = ()


class JoinAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`session`: to be sent from now on today, when this was a first contact. `server_at`: ms."""

    ticket: Ticket
    server_at: int
    session: str | None = None


class BadgeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """
    `POST /badge`: `badge` is the QR code's text or the typed code; `pictures` the PIN, when asked for.

    Also `POST /let-in/use` with `badge` holding a teacher's one-use code, without pictures.
    """

    badge: str
    key: DeviceKey
    nonce: str
    proof: str
    pictures: tuple[str, ...] = ()


class DoorSession(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a badge or a code: a day session, and what the app needs to show today's card."""

    session: str
    sub: str
    org: str
    sections: tuple[str, ...]
    expires_at: int
    server_at: int


class LetInRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /let-in`: a teacher asks for a one-use code for a student of her section."""

    sub: str
    section: str


class LetInCode(msgspec.Struct, frozen=True, kw_only=True):
    """The code to read out; dead after one use or at `expires_at` (seconds)."""

    code: str
    expires_at: int


class RollEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One student's first arrival at this door for a meeting; ms since 1970 UTC."""

    sub: str
    arrived_at: int


class Roll(msgspec.Struct, frozen=True, kw_only=True):
    """`GET /roll?meeting=`: who has come through this door, for the section's teacher."""

    meeting: str
    door: str
    server_at: int
    entries: tuple[RollEntry, ...]


class AdultCall(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /call`: no adult is in this class, and someone in it asks for one. `event`: UUIDv7, as of a join."""

    meeting: str
    section: str
    event: str
    sent_at: int


class AloneMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """
    A class with students and without an adult, as the live servers told this door. Seconds since 1970 UTC.

    `since`: from when on; `called_at`: when someone in it asked for an adult, 0 if nobody did.
    """

    meeting: str
    section: str
    org: str
    since: int
    students: int
    called_at: int = 0


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """
    `GET /watch`: the classes without an adult that the asker may look into: her own sections, and the school's duty.

    Each door knows what the live servers told it, so a device asks all doors and takes the newest. `server_at`: ms.
    """

    door: str
    server_at: int
    alone: tuple[AloneMeeting, ...] = ()


class BellGroup(msgspec.Struct, frozen=True, kw_only=True):
    """
    One school and grade band at one door, for the meetings that are open now. Persons, each counted once.

    `expected`: students of the plan with such a meeting; `arrived`: of them, who came through this door; `trying`: who
    told this door of a failure in the last five minutes and has not arrived.
    """

    org: str
    band: str
    expected: int
    arrived: int
    trying: int


class Bell(msgspec.Struct, frozen=True, kw_only=True):
    """
    `GET /bell`: what this door knows of the bell, for operators (all schools) and principals (their duty).

    `server_at`: ms. `arrivals`: per minute of the last hour, oldest first; `failures`: by layer in the last five
    minutes; `down`: whether this minute counts as down (over 1 % of entries failed, or p99 over 2 s);
    `without_teacher`: meetings with students in live and no adult; `since`: arrivals before are not counted, because
    this door started then and could not read them from its spool; 0: it knows of all.
    """

    door: str
    server_at: int
    plan_version: int
    since: int = 0
    groups: tuple[BellGroup, ...] = ()
    arrivals: tuple[int, ...] = ()
    failures: dict[str, int] = {}
    in_class: int = 0
    without_teacher: int = 0
    joins_in_minute: int = 0
    failed_in_minute: int = 0
    p99_ms: int = 0
    down: bool = False
    spool_pending: int = 0


class RemoveRequest(msgspec.Struct, frozen=True, kw_only=True):
    """
    `POST /remove`: a grown-up of the class takes a student out of this meeting, or with `back` lets her in again.

    `event`: UUIDv7; sent to every door a device knows with the same id, it is one removal.
    """

    meeting: str
    section: str
    sub: str
    event: str
    sent_at: int
    back: bool = False


class GroupsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """
    `POST /groups`: a grown-up of the class asks for seats in its groups; an interpreter for her `own` alone.

    `seats`: live identity -> number of the group, from 1, of students who are in the class; `own`: groups in which she
    wants a seat herself; `watch`: places, 0 the class itself, in which she wants a seat only to look after.
    """

    meeting: str
    section: str
    seats: dict[str, int] = {}
    own: tuple[int, ...] = ()
    watch: tuple[int, ...] = ()


class GroupSeats(msgspec.Struct, frozen=True, kw_only=True):
    """
    LiveKit tokens, which all live servers of the meeting take: by identity, and the asker's own by number of the group.

    `watch`: those with which she looks after a place without being in it; `refused`: identities of nobody who is in
    this class. `server_at`: ms.
    """

    server_at: int
    seats: dict[str, str] = {}
    own: dict[str, str] = {}
    watch: dict[str, str] = {}
    refused: tuple[str, ...] = ()
