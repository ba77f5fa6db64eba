"""
Alternates: where a class goes when live cannot serve. What kind of link it is, and whether its form can be right.

Only the form is checked: no link is ever opened here. A link that carries a name, or a user's name and password,
is refused: alternates are shown to every child of a class, and are written into a public plan.
"""

import re
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from schoolday.contracts.plan import Alternate, PathwayKind
from schoolday.lib.errors import SchooldayError

URL_AT_MOST_LETTERS = 500
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{4,24}(?:[,;xX#pPwW*]+[0-9#*, ]{1,24})?").fullmatch
_PATHS: dict[PathwayKind, tuple[re.Pattern[str], str]] = {
    "zoom": (re.compile(r"/(?:j|s|w|my|wc/join)/[\w.-]+"), "a Zoom link looks like https://zoom.us/j/123456789"),
    "teams": (
        re.compile(r"/(?:l/meetup-join/.+|meet/\w+|dl/launcher/.+)"),
        "a Teams link looks like https://teams.microsoft.com/l/meetup-join/…",
    ),
    "meet": (
        re.compile(r"/(?:[a-z]{3,4}-[a-z]{3,4}-[a-z]{3,4}|lookup/[\w-]+)"),
        "a Meet link looks like https://meet.google.com/abc-defg-hij",
    ),
    "bbb": (re.compile(r"/(?:b|rooms|gl)/[\w/-]+|/bigbluebutton/.+"), "a BigBlueButton link has /b/ or /rooms/ in it"),
    "jitsi": (re.compile(r"/[^/]+.*"), "a Jitsi link ends in the name of the meeting"),
}
_HOSTS: tuple[tuple[PathwayKind, tuple[str, ...]], ...] = (
    ("zoom", ("zoom.us", "zoomgov.com", "zoom.com")),
    ("teams", ("teams.microsoft.com", "teams.live.com", "teams.microsoft.us")),
    ("meet", ("meet.google.com",)),
    ("jitsi", ("meet.jit.si", "8x8.vc")),
)
_NAMES_IN_QUERIES = frozenset({"uname", "username", "displayname", "name", "email", "fullname", "un"})


class BadAlternate(SchooldayError):
    """This cannot be where a class goes; the sentence says why."""

    code = "bad_alternate"
    status = HTTPStatus.BAD_REQUEST


def read_alternate(text: str, *, label: str = "") -> Alternate:
    """
    Return the alternate that a link or a telephone number stands for, in its one form.

    :raises BadAlternate: if it is of no form that a child's device could open
    """
    text = text.strip()
    if not text or len(text) > URL_AT_MOST_LETTERS:
        raise BadAlternate(f"Give a link or a telephone number of at most {URL_AT_MOST_LETTERS} letters.")
    if text.lower().startswith("tel:") or _PHONE(text):
        return Alternate(kind="phone", url=_phone(text), label=label)
    return _link(text, label=label)


def kind_of(url: str) -> PathwayKind:
    """Return the kind of a link by its host and path; `link` when it is none that we know."""
    if url.lower().startswith("tel:"):
        return "phone"
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    for kind, hosts in _HOSTS:
        if any(host == known or host.endswith(f".{known}") for known in hosts):
            return kind
    if _PATHS["bbb"][0].match(parts.path) and re.search(r"bbb|bigbluebutton|greenlight", host + parts.path):
        return "bbb"
    if re.match(r"(?:meet|jitsi)[.-]|.*\bjitsi\b", host):
        return "jitsi"
    return "link"


def _phone(text: str) -> str:
    number = text[4:] if text.lower().startswith("tel:") else text
    if not _PHONE(number):
        raise BadAlternate("A telephone number has digits, and its code after a comma: +1 305 555 0100,,1234#")
    plain = re.sub(r"[ ().-]", "", number)
    return "tel:" + re.sub(r"[xXpP;]", ",", plain).replace("w", ",").replace("W", ",")


def _link(text: str, *, label: str) -> Alternate:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        port = parts.port
    except ValueError as error:
        raise BadAlternate("This is no link.") from error
    if parts.scheme.lower() != "https":
        raise BadAlternate("A link begins with https:// so that nobody on the way can change where children go.")
    if "." not in host or re.search(r"[^a-z0-9.-]", host.lower()) or re.search(r"[\s\\<>\"'`{}|^\x00-\x1f]", text):
        raise BadAlternate("This link names no host that a device could find.")
    if parts.username is not None or parts.password is not None:
        raise BadAlternate("A link must not hold a user's name or password: every child of the class sees it.")
    query = parse_qsl(parts.query, keep_blank_values=True)
    if any(name.lower() in _NAMES_IN_QUERIES for name, _ in query):
        raise BadAlternate("A link must not hold a person's name: give the one that the whole class uses.")
    kind = kind_of(text)
    if kind in _PATHS and not _PATHS[kind][0].fullmatch(parts.path.rstrip("/")):
        raise BadAlternate(f"This is no link to a meeting: {_PATHS[kind][1]}.")
    netloc = host.lower() + (f":{port}" if port not in (None, 443) else "")
    kept = urlencode([(name, value) for name, value in query if not name.lower().startswith("utm_")])
    return Alternate(kind=kind, url=urlunsplit(("https", netloc, parts.path, kept, parts.fragment)), label=label)
