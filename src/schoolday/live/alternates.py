"""
Alternates: where a class goes when live cannot serve. What kind of link it is, and whether its form can be right.

The only reading of what people type; the office says the sentences of `reason` in their language. Only the form is
looked at: no link is ever opened here. A link that carries a name, or a user's name and password, is refused:
alternates are shown to every child of a class, and are written into a public plan.
"""

import re
from collections.abc import Collection
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from schoolday.contracts.plan import Alternate, PathwayKind
from schoolday.lib.errors import SchooldayError

URL_AT_MOST_LETTERS = 500
LABEL_AT_MOST_LETTERS = 120
OWN_BBB = "bbb:"  # the district's own BigBlueButton; the device asks a door for the way in
KINDS: tuple[PathwayKind, ...] = ("zoom", "teams", "meet", "jitsi", "bbb", "phone", "link")  # what people can type
Reason = Literal[
    "empty", "too_long", "bad_kind", "bad_phone", "no_link", "not_https", "no_host", "password", "name",
    "other_service", "zoom_form", "teams_form", "meet_form", "bbb_form", "jitsi_form", "kind_not_allowed",
    "host_not_allowed",
]  # fmt: skip
_PHONE = re.compile(r"\+?\(?[0-9][0-9 ().-]{4,24}(?:[,;xX#pPwW*]+[0-9#*, ]{1,24})?").fullmatch
_PHONE_DIGITS_AT_LEAST = 5
_PATHS: dict[PathwayKind, tuple[re.Pattern[str], Reason, str]] = {
    "zoom": (
        re.compile(r"/(?:j|s|w|my|wc/join)/[\w.-]+"),
        "zoom_form",
        "a Zoom link looks like https://zoom.us/j/123456789",
    ),
    "teams": (
        re.compile(r"/(?:l/meetup-join/.+|meet/\w+|dl/launcher/.+)"),
        "teams_form",
        "a Teams link looks like https://teams.microsoft.com/l/meetup-join/…",
    ),
    "meet": (
        re.compile(r"/(?:[a-z]{3,4}-[a-z]{3,4}-[a-z]{3,4}|lookup/[\w-]+)"),
        "meet_form",
        "a Meet link looks like https://meet.google.com/abc-defg-hij",
    ),
    "bbb": (
        re.compile(r"(?:/[\w.-]+)*/(?:b|rooms|gl)/[\w/-]+|/bigbluebutton/.+"),
        "bbb_form",
        "a BigBlueButton link has /b/ or /rooms/ in it",
    ),
    "jitsi": (re.compile(r"/[^/]+.*"), "jitsi_form", "a Jitsi link ends in the name of the meeting"),
}
# Only these services' own addresses: a link under the name of Zoom that leads elsewhere is a trap.
_HOSTS: tuple[tuple[PathwayKind, tuple[str, ...]], ...] = (
    ("zoom", ("zoom.us", "zoomgov.com", "zoom.com")),
    ("teams", ("teams.microsoft.com", "teams.live.com", "teams.microsoft.us")),
    ("meet", ("meet.google.com",)),
    ("jitsi", ("meet.jit.si", "8x8.vc")),
)
_ANYWHERE: frozenset[str] = frozenset({"jitsi", "bbb"})  # districts and schools run these themselves
_NAMES_IN_QUERIES = frozenset({"uname", "username", "displayname", "name", "email", "fullname", "un"})
_NOT_IN_LINKS = frozenset("\"'<>\\^`{|}")


class BadAlternate(SchooldayError):
    """This cannot be where a class goes; `reason` says why, and `text` in English."""

    code = "bad_alternate"
    status = HTTPStatus.BAD_REQUEST

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason: Reason = reason


def read_alternate(text: str, *, kind: str = "", label: str = "") -> Alternate:
    """
    Return the alternate that a link or a telephone number stands for, in its one form.

    `kind`: what the person says it is; empty: told by the link. `bbb:` is our own BigBlueButton.

    :raises BadAlternate: if it is of no form that a child's device could open, or not of the kind that was said
    """
    text, label = text.strip(), " ".join(label.split())
    if kind and kind not in KINDS:
        raise BadAlternate("bad_kind", "This is no way to meet that we know.")
    if not text:
        raise BadAlternate("empty", "Give a link or a telephone number.")
    if len(text) > URL_AT_MOST_LETTERS or len(label) > LABEL_AT_MOST_LETTERS:
        raise BadAlternate("too_long", f"Give a link or a telephone number of at most {URL_AT_MOST_LETTERS} letters.")
    if text == OWN_BBB and kind in ("", "bbb"):
        return Alternate(kind="bbb", url=OWN_BBB, label=label)
    if kind == "phone" or (not kind and (text.lower().startswith("tel:") or _PHONE(text))):
        return Alternate(kind="phone", url=_phone(text), label=label)
    return _link(text, kind=kind, label=label)


def check_allowed(alternate: Alternate, *, kinds: Collection[str], hosts: Collection[str]) -> None:
    """
    Check an alternate against what a school allows. `hosts`: these and all below them; empty: any.

    :raises BadAlternate: if the school does not allow it
    """
    if alternate.kind not in kinds:
        raise BadAlternate("kind_not_allowed", "The school does not use this.")
    host = host_of(alternate.url)
    if hosts and host and not is_below(host, hosts):
        raise BadAlternate("host_not_allowed", "The school's links lead to other hosts.")


def kind_of(url: str) -> PathwayKind:
    """Return the kind of a link by its host and path; `link` when it is none that we know."""
    if url.lower().startswith("tel:"):
        return "phone"
    if url == OWN_BBB:
        return "bbb"
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    for kind, hosts in _HOSTS:
        if is_below(host, hosts):
            return kind
    if _PATHS["bbb"][0].match(parts.path) and re.search(r"bbb|bigbluebutton|greenlight", host + parts.path):
        return "bbb"
    if re.match(r"(?:meet|jitsi)[.-]|.*\bjitsi\b", host):
        return "jitsi"
    return "link"


def host_of(url: str) -> str:
    """Return the host that a link leads to; empty for a telephone number, a packet and our own BigBlueButton."""
    return (urlsplit(url).hostname or "").lower() if url.startswith("https://") else ""


def is_below(host: str, hosts: Collection[str]) -> bool:
    """Say whether a host is one of these, or below one of them."""
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def number_and_pin(url: str) -> tuple[str, str]:
    """Return the number of a `tel:` address and the code to type after it (empty when there is none)."""
    number, _, pin = url.removeprefix("tel:").partition(",")
    return number, pin.lstrip(",")


def _phone(text: str) -> str:
    number = (text[4:] if text.lower().startswith("tel:") else text).strip().replace("%23", "#")
    if not _PHONE(number) or sum(letter.isdigit() for letter in number) < _PHONE_DIGITS_AT_LEAST:
        raise BadAlternate(
            "bad_phone", "A telephone number has digits, and its code after a comma: +1 305 555 0100,,1234#"
        )
    plain = re.sub(r"[ ().-]", "", number)
    return "tel:" + re.sub(r"[xXpPwW;]", ",", plain)


def _link(text: str, *, kind: str, label: str) -> Alternate:
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError as error:
        raise BadAlternate("no_link", "This is no link.") from error
    if parts.scheme.lower() != "https":
        raise BadAlternate("not_https", "A link begins with https:// so that nobody can change where children go.")
    if parts.username is not None or parts.password is not None:
        raise BadAlternate(
            "password", "A link must not hold a user's name or password: every child of the class sees it."
        )
    plain = all(letter.isprintable() and not letter.isspace() and letter not in _NOT_IN_LINKS for letter in text)
    if "." not in host.strip(".") or re.search(r"[^a-z0-9.-]", host) or not plain:
        raise BadAlternate("no_host", "This link names no host that a device could find.")
    query = parse_qsl(parts.query, keep_blank_values=True)
    if any(name.lower() in _NAMES_IN_QUERIES for name, _ in query):
        raise BadAlternate("name", "A link must not hold a person's name: give the one that the whole class uses.")
    found = _said(kind, kind_of(urlunsplit(("https", host, parts.path, "", ""))))
    if found in _PATHS and not _PATHS[found][0].fullmatch(parts.path.rstrip("/")):
        raise BadAlternate(_PATHS[found][1], f"This is no link to a meeting: {_PATHS[found][2]}.")
    netloc = host + (f":{port}" if port not in (None, 443) else "")
    kept = urlencode([(name, value) for name, value in query if not name.lower().startswith("utm_")])
    return Alternate(kind=found, url=urlunsplit(("https", netloc, parts.path, kept, parts.fragment)), label=label)


def _said(said: str, found: PathwayKind) -> PathwayKind:
    """Return the kind: what the link says, unless a person says a kind that runs anywhere."""
    if said in ("", "link") or said == found:
        return found
    if said in _ANYWHERE and found in ("link", *_ANYWHERE):
        return "jitsi" if said == "jitsi" else "bbb"
    raise BadAlternate("other_service", "This link does not lead to the service you chose.")
