"""What people type about incidents and amnesties, read into scopes, times and texts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict

from schoolday.lib import clock
from schoolday.office.attendance.scope import BANDS, Scope
from schoolday.office.incidents.actions import LANGUAGES, BadIncident

_LIST_AT_MOST = 2_000
NEXT_MINUTES = (15, 30, 60)  # until the next word; our judgement


def read_scope(posted: QueryDict) -> Scope:
    """Return the scope of the form; `check_scope` checks it."""

    def some(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in posted.getlist(name)[:_LIST_AT_MOST] if value))

    bands = tuple(band for band in BANDS if band in posted.getlist("band"))
    return Scope(regions=some("region"), schools=some("school"), bands=bands, sections=some("section"))


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """
    Return the moment of `2026-09-01T07:58`, as typed on the wall of `zone`; None for nothing.

    :raises BadIncident: for anything else
    """
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadIncident from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def read_next(posted: QueryDict) -> datetime | None:
    """Return when the next word is due: minutes from now, or None when that is not said."""
    chosen = posted.get("next", "")
    return clock.now() + timedelta(minutes=int(chosen)) if chosen in map(str, NEXT_MINUTES) else None


def read_texts(posted: QueryDict, prefix: str) -> Mapping[str, str]:
    """Return one text per language."""
    return {language: posted.get(f"{prefix}_{language}", "") for language in LANGUAGES}


def typed(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment as its field shows it."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
