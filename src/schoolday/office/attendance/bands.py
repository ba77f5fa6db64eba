"""An amnesty as a band across a school's day: where on the day it lies, and which classes it touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from schoolday.office.attendance.amnesties import of_day
from schoolday.office.people.models import Org
from schoolday.office.timetable.models import Meeting


@dataclass(frozen=True)
class Band:
    """One amnesty on one day. `left` and `width` in percent of the day from its first bell to its last."""

    id: str
    from_at: datetime
    until_at: datetime | None
    reason: str
    classes: int
    all_classes: int
    left: int
    width: int


def bands_of(school: Org, meetings: Sequence[Meeting]) -> list[Band]:
    """Return the bands of a school's day, the first made first; meetings come with their section. One query."""
    if not meetings:
        return []
    first, last = min(one.starts_at for one in meetings), max(one.ends_at for one in meetings)
    day = (last - first).total_seconds() or 1
    language = (get_language() or "en")[:2]
    found = []
    for amnesty, touched in of_day(school, meetings):
        begins = max(first, amnesty.from_at)
        ends = min(last, amnesty.until_at or last)
        left = min(98, round(100 * (begins - first).total_seconds() / day))
        width = max(2, round(100 * (ends - begins).total_seconds() / day))
        found.append(
            Band(
                id=amnesty.id,
                from_at=begins,
                until_at=amnesty.until_at and ends,
                reason=amnesty.reason.get(language) or amnesty.reason["en"],
                classes=len(touched),
                all_classes=len(meetings),
                left=left,
                width=min(width, 100 - left),
            )
        )
    return found
