"""How long something took, in words."""

from django import template
from django.utils.translation import gettext, ngettext

register = template.Library()


@register.filter
def took(seconds: float | None) -> str:
    """Return `4 seconds`, `2 min 5 s`; nothing yet as a dash."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    return gettext("%(minutes)s min %(seconds)s s") % {"minutes": whole // 60, "seconds": whole % 60}
