"""What an alternate may be: a kind, and an address of that kind. Checked before it can reach a child's screen."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import get_args
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolday.contracts.plan import PathwayKind
from schoolday.lib.errors import SchooldayError

AT_MOST = 5  # a child reads no longer list; our judgement
URL_AT_MOST_LETTERS = 500
LABEL_AT_MOST_LETTERS = 120
KIND_NAMES = {
    "zoom": gettext_lazy("Zoom"),
    "teams": gettext_lazy("Microsoft Teams"),
    "meet": gettext_lazy("Google Meet"),
    "jitsi": gettext_lazy("Jitsi"),
    "bbb": gettext_lazy("BigBlueButton"),
    "phone": gettext_lazy("Phone"),
    "link": gettext_lazy("Another link"),
}
# Only these services' own addresses: a link under the name of Zoom that leads elsewhere is a trap.
_HOSTS = {
    "zoom": ("zoom.us", "zoomgov.com"),
    "teams": ("teams.microsoft.com", "teams.microsoft.us", "teams.live.com"),
    "meet": ("meet.google.com",),
}
_PHONE = re.compile(r"\+?[0-9(][0-9 ().,;#*-]{4,40}")
_KINDS: dict[str, PathwayKind] = {kind: kind for kind in get_args(PathwayKind)}


class BadAlternate(SchooldayError):
    """An alternate is of no kind we know, or its address is not of its kind. `row` counts from 1."""

    code = "bad_alternate"
    status = HTTPStatus.BAD_REQUEST

    def __init__(self, text: str, *, row: int) -> None:
        super().__init__(text)
        self.row = row


@dataclass(frozen=True)
class NewAlternate:
    kind: PathwayKind
    url: str
    label: str


def check_alternate(*, kind: str, url: str, label: str, row: int) -> NewAlternate:
    """
    Return a checked alternate; a phone number becomes a `tel:` address.

    :raises BadAlternate: saying what is wrong and what to write instead
    """
    if kind not in KIND_NAMES:
        raise BadAlternate(_("Choose how the class meets: Zoom, Teams, Meet, phone or another."), row=row)
    url, label = url.strip(), " ".join(label.split())
    if len(url) > URL_AT_MOST_LETTERS or len(label) > LABEL_AT_MOST_LETTERS:
        raise BadAlternate(_("This is too long."), row=row)
    if kind == "phone":
        return NewAlternate(_KINDS[kind], _phone(url, row=row), label)
    return NewAlternate(_KINDS[kind], _link(kind, url, row=row), label)


def _phone(text: str, *, row: int) -> str:
    number = text.removeprefix("tel:").strip()
    if not _PHONE.fullmatch(number) or sum(letter.isdigit() for letter in number) < 5:
        raise BadAlternate(_("Write the phone number with digits, for example +1 305 555 0100,,123456#."), row=row)
    # A comma is a pause, and what follows it the number of the conference: RFC 3966 leaves both to the dialler.
    return "tel:" + re.sub(r"[ ().-]", "", number).replace("#", "%23")


def _link(kind: str, text: str, *, row: int) -> str:
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
        _port = parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    plain = all(letter.isprintable() and not letter.isspace() and letter not in "\"'<>\\^`{|}" for letter in text)
    if parts.scheme != "https" or "." not in host or not plain or parts.username or parts.password:
        raise BadAlternate(_("Write the whole link. It begins with https:// and has no spaces."), row=row)
    allowed = _HOSTS.get(kind)
    if allowed and not any(host == one or host.endswith(f".{one}") for one in allowed):
        raise BadAlternate(_("This link does not lead to the service you chose."), row=row)
    return text
