from django import template

from schoolday.office.attendance.forms import STATUS_WORDS

register = template.Library()


@register.filter
def status_word(status: str) -> object:
    """Return the word people read for a status of the register."""
    return STATUS_WORDS.get(status, status)
