"""
Evidence: what happened, as append-only events that nobody has to write down.

Each has an id made where it happened (UUIDv7) and is idempotent everywhere: device -> door's spool -> office.
"""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

EvidenceKind = Literal[
    "arrived",
    "tried",
    "entered",
    "left",
    "handed_in",
    "alternate_opened",
    "called_in",
    "parent_word",
    "teacher_mark",
    "adult_called",
    "help_asked",
    "took_part",
    "removed",
    "let_back",
]
UPLOAD_AT_MOST_EVENTS = 200
DETAIL_AT_MOST_BYTES = 2_000
PART_WORDS = ("hand", "answer", "chat", "board", "group")
HELP_WORDS = ("camera", "microphone", "line", "layer", "screen")
# A word of the program's own, never a sentence: a child may type her name where one is free to type.
_HELP_WORD = re.compile(r"[A-Za-z0-9_.:/-]{1,40}")


class Evidence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    One event. Times in ms since 1970 UTC.

    `sub`: whom it is about; `by`: who said so, when someone else (a teacher's mark); `device_at`: the
    device's clock when it happened; `sent_at`: the same clock when it was sent, so the receiver can take
    the skew out; `received_at` and `source` are set by whoever receives first (`door:d1`, `live:n1`,
    `office`), never believed from a device. `detail`: short facts, no personal data:
    tried: layer, step; left: reason; teacher_mark: status (present, tardy, absent, excused), minutes, note_code;
    took_part: what (hand, answer, chat, board, group); removed, let_back: `by` the teacher who took `sub` out of this
    meeting, or let her in again; help_asked: camera, microphone, line (good, bad, skipped), layer, screen.
    """

    id: str
    kind: EvidenceKind
    sub: str
    meeting: str = ""
    device_at: int = 0
    sent_at: int = 0
    received_at: int = 0
    source: str = ""
    device: str = ""
    by: str = ""
    detail: dict[str, str] = {}

    def happened_at(self) -> int:
        """
        Return when it happened by the receiver's clock, in ms.

        The device's clock may be days off: what counts is how long before sending it happened.
        """
        if not self.device_at or not self.sent_at:
            return self.received_at
        return self.received_at - max(0, self.sent_at - self.device_at)


def help_detail(detail: Mapping[str, str]) -> dict[str, str]:
    """
    Return what of a cry for help is kept: the five facts, each one word. The rest is dropped, the cry never is.

    Door and office both apply it to what a device sends.
    """
    return {name: detail[name] for name in HELP_WORDS if _HELP_WORD.fullmatch(detail.get(name, ""))}


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /evidence` at a door, `POST /api/evidence` at the office; `sent_at` is put on every event."""

    sent_at: int
    events: tuple[Evidence, ...]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """
    `kept`: ids that are safe here. The device forgets an event only on a receipt with `confirmed` (the office).

    `refused`: id -> why, for events that can never be taken; the device forgets these too.
    """

    kept: tuple[str, ...]
    confirmed: bool
    refused: dict[str, str] = {}


class SpoolPage(msgspec.Struct, frozen=True, kw_only=True):
    """`GET /drain?after=`: events in the order of the spool; `last` is the next `after`. `spool`: its id."""

    door: str
    spool: str
    last: int
    events: tuple[Evidence, ...]
