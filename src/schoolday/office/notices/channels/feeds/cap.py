"""CAP 1.2 (OASIS, July 2010): one alert per notice, an <info> per language, Update and Cancel with references."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from django.conf import settings

from schoolday.office.notices.models import Notice
from schoolday.office.notices.public import public_words, shown_until

_CAP = "urn:oasis:names:tc:emergency:cap:1.2"
_LANGUAGES = {"en": "en-US", "es": "es-US", "ht": "ht"}
_TYPES = {"alert": "Alert", "update": "Update", "cancel": "Cancel"}
_AREAS_AT_MOST = 20
# urgency, severity: a late start is no danger to anybody.
_DEGREES = {"info": ("Future", "Minor"), "warning": ("Expected", "Minor"), "emergency": ("Immediate", "Severe")}


def cap(notice: Notice, *, areas: Sequence[str], zone: ZoneInfo) -> bytes:
    """Return the alert; the same bytes whenever it is asked for."""
    ET.register_namespace("", _CAP)
    alert = ET.Element(f"{{{_CAP}}}alert")
    _add(alert, "identifier", identifier(notice))
    _add(alert, "sender", _sender())
    _add(alert, "sent", _time(notice.sent_at or notice.made_at, zone))
    _add(alert, "status", "Exercise" if "drill" in notice.sentences else "Actual")
    _add(alert, "msgType", _TYPES[notice.meaning])
    _add(alert, "scope", "Public")
    if notice.meaning != "alert":
        _add(alert, "references", " ".join(_references(notice, zone)))
    for language in _LANGUAGES:
        _info(alert, notice, language, areas=areas, zone=zone)
    return bytes(ET.tostring(alert, encoding="utf-8", xml_declaration=True))


def identifier(notice: Notice) -> str:
    """Return the alert's name: no spaces, commas, < or & (section 3.2.1)."""
    return f"schoolday.{settings.SCHOOLDAY['DISTRICT']}.{notice.id}"


def _info(alert: ET.Element, notice: Notice, language: str, *, areas: Sequence[str], zone: ZoneInfo) -> None:
    words = public_words(notice, language=language, zone=zone)
    urgency, severity = _DEGREES[notice.level]
    over = notice.meaning == "cancel"
    info = ET.SubElement(alert, f"{{{_CAP}}}info")
    _add(info, "language", _LANGUAGES[language])
    _add(info, "category", "Safety" if notice.level == "emergency" else "Other")
    _add(info, "event", words.title)
    _add(info, "responseType", "AllClear" if over or "all_well" in notice.sentences else "Monitor")
    _add(info, "urgency", "Past" if over else urgency)
    _add(info, "severity", severity)
    _add(info, "certainty", "Observed")
    _add(info, "expires", _time(shown_until(notice), zone))
    _add(info, "senderName", settings.SCHOOLDAY["PORTAL_NAME"])
    _add(info, "headline", words.title)
    _add(info, "description", words.text)
    _add(info, "web", words.link)
    for name in areas if 0 < len(areas) <= _AREAS_AT_MOST else [settings.SCHOOLDAY["PORTAL_NAME"]]:
        area = ET.SubElement(info, f"{{{_CAP}}}area")
        _add(area, "areaDesc", name)


def _references(notice: Notice, zone: ZoneInfo) -> list[str]:
    """Return `sender,identifier,sent` of every earlier message, the newest first."""
    found: list[str] = []
    before = notice.follows
    while before is not None and len(found) < 50:
        found.append(f"{_sender()},{identifier(before)},{_time(before.sent_at or before.made_at, zone)}")
        before = before.follows
    return found


def _sender() -> str:
    public_url: str = settings.SCHOOLDAY["PUBLIC_URL"]
    return urlsplit(public_url).hostname or str(settings.SCHOOLDAY["DISTRICT"])


def _time(at: datetime, zone: ZoneInfo) -> str:
    """Return a time in CAP's form: with an offset, never Z, no fraction (section 3.3.2)."""
    text = at.astimezone(zone).replace(microsecond=0).isoformat()
    return text.replace("+00:00", "-00:00")


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_CAP}}}{tag}").text = text
