"""Notes from devices: each taken whole or refused with its reason, once, however many devices bring it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from django.db import transaction

from schoolday.lib import clock
from schoolday.office.attendance.times import from_ms, to_ms
from schoolday.office.classbook.models import KEY_AT_MOST_LETTERS, Note
from schoolday.office.people.models import Person
from schoolday.office.timetable.models import Meeting

NOTES_AT_MOST = 200
BODY_AT_MOST_BYTES = 16_000  # one message between devices has at most 14 KB
MEETING_AT_MOST_NOTES = 20_000  # thirty children, twelve notes a minute, an hour; more is no class but a mistake
# These say how something stands, so the newest word on a key counts; of all others the first.
CHANGING = frozenset({"poll", "board", "slides"})
_CLOCK_IS_WRONG_MS = 30_000
_AROUND = timedelta(hours=12)

NoteKind = Literal[
    "hand",
    "reaction",
    "chat",
    "chat_deleted",
    "poll",
    "answer",
    "link",
    "file",
    "board",
    "slides",
    "timer",
    "group",
    "call_for_help",
    "rule",
    "removed",
    "let_back",
    "spoke",
    "recording",
    "moved",
    "ended",
]


class NoteIn(msgspec.Struct, frozen=True):
    """One note as a device tells it; `at` in ms. Mirrors app/src/live/notes.ts."""

    kind: NoteKind
    key: str
    at: int
    sub: str = ""
    body: dict[str, Any] = {}


@dataclass
class Taken:
    """`kept`: keys that are safe here, known before or not; `refused`: key -> why it can never be taken."""

    kept: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def take_notes(meeting: Meeting, raws: Sequence[msgspec.Raw], *, sent_at: int, actor: Person) -> Taken:
    """
    Keep what devices noted of a meeting, each key once: the first word on it stays, of what changes the newest.

    `sent_at`: the device's word on the time now, in ms: what its clock is wrong by is taken out. Two who send the same
    notes at once make one row of each.
    """
    taken = Taken()
    now = clock.now()
    fresh: dict[str, Note] = {}
    skew_ms = to_ms(now) - sent_at
    for raw in raws:
        note, key, why = _read(raw)
        if note is None:
            taken.refused[key] = why
            continue
        row = Note(
            section_id=meeting.section_id,
            meeting_id=meeting.id,
            on=meeting.on,
            key=note.key,
            kind=note.kind,
            person_id=note.sub,
            at=_when(note.at, skew_ms=skew_ms, meeting=meeting),
            body=note.body,
            by_id=actor.id,
            received_at=now,
        )
        if note.key not in fresh or (note.kind in CHANGING and row.at > fresh[note.key].at):
            fresh[note.key] = row
    if fresh and Note.objects.filter(meeting_id=meeting.id).count() + len(fresh) > MEETING_AT_MOST_NOTES:
        known = set(Note.objects.filter(meeting_id=meeting.id, key__in=list(fresh)).values_list("key", flat=True))
        taken.refused |= {key: "this meeting's book is full" for key in fresh if key not in known}
        taken.kept = sorted(known)
        return taken
    # By key, so that two who write the same notes wait for each other in one order.
    Note.objects.bulk_create([fresh[key] for key in sorted(fresh)], ignore_conflicts=True)
    for row in (fresh[key] for key in sorted(fresh) if fresh[key].kind in CHANGING):
        older = Note.objects.filter(meeting_id=meeting.id, key=row.key, kind=row.kind, at__lt=row.at)
        older.update(at=row.at, body=row.body, by_id=row.by_id, received_at=now)
    taken.kept = list(fresh)
    return taken


def _read(raw: msgspec.Raw) -> tuple[NoteIn | None, str, str]:
    """Return the note, or its key as far as it can be read and why it is refused."""
    body = bytes(raw)
    try:
        note = msgspec.json.decode(body, type=NoteIn)
    except msgspec.MsgspecError as error:
        return None, _key_in(body), f"not of the form we know: {error}"[:200]
    if not 1 <= len(note.key) <= KEY_AT_MOST_LETTERS:
        return None, note.key[:KEY_AT_MOST_LETTERS], f"key has 1 to {KEY_AT_MOST_LETTERS} letters"
    if len(note.sub) > 12:
        return None, note.key, "sub is longer than 12 letters"
    text = msgspec.json.encode(note.body)
    if len(text) > BODY_AT_MOST_BYTES:
        return None, note.key, f"body is longer than {BODY_AT_MOST_BYTES} bytes"
    if "\0" in note.key or "\0" in note.sub or b"\\u0000" in text:
        return None, note.key, "a text holds a zero byte"
    return note, note.key, ""


def _key_in(body: bytes) -> str:
    try:
        found: Any = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return ""
    key = found.get("key") if isinstance(found, dict) else None
    return key[:KEY_AT_MOST_LETTERS] if isinstance(key, str) else ""


def _when(at: int, *, skew_ms: int, meeting: Meeting) -> datetime:
    """
    Return when it happened. A device whose clock was put right in between may name any time: then the nearest end of
    the meeting stands, for what was noted in it is kept in any case.
    """
    first, last = meeting.starts_at - _AROUND, meeting.ends_at + _AROUND
    corrected = at + (skew_ms if abs(skew_ms) > _CLOCK_IS_WRONG_MS else 0)
    if corrected < to_ms(first):
        return meeting.starts_at
    if corrected > to_ms(last):
        return meeting.ends_at
    return from_ms(corrected)
