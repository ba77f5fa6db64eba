"""Mail addresses and phone numbers of persons, in the one form that channels send to."""

import re

from django.conf import settings

from schoolday.lib.signing import derive, mac

_NOT_DIGITS = re.compile(r"[\s().\-/]+")
_MAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")
_KEY_BYTES = 16


def phone_of(text: str) -> str:
    """
    Return a phone number in E.164 (+13055550100), or nothing when it is none.

    Ten digits without a country are a number of North America; E.164 has at most 15.
    """
    digits = _NOT_DIGITS.sub("", text)
    if re.fullmatch(r"\d{10}", digits):
        return f"+1{digits}"
    if re.fullmatch(r"1\d{10}", digits):
        return f"+{digits}"
    return digits if re.fullmatch(r"\+[1-9]\d{7,14}", digits) else ""


def mail_of(text: str) -> str:
    """Return a mail address, or nothing when it is none; the domain in small letters."""
    if not _MAIL.fullmatch(text) or len(text) > 254:
        return ""
    name, _, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def address_key(channel: str, address: str) -> str:
    """Return what tells an address apart and does not give it away; upper and lower case count as the same."""
    key = derive(settings.SCHOOLDAY["CELL_SECRET"], "notice-address")
    return mac(key, f"{channel}|{address.lower()}".encode(), length_bytes=_KEY_BYTES).hex()
