from django import template
from django.utils import numberformat
from django.utils.translation import get_language

from schoolday.office.console.readiness.words import STATE_WORDS

register = template.Library()
_GROUPS = {"en": ",", "es": ".", "ht": ","}


@register.filter
def grouped(number: int) -> str:
    """Return a number with its thousands apart, as the reader's language has it: 1,842, 1.842."""
    mark = _GROUPS.get((get_language() or "en")[:2], ",")
    return numberformat.format(number, ".", grouping=3, thousand_sep=mark, force_grouping=True, use_l10n=False)


@register.filter
def state_word(state: str) -> object:
    """Return the words for what somebody holds."""
    return STATE_WORDS.get(state, state)
