from django import template

register = template.Library()
_NAMES = {"en": "English", "es": "Español", "ht": "Kreyòl ayisyen"}


@register.filter
def language_name(code: str) -> str:
    """Return a language's own name."""
    return _NAMES.get(code, code)
