"""What a note says to people, in the language of the page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from schoolday.office.classbook.models import Note

# What is added up, and what only machines want to know: not in the story of a lesson.
UNTOLD = frozenset({"spoke", "rule"})
_SHOWN_LETTERS = 1_000
Body = Mapping[str, Any]


def sentence(note: Note) -> str:
    """Return what happened, without who. What devices wrote is plain text, cut to a length."""
    body = note.body if isinstance(note.body, dict) else {}
    say = _SENTENCES.get(note.kind)
    return say(body) if say else note.kind


def _reactions(body: Body) -> str:
    return "  ".join(f"{str(sign)[:20]} {count}" for sign, count in list(body.items())[:20])


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


def _text(body: Body, name: str) -> str:
    value = body.get(name, "")
    return str(value)[:_SHOWN_LETTERS] if isinstance(value, str | int | float) else ""


def _number(body: Body, name: str) -> int:
    value = body.get(name, 0)
    return int(value) if isinstance(value, int | float) and abs(value) < 10**9 else 0


# Each is made when its note is told: a lesson has two thousand, most of them one word of a child.
_SENTENCES: dict[str, Callable[[Body], str]] = {
    "hand": lambda _body: _("raised a hand"),
    "chat": lambda body: _text(body, "text"),
    "poll": lambda body: _text(body, "question") or _("A question to the class"),
    "answer": lambda body: _("answered: %(answer)s") % {"answer": _text(body, "answer")},
    "link": lambda body: " ".join(filter(None, (_text(body, "name"), _text(body, "url")))),
    "file": lambda body: _text(body, "name"),
    "board": lambda _body: _("The board was saved."),
    "slides": lambda body: _("Slides: %(title)s") % {"title": _text(body, "title")},
    "timer": lambda body: _("A timer of %(minutes)s min") % {"minutes": _number(body, "seconds") // 60},
    "group": lambda body: _("Group %(name)s") % {"name": _text(body, "name") or _number(body, "group") or ""},
    "call_for_help": lambda _body: _("asked for help in the group"),
    "removed": lambda _body: _("was taken out of the class"),
    "let_back": lambda _body: _("was let in again"),
    "recording": lambda body: _("Recording: on") if body.get("on") is not False else _("Recording: off"),
    "reaction": _reactions,
    "moved": lambda _body: _("The class moved."),
    "ended": lambda _body: _("The class was ended."),
}
