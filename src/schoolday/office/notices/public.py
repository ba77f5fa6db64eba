"""What the public may read of a notice: its words, said for whom they are when not for whole schools."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schoolday.office.notices.audience import Audience
from schoolday.office.notices.choosing import PUBLIC
from schoolday.office.notices.models import Notice
from schoolday.office.notices.texts import Words, words_of

SHOWN = timedelta(hours=12)  # a notice without an end is shown for the rest of the day
_GRADES = {"en": "Grades {bands}: ", "es": "Grados {bands}: ", "ht": "Klas {bands}: "}


def public_words(notice: Notice, *, language: str, zone: ZoneInfo) -> Words:
    """Return the words for a banner, a feed or a web hook, which everybody of a school reads."""
    words = words_of(notice, language=language, zone=zone)
    bands = Audience.from_dict(notice.audience).bands
    if not bands:
        return words
    start = _GRADES.get(language, _GRADES["en"]).format(bands=", ".join(bands))
    return replace(words, title=start + words.title, text=start + words.text)


def public_channels(audience: Audience) -> frozenset[str]:
    """Return the public channels that suit an audience: a notice for single classes is nobody else's to read."""
    return frozenset() if audience.sections else frozenset(PUBLIC)


def shown_until(notice: Notice) -> datetime:
    """Return until when a sent notice is shown: as was chosen, else to the latest time it speaks of, else 12 hours."""
    if notice.until_at:
        return notice.until_at
    start = notice.sent_at or notice.made_at
    told = [datetime.fromisoformat(notice.facts[name]) for name in ("until", "end_at") if notice.facts.get(name)]
    return max([start + SHOWN, *told])
