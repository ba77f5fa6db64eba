"""Facts as people say them: dates, times and pathways in English, Spanish and Haitian Creole, in a school's zone."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["en", "es", "ht"]
LANGUAGES: tuple[Language, ...] = ("en", "es", "ht")

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "ht": ("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"),
}
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
    "ht": ("janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm"),
}  # fmt: skip
_HALVES = {"en": ("a.m.", "p.m."), "es": ("a. m.", "p. m."), "ht": ("AM", "PM")}
_PATHWAYS = {
    "live": {"en": "live video", "es": "video en vivo", "ht": "videyo an dirèk"},
    "zoom": {"en": "Zoom", "es": "Zoom", "ht": "Zoom"},
    "teams": {"en": "Microsoft Teams", "es": "Microsoft Teams", "ht": "Microsoft Teams"},
    "meet": {"en": "Google Meet", "es": "Google Meet", "ht": "Google Meet"},
    "jitsi": {"en": "Jitsi", "es": "Jitsi", "ht": "Jitsi"},
    "bbb": {"en": "BigBlueButton", "es": "BigBlueButton", "ht": "BigBlueButton"},
    "phone": {"en": "the phone", "es": "teléfono", "ht": "telefòn"},
    "link": {"en": "another site", "es": "otro sitio", "ht": "yon lòt sit"},
    "packet": {"en": "today's lesson packet", "es": "la lección de hoy", "ht": "leson jodi a"},
}
PATHWAYS = tuple(_PATHWAYS)


def say_pathway(kind: str, language: Language) -> str:
    """Return the pathway's name, in the middle of a sentence."""
    return _PATHWAYS[kind][language]


def say_date(on: date, language: Language) -> str:
    """Return `Friday, September 11`, `viernes 11 de septiembre`, `vandredi 11 septanm`."""
    day, month = _DAYS[language][on.weekday()], _MONTHS[language][on.month - 1]
    if language == "en":
        return f"{day}, {month} {on.day}"
    return f"{day} {on.day} de {month}" if language == "es" else f"{day} {on.day} {month}"


def say_instant(at: datetime, language: Language, zone: ZoneInfo) -> str:
    """Return a time with its date, on the wall of `zone`; midnight and noon are 12."""
    here = at.astimezone(zone)
    half = _HALVES[language][here.hour >= 12]
    time = f"{here.hour % 12 or 12}:{here.minute:02} {half}"

    return f"{say_date(here.date(), language)}, {time}"
