from collections.abc import Mapping

from django import template
from django.utils.translation import get_language

from schoolday.office.attendance.forms import STATUS_WORDS

register = template.Library()


@register.filter
def status_word(status: str) -> object:
    """Return the word people read for a status of the register."""
    return STATUS_WORDS.get(status, status)


@register.filter
def in_language(texts: Mapping[str, str]) -> str:
    """Return one of three texts: that of the page's language."""
    return texts.get((get_language() or "en")[:2]) or texts["en"]
