"""How long something took, in words."""

from datetime import datetime

from django import template
from django.utils.translation import gettext, ngettext

from schoolday.lib import clock

register = template.Library()


@register.filter
def waited(since: datetime) -> str:
    """Return how long it is since a moment: `2 min 5 s`."""
    return took(max(0.0, (clock.now() - since).total_seconds()))


@register.filter
def took(seconds: float | None) -> str:
    """Return `4 seconds`, `2 min 5 s`; nothing yet as a dash."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    return gettext("%(minutes)s min %(seconds)s s") % {"minutes": whole // 60, "seconds": whole % 60}
