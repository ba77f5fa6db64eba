"""Checking what came from outside: an event is taken whole or refused with its reason, never repaired."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from schoolday.contracts.evidence import DETAIL_AT_MOST_BYTES, PART_WORDS, Evidence

MARKS = frozenset({"", "present", "tardy", "absent", "excused"})  # empty: the mark is withdrawn
MARK_MINUTES_AT_MOST = 600
_EARLIEST_MS = 1_577_836_800_000  # 2020: an older time is a broken clock
_LATEST_MS = 4_102_444_800_000  # 2100
_LONGEST = {"sub": 12, "meeting": 12, "by": 12, "device": 43, "source": 40}


@dataclass(frozen=True)
class Refusal:
    """One event that can never be taken. `id` is empty when it has none that can be read."""

    id: str
    reason: str
    body: bytes


def read_events(raws: Iterable[msgspec.Raw]) -> tuple[list[Evidence], list[Refusal]]:
    """Return the events that are of the contract's form, and the others with the reason; about 3 microseconds each."""
    events: list[Evidence] = []
    refused: list[Refusal] = []
    for raw in raws:
        body = bytes(raw)
        try:
            events.append(msgspec.json.decode(body, type=Evidence))
        except msgspec.MsgspecError as error:
            refused.append(Refusal(_id_in(body), f"not of the form we know: {error}"[:200], body))
    return events, refused


def fault_in(event: Evidence) -> str:
    """Return why this event cannot be taken, or nothing."""
    if not _is_uuid(event.id):
        return "id is not a UUID in lower case"
    for name, longest in _LONGEST.items():
        if len(getattr(event, name)) > longest:
            return f"{name} is longer than {longest} letters"
    if not event.sub:
        return "sub is missing"
    if not _EARLIEST_MS <= event.received_at < _LATEST_MS:
        return "received_at is no time of ours"
    if event.device_at and not 0 < event.device_at < _LATEST_MS:
        return "device_at is no time of ours"
    if len(msgspec.json.encode(event.detail)) > DETAIL_AT_MOST_BYTES:
        return f"detail is longer than {DETAIL_AT_MOST_BYTES} bytes"
    if "\0" in "".join((event.sub, event.meeting, event.by, event.device, event.source, *_flat(event.detail))):
        return "a text holds a zero byte"
    if event.kind == "took_part" and not (event.meeting and event.detail.get("what") in PART_WORDS):
        return f"taking part needs a meeting, and what: {', '.join(PART_WORDS)}"
    return _fault_in_mark(event) if event.kind == "teacher_mark" else ""


def _fault_in_mark(event: Evidence) -> str:
    if not (event.meeting and event.by):
        return "a mark needs meeting and by"
    if event.detail.get("status") not in MARKS:
        return "a mark's status is present, tardy, absent, excused, or empty to withdraw it"
    minutes = event.detail.get("minutes", "")
    if minutes and not (
        len(minutes) <= 3 and minutes.isascii() and minutes.isdigit() and int(minutes) <= MARK_MINUTES_AT_MOST
    ):
        return f"a mark's minutes are 0 to {MARK_MINUTES_AT_MOST}"
    return ""


def _flat(detail: Mapping[str, str]) -> Iterable[str]:
    for key, value in detail.items():
        yield key
        yield value


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _id_in(body: bytes) -> str:
    try:
        found: Any = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return ""
    value = found.get("id") if isinstance(found, dict) else None
    return value if isinstance(value, str) and _is_uuid(value) else ""
