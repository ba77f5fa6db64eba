"""Atom (RFC 4287): one feed per page and language. The same notices give the same bytes."""

from datetime import datetime
from xml.etree import ElementTree as ET

from django.conf import settings

from schoolday.office.notices.channels.feeds.book import Page
from schoolday.office.notices.public import public_words

_ATOM = "http://www.w3.org/2005/Atom"
_TITLES = {"en": "Notices: {name}", "es": "Avisos: {name}", "ht": "Avi: {name}"}


def atom(page: Page, language: str) -> bytes:
    """Return one feed. `updated` is the newest notice's time, so that nothing changes when nothing changed."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    base = f"{settings.SCHOOLDAY.plan_hosts[0]}/feeds"
    name = file_name(page.name, language)
    _text(feed, "id", f"tag:{_authority()},2026:notices:{page.name}:{language}")
    _text(feed, "title", _TITLES[language].format(name=page.title))
    _text(feed, "updated", _time(max((one.sent_at for one in page.notices if one.sent_at), default=None)))
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": f"{base}/{name}"})
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _text(author, "name", settings.SCHOOLDAY["PORTAL_NAME"])
    for notice in page.notices:
        words = public_words(notice, language=language, zone=page.zone)
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "id", f"tag:{_authority()},2026:notice:{notice.id}:{language}")
        _text(entry, "title", words.title)
        _text(entry, "updated", _time(notice.sent_at))
        _text(entry, "content", words.text).set("type", "text")
        ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": notice.level})
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": words.link})
        cap = {"rel": "related", "type": "application/cap+xml", "href": f"{base}/{notice.id}.cap.xml"}
        ET.SubElement(entry, f"{{{_ATOM}}}link", cap)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def file_name(name: str, language: str) -> str:
    """Return the file of one feed: English has the plain name."""
    return f"{name}.atom" if language == "en" else f"{name}.{language}.atom"


def _authority() -> str:
    return f"{settings.SCHOOLDAY['DISTRICT']}.schoolday"


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else "2026-01-01T00:00:00Z"


def _text(parent: ET.Element, tag: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{tag}")
    element.text = text
    return element
