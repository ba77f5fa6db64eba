"""The link at the end of a mail that ends mails: signed, for one person, without signing on."""

from django.conf import settings

from schoolday.lib import ids
from schoolday.lib.signing import b64, derive, mac, same, unb64

_MAC_BYTES = 16


def leave_token(person_id: str) -> str:
    """Return the token of a person's link. It ends mails and does nothing else, so it needs no end of its own."""
    return f"{person_id}.{b64(_mac(person_id))}"


def read_leave_token(token: str) -> str:
    """Return the person's id, or nothing for a token that we did not make."""
    person_id, _, tag = token.partition(".")
    try:
        good = ids.is_id(person_id) and same(unb64(tag), _mac(person_id))
    except ValueError:
        return ""
    return person_id if good else ""


def _mac(person_id: str) -> bytes:
    return mac(derive(settings.SCHOOLDAY["CELL_SECRET"], "notice-leave"), person_id.encode(), length_bytes=_MAC_BYTES)
