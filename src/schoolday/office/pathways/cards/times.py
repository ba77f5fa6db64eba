"""Days and times as families read them, in three languages; no locale of the machine has a say in it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from schoolday.contracts.plan import Texts

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "ht": ("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"),
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "ht": (
        *("janvye", "fevriye", "mas", "avril", "me", "jen"),
        *("jiyè", "out", "septanm", "oktòb", "novanm", "desanm"),
    ),
}


def day(on: date) -> Texts:
    """Return `Monday, September 14` in each language."""
    named = {language: (_DAYS[language][on.weekday()], _MONTHS[language][on.month - 1]) for language in _DAYS}
    return Texts(
        en=f"{named['en'][0]}, {named['en'][1]} {on.day}",
        es=f"{named['es'][0]} {on.day} de {named['es'][1]}",
        ht=f"{named['ht'][0]} {on.day} {named['ht'][1]}",
    )


def clock_time(at_seconds: int, zone: ZoneInfo) -> str:
    """Return `8:30 AM`: how a time is written in all three languages of an American school."""
    local = in_zone(at_seconds, zone)
    return f"{local.hour % 12 or 12}:{local.minute:02} {'AM' if local.hour < 12 else 'PM'}"


def moment(at_seconds: int, zone: ZoneInfo) -> Texts:
    """Return day and time, with the name of the zone."""
    local = in_zone(at_seconds, zone)
    on, time = day(local.date()), f"{clock_time(at_seconds, zone)} {local.tzname()}"
    return Texts(en=f"{on.en}, {time}", es=f"{on.es}, {time}", ht=f"{on.ht}, {time}")


def soon(at_seconds: int, zone: ZoneInfo, *, written_at: int) -> Texts:
    """Return the time alone when it is on the day of writing, else as `moment`: short is read in a glance."""
    if in_zone(at_seconds, zone).date() != in_zone(written_at, zone).date():
        return moment(at_seconds, zone)
    time = f"{clock_time(at_seconds, zone)} {in_zone(at_seconds, zone).tzname()}"
    return Texts(en=time, es=time, ht=time)


def in_zone(at_seconds: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_seconds, UTC).astimezone(zone)
