"""What differs between a detour and the one that takes its place, line by line, as people read it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from schoolday.lib import clock
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour
from schoolday.office.pathways.detours.reasons import reason_of
from schoolday.office.pathways.detours.words import Names, way_of


@dataclass(frozen=True)
class Difference:
    """One line: what it was, what it will be."""

    what: str
    before: str
    after: str


def what_differs(detour: Detour, new: NewDetour, *, zone: ZoneInfo) -> list[Difference]:
    """Return the lines that differ; empty where it would be the very same but for its beginning. Two queries."""
    names = Names.of([detour.scope, new.scope])
    language = get_language() or "en"
    begins = (_moment(detour.from_at, zone), _moment(new.from_at, zone))
    lines = [
        (gettext("Whom it is for"), *(" · ".join(names.say(one.scope)) for one in (detour, new))),
        (
            gettext("How these classes meet"),
            *(way_of(one.pathway, one.shift_minutes) for one in (detour, new)),
        ),
        (gettext("From"), *(begins if max(detour.from_at, new.from_at) > clock.now() else ("", ""))),
        (gettext("Until"), *(_end(one.until_at, zone) for one in (detour, new))),
        (gettext("Look at it again on"), *(_day(one.review_on) for one in (detour, new))),
        (
            gettext("Why, as families read it"),
            *(
                getattr(texts, language, texts.en)
                for texts in (detour.reason, reason_of(new.reason_key, new.own_words))
            ),
        ),
        (gettext("Emergency"), *(gettext("yes") if one.is_emergency else gettext("no") for one in (detour, new))),
    ]
    return [Difference(what, before, after) for what, before, after in lines if before != after]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _end(at: datetime | None, zone: ZoneInfo) -> str:
    return _moment(at, zone) if at else gettext("until further notice")


def _day(on: date) -> str:
    return on.isoformat()
