"""What people type in the three steps of a new notice, read into an audience, words and channels."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import QueryDict

from schoolday.office.notices.audience import BANDS, WHO, Audience
from schoolday.office.notices.choosing import CHANNELS
from schoolday.office.notices.models import Level, Notice
from schoolday.office.notices.saying import LANGUAGES
from schoolday.office.notices.texts import DATES, INSTANTS, MissingFact, situations

_LIST_AT_MOST = 2_000


@dataclass(frozen=True)
class Written:
    """What step two says."""

    sentences: list[str]
    facts: dict[str, str]
    free: dict[str, str]
    level: Level
    channels: list[str]


def read_audience(posted: QueryDict) -> Audience:
    """Return the audience of step one; words that are none of ours are dropped; `check_audience` checks the rest."""

    def some(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in posted.getlist(name)[:_LIST_AT_MOST] if value))

    who = set(posted.getlist("who"))
    return Audience(
        regions=some("region"),
        schools=some("school"),
        bands=tuple(band for band in BANDS if band in posted.getlist("band")),
        sections=some("section"),
        **{one: one in who for one in WHO},
    )


def read_words(posted: QueryDict, *, zone: ZoneInfo) -> Written:
    """
    Return the words of step two. Times are typed on the wall of `zone`.

    :raises MissingFact: for a time that is none
    """
    chosen = set(posted.getlist("sentence"))
    sentences = [one for one in situations() if one in chosen]
    facts = {}
    for name in {name for one in sentences for name in situations()[one].facts}:
        value = posted.get(f"fact_{name}", "").strip()
        facts[name] = _instant(value, zone) if name in INSTANTS else value
    free = {}
    for language in LANGUAGES:
        for name in (language, f"title_{language}"):
            if text := posted.get(f"free_{name}", "").replace("\r\n", "\n").strip():
                free[name] = text
    level: Level = "info"
    if posted.get("level") == "warning":
        level = "warning"
    elif posted.get("level") == "emergency":
        level = "emergency"
    channels = [channel for channel in CHANNELS if channel in posted.getlist("channel")]
    return Written(sentences, facts, free, level, channels)


def typed_fact(notice: Notice, name: str, zone: ZoneInfo) -> str:
    """Return a fact as its field shows it again."""
    value = str(notice.facts.get(name, ""))
    if name in INSTANTS and value:
        return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return value


def fact_kind(name: str) -> str:
    """Return the kind of a fact's field: an HTML input type, or `pathway`."""
    if name in INSTANTS:
        return "datetime-local"
    if name in DATES:
        return "date"
    return "url" if name == "link" else "pathway"


def _instant(typed: str, zone: ZoneInfo) -> str:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError as error:
        raise MissingFact from error
    return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat()
