from collections.abc import Mapping

from django import template
from django.utils.translation import get_language, gettext_lazy

from schoolday.office.attendance.forms import STATUS_WORDS

register = template.Library()
PART_WORDS = {
    "hand": gettext_lazy("raised a hand"),
    "answer": gettext_lazy("answered"),
    "chat": gettext_lazy("wrote in the chat"),
    "board": gettext_lazy("wrote on the board"),
    "group": gettext_lazy("worked in a group"),
}


@register.filter
def part_word(what: str) -> object:
    """Return the word people read for a way to take part."""
    return PART_WORDS.get(what, what)


@register.filter
def status_word(status: str) -> object:
    """Return the word people read for a status of the register."""
    return STATUS_WORDS.get(status, status)


@register.filter
def in_language(texts: Mapping[str, str]) -> str:
    """Return one of three texts: that of the page's language."""
    return texts.get((get_language() or "en")[:2]) or texts["en"]
