"""The words of a notice: pre-translated sentences filled from facts, or free text in all three languages."""

import functools
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_noop

from schoolday.lib.errors import SchooldayError
from schoolday.office.notices.models import Level, Notice
from schoolday.office.notices.saying import LANGUAGES, PATHWAYS, Language, say_date, say_instant, say_pathway

INSTANTS = ("until", "starts_at", "begin_at", "end_at", "next_at")
DATES = ("review_on", "closed_on")
PATHWAY_FACTS = ("pathway", "from_pathway")
FREE_AT_MOST = 1_000  # letters; seven text messages, and nobody reads more
TITLE_AT_MOST = 80
_SENTENCES_AT_MOST = 6


class BadText(SchooldayError):
    """A notice's words are not complete."""

    code = "bad_text"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("This notice has no words yet. Choose a sentence, or write your own in all three languages.")


class MissingLanguage(BadText):
    """Free text lacks a language."""

    text = gettext_noop("Write your own words in English, Spanish and Haitian Creole: a language is missing.")


class MissingFact(BadText):
    """A sentence's blank has nothing to fill it."""

    text = gettext_noop("Something in the sentences is not filled in, or not in a form we can read.")


@dataclass(frozen=True)
class Situation:
    """One entry of situations.json: sentences with blanks, the same in each language."""

    id: str
    level: Level
    facts: tuple[str, ...]
    title: dict[Language, str]
    text: dict[Language, str]


@dataclass(frozen=True)
class Words:
    """A notice in one language and zone. `link`: where to read on."""

    title: str
    text: str
    link: str

    @property
    def sms(self) -> str:
        """The text for a phone; the link once, the title only when it is not said in the text."""
        return self.text if self.link in self.text else f"{self.text} {self.link}"


@functools.cache
def situations() -> dict[str, Situation]:
    """Return the library of situations by id, in its order."""
    rows: list[dict[str, Any]] = json.loads((Path(__file__).parent / "situations.json").read_text())
    return {row["id"]: Situation(**{**row, "facts": tuple(row["facts"])}) for row in rows}


def check_words(*, sentences: list[str], facts: dict[str, str], free: dict[str, str]) -> None:
    """
    Check that a notice says something, and all of it in every language.

    `facts`: instants and dates in ISO 8601 (instants with a zone), pathways by kind, a link that begins with https://
    or http://. `free`: {"en", "es", "ht"}, or {} for none; "title_en" and so on are optional, all or none.

    :raises BadText: or one of its kinds, saying what is missing
    """
    if not set(free) <= {*LANGUAGES, *(f"title_{language}" for language in LANGUAGES)}:
        raise MissingLanguage
    given = [language for language in LANGUAGES if free.get(language, "").strip()]
    if given and len(given) < len(LANGUAGES):
        raise MissingLanguage
    titles = [language for language in LANGUAGES if free.get(f"title_{language}", "").strip()]
    if titles and len(titles) < len(LANGUAGES):
        raise MissingLanguage
    if not sentences and not given:
        raise BadText
    if len(sentences) > _SENTENCES_AT_MOST or not set(sentences) <= set(situations()):
        raise BadText
    if any(len(free.get(x, "")) > FREE_AT_MOST or len(free.get(f"title_{x}", "")) > TITLE_AT_MOST for x in LANGUAGES):
        raise BadText(gettext_noop("Your own words are too long: 1,000 letters, and 80 for the title."))
    for sentence in sentences:
        for name in situations()[sentence].facts:
            _check_fact(name, facts.get(name, ""))


def words_of(notice: Notice, *, language: str, zone: ZoneInfo) -> Words:
    """Return a notice's words; a language we do not have becomes English. What was rendered once is kept."""
    known: Language = "es" if language == "es" else "ht" if language == "ht" else "en"
    if notice.state == Notice.State.DRAFT:
        return _render(notice, known, zone)
    return _rendered(_ById(notice), known, zone)


class _ById:
    """A sent notice as a key of the cache: it never changes, so its id says all."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice

    def __hash__(self) -> int:
        return hash(self.notice.id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.notice.id == self.notice.id


@functools.lru_cache(256)
def _rendered(key: _ById, language: Language, zone: ZoneInfo) -> Words:
    return _render(key.notice, language, zone)


def _render(notice: Notice, language: Language, zone: ZoneInfo) -> Words:
    portal = settings.SCHOOLDAY["PORTAL_NAME"]
    filled = {"portal": portal}
    chosen = [situations()[one] for one in notice.sentences]
    for name in {name for one in chosen for name in one.facts}:
        filled[name] = _say(name, notice.facts.get(name, ""), language, zone)
    parts = [_fill(one.text[language], filled) for one in chosen]
    if own := notice.free.get(language, "").strip():
        parts.append(own)
    title = notice.free.get(f"title_{language}", "").strip()
    if not title:
        title = chosen[0].title[language] if chosen else portal
    return Words(title=title, text=" ".join(parts), link=notice.facts.get("link") or settings.SCHOOLDAY["PUBLIC_URL"])


def _fill(sentence: str, filled: dict[str, str]) -> str:
    """Fill the blanks; a brace in a fact stays a brace."""
    text = re.sub(r"\{(\w+)\}", lambda found: filled[found[1]], sentence)
    return re.sub(r"([ap]\. ?m\.)\.", r"\1", text)  # "8:00 a.m." ends the sentence as well


def _check_fact(name: str, value: str) -> None:
    try:
        if name in INSTANTS and datetime.fromisoformat(value).tzinfo is None:
            raise MissingFact
        if name in DATES:
            date.fromisoformat(value)
        if name in PATHWAY_FACTS and value not in PATHWAYS:
            raise MissingFact
        if name == "link" and not re.fullmatch(r"https?://[^\s<>\"]{1,400}", value):
            raise MissingFact
    except ValueError as error:
        raise MissingFact from error


def _say(name: str, value: str, language: Language, zone: ZoneInfo) -> str:
    if name in INSTANTS:
        return say_instant(datetime.fromisoformat(value), language, zone)
    if name in DATES:
        return say_date(date.fromisoformat(value), language)
    return say_pathway(value, language) if name in PATHWAY_FACTS else value
