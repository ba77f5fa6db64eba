"""The library of sentences, facts in three languages, free text, and how long a text message is."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolday.lib import clock
from schoolday.office.notices.actions import level_of
from schoolday.office.notices.models import Notice
from schoolday.office.notices.saying import LANGUAGES, PATHWAYS, say_date, say_instant, say_pathway
from schoolday.office.notices.segments import segments
from schoolday.office.notices.texts import (
    DATES,
    INSTANTS,
    BadText,
    MissingFact,
    MissingLanguage,
    Situation,
    check_words,
    situations,
    words_of,
)

MIAMI = ZoneInfo("America/New_York")
ALL = list(situations().values())


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_every_sentence_has_the_same_blanks_in_every_language(one: Situation) -> None:
    for language in LANGUAGES:
        blanks = set(re.findall(r"\{(\w+)\}", one.text[language]))
        assert blanks - {"portal"} == set(one.facts), language
        assert "{" not in one.title[language]
        assert one.title[language].strip()
    assert len({one.text[language] for language in LANGUAGES}) == 3


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_every_sentence_can_be_said(one: Situation) -> None:
    facts = {name: value_of(name) for name in one.facts}
    check_words(sentences=[one.id], facts=facts, free={})
    notice = Notice(sentences=[one.id], facts=facts, made_at=clock.now())
    for language in LANGUAGES:
        words = words_of(notice, language=language, zone=MIAMI)
        assert "{" not in words.text
        assert ".." not in words.text
        assert segments(words.sms) <= 6


def value_of(name: str) -> str:
    if name in INSTANTS:
        return "2026-09-11T15:00:00-04:00"
    if name in DATES:
        return "2026-09-11"
    return "https://status.bay.example/now" if name == "link" else "zoom"


def test_days_and_times_as_people_say_them() -> None:
    at = datetime(2026, 9, 11, 19, 5, tzinfo=UTC)
    assert say_instant(at, "en", MIAMI) == "Friday, September 11, 3:05 p.m."
    assert say_instant(at, "es", MIAMI) == "viernes 11 de septiembre, 3:05 p. m."
    assert say_instant(at, "ht", MIAMI) == "vandredi 11 septanm, 3:05 PM"
    assert say_instant(datetime(2026, 9, 12, 4, 0, tzinfo=UTC), "en", MIAMI) == "Saturday, September 12, 12:00 a.m."
    assert say_date(date(2026, 8, 31), "ht") == "lendi 31 out"
    for kind in PATHWAYS:
        assert all(say_pathway(kind, language) for language in LANGUAGES)


def test_facts_that_are_missing_or_broken_are_refused() -> None:
    good = {"from_pathway": "live", "pathway": "zoom", "until": "2026-09-11T15:00:00-04:00"}
    check_words(sentences=["moved"], facts=good, free={})
    for name, value in (
        ("until", ""),
        ("until", "2026-09-11T15:00:00"),  # in which zone?
        ("until", "soon"),
        ("pathway", ""),
        ("pathway", "carrier pigeon"),
    ):
        with pytest.raises(MissingFact):
            check_words(sentences=["moved"], facts={**good, name: value}, free={})
    for link in ("", "javascript:alert(1)", "https://a b", 'https://a"onclick', "ftp://x"):
        with pytest.raises(MissingFact):
            check_words(sentences=["video_resting"], facts={"link": link}, free={})
    with pytest.raises(MissingFact):
        check_words(sentences=["review"], facts={"review_on": "2026-02-30"}, free={})


def test_free_text_goes_in_all_languages_or_not_at_all() -> None:
    whole = {"en": "Bring your badge.", "es": "Traiga su tarjeta.", "ht": "Pote kat ou."}
    check_words(sentences=[], facts={}, free=whole)
    for language in LANGUAGES:
        for part in ("", "  \n"):
            with pytest.raises(MissingLanguage):
                check_words(sentences=["all_well"], facts={}, free={**whole, language: part})
    with pytest.raises(MissingLanguage):
        check_words(sentences=[], facts={}, free={**whole, "title_en": "Badges"})
    with pytest.raises(MissingLanguage):
        check_words(sentences=[], facts={}, free={**whole, "fr": "Bonjour"})
    with pytest.raises(BadText):
        check_words(sentences=[], facts={}, free={})
    with pytest.raises(BadText):
        check_words(sentences=["no_such"], facts={}, free={})
    with pytest.raises(BadText):
        check_words(sentences=[], facts={}, free={**whole, "en": "x" * 1001})


def test_braces_in_free_text_and_facts_stay_braces() -> None:
    free = dict.fromkeys(LANGUAGES, "Read {portal} and {0} ... at 8:00 a.m..")
    notice = Notice(
        sentences=["video_resting"], facts={"link": "https://a.example/{x}"}, free=free, made_at=clock.now()
    )
    text = words_of(notice, language="en", zone=MIAMI).text
    assert "https://a.example/{x}" in text
    assert text.endswith("Read {portal} and {0} ... at 8:00 a.m..")


def test_an_unknown_language_is_english_and_the_most_urgent_sentence_counts() -> None:
    notice = Notice(sentences=["all_well"], made_at=clock.now())
    assert words_of(notice, language="fr", zone=MIAMI).title == "All is well again"
    assert level_of(["review", "moved"]) == "warning"
    assert level_of(["review", "stay_safe", "moved"]) == "emergency"
    assert level_of([]) == "info"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("è" * 160, 1), ("€" * 80, 1), ("€" * 81, 2),
        ("á" * 70, 1), ("á" * 71, 2), ("a" * 69 + "ó", 1), ("a" * 70 + "ó", 2), ("👍" * 35, 1), ("👍" * 36, 2), ("", 1),
    ],
)  # fmt: skip
def test_segments_of_text_messages(text: str, count: int) -> None:
    assert segments(text) == count


@given(st.text(max_size=400))
def test_more_text_never_costs_less(text: str) -> None:
    assert segments(text) <= segments(text + "a")
