"""What a note says to people, in the language of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from schoolday.office.classbook.models import Note

# What is added up, and what only machines want to know: not in the story of a lesson.
UNTOLD = frozenset({"spoke", "rule"})
_SHOWN_LETTERS = 1_000


def sentence(note: Note) -> str:
    """Return what happened, without who. What devices wrote is plain text, cut to a length."""
    body = note.body if isinstance(note.body, dict) else {}
    plain = {
        "hand": _("raised a hand"),
        "chat": _text(body, "text"),
        "poll": _text(body, "question") or _("A question to the class"),
        "answer": _("answered: %(answer)s") % {"answer": _text(body, "answer")},
        "link": " ".join(filter(None, (_text(body, "name"), _text(body, "url")))),
        "file": _text(body, "name"),
        "board": _("The board was saved."),
        "slides": _("Slides: %(title)s") % {"title": _text(body, "title")},
        "timer": _("A timer of %(minutes)s min") % {"minutes": _number(body, "seconds") // 60},
        "call_for_help": _("asked for help in the group"),
        "removed": _("was taken out of the class"),
        "let_back": _("was let in again"),
        "recording": _("Recording: on") if body.get("on") is not False else _("Recording: off"),
        "moved": _("The class moved."),
        "ended": _("The class was ended."),
    }
    if note.kind == "group":
        return _("Group %(name)s") % {"name": _text(body, "name") or _number(body, "group") or ""}
    if note.kind == "reaction":
        return "  ".join(f"{str(sign)[:20]} {count}" for sign, count in list(body.items())[:20])
    return plain.get(note.kind, note.kind)


def kind_words() -> dict[str, str]:
    """Return the word of each kind of line."""
    return {
        "hand": _("Hand"),
        "chat": _("Chat"),
        "poll": _("Question"),
        "answer": _("Answer"),
        "link": _("Link"),
        "file": _("File"),
        "board": _("Board"),
        "slides": _("Slides"),
        "timer": _("Timer"),
        "group": _("Group"),
        "call_for_help": _("Help"),
        "removed": _("Taken out"),
        "let_back": _("Let in"),
        "recording": _("Recording"),
        "reaction": _("Reactions"),
        "moved": _("Moved"),
        "ended": _("Ended"),
    }


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "")
    return str(value)[:_SHOWN_LETTERS] if isinstance(value, str | int | float) else ""


def _number(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name, 0)
    return int(value) if isinstance(value, int | float) and abs(value) < 10**9 else 0
