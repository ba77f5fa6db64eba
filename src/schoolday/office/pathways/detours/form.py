"""What people type on the one page of a new detour, read into a NewDetour."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext_noop

from schoolday.contracts.plan import DetourScope, PathwayChoice
from schoolday.lib import clock
from schoolday.office.pathways.detours.access import end_of_today, own_classes
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import AT_MOST_NAMED, BAND_NAMES, KINDS, BadDetour, NewDetour
from schoolday.office.pathways.detours.queries import next_bell
from schoolday.office.pathways.detours.reasons import LANGUAGES, REASONS
from schoolday.office.people.models import Org, Person
from schoolday.office.timetable.queries import school_days

REVIEW_SCHOOL_DAYS = 7


@dataclass(frozen=True)
class Asking:
    """Who asks: `schools` whose office is hers; without any she is a teacher with her own classes."""

    person: Person
    is_operator: bool
    schools: list[Org]

    @property
    def is_teacher(self) -> bool:
        return not (self.schools or self.is_operator)


def read_new(posted: QueryDict, asking: Asking, *, zone: ZoneInfo) -> NewDetour:
    """
    Return what was typed. Times are of the wall in `zone`; a time that was typed counts before a choice.

    :raises BadDetour: for what is no time, date, number or pathway, or a next bell that the timetable does not have
    """
    shifts = _shifts(posted)
    bands = tuple(band for band in BAND_NAMES if band in posted.getlist("band"))
    scope = DetourScope(
        regions=_some(posted, "region"),
        schools=_some(posted, "school") or (() if asking.is_operator else tuple(one.id for one in asking.schools)),
        bands=tuple(band for band in BAND_NAMES if band in shifts) if shifts else bands,
        sections=_some(posted, "section"),
    )
    from_at = _time(posted, "from_at", zone) or _bell(posted, scope) or clock.now()
    until_at = _time(posted, "until_at", zone)
    if until_at is None and posted.get("end") == "day":
        until_at = _end_of_day(from_at.astimezone(zone))
    if asking.is_teacher:
        until_at = _end_of_her_day(asking.person, scope)
    return NewDetour(
        scope=scope,
        pathway="" if shifts else _pathway(posted.get("pathway", "")),
        from_at=from_at,
        until_at=until_at,
        review_on=_date(posted.get("review_on", "")),
        reason_key=posted.get("reason", ""),
        own_words={one: posted.get(f"own_{one}", "") for one in LANGUAGES if posted.get(f"own_{one}", "").strip()},
        shift_minutes=shifts,
        is_emergency=asking.is_operator and posted.get("emergency") == "1",
        incident_id=posted.get("incident", "")[:12],
    )


def review_default(org: Org, on: date) -> date:
    """Return the seventh school day from a date on; nine days later where no school is left. Four queries."""
    days = school_days(org, on, REVIEW_SCHOOL_DAYS + 1)
    return days[REVIEW_SCHOOL_DAYS] if len(days) > REVIEW_SCHOOL_DAYS else on + timedelta(days=9)


def _end_of_her_day(person: Person, scope: DetourScope) -> datetime | None:
    ends = [end_of_today(one.school) for one in own_classes(person) if one.id in scope.sections]
    return min(ends, default=None)


def settled(posted: QueryDict, new: NewDetour, *, zone: ZoneInfo) -> QueryDict:
    """Return what was typed with its choices of a time settled: what the preview shows is what its button declares."""
    found = posted.copy()
    if posted.get("begin") == "bell" and not posted.get("from_at", "").strip():
        found["from_at"] = on_the_wall(new.from_at, zone)
    if posted.get("end") == "day" and new.until_at is not None:
        found["until_at"] = on_the_wall(new.until_at, zone)
    return found


def typed_of(detour: Detour, *, zone: ZoneInfo) -> QueryDict:
    """Return what somebody would have to type to get this very detour; one in force begins anew from now on."""
    found = QueryDict(mutable=True)
    for name, values in (
        ("region", detour.regions),
        ("school", detour.schools),
        ("band", [] if detour.shift_minutes else detour.bands),
        ("section", detour.sections),
    ):
        found.setlist(name, values)
    found["pathway"] = detour.pathway or "teacher"
    for band, minutes in detour.shift_minutes.items():
        found[f"shift_{band}"] = str(minutes)
    if detour.from_at > clock.now():
        found["from_at"] = on_the_wall(detour.from_at, zone)
    if detour.until_at is not None:
        found["until_at"] = on_the_wall(detour.until_at, zone)
    found["review_on"] = detour.review_on.isoformat()
    found["reason"] = detour.reason_key
    for language in LANGUAGES:
        sentence = getattr(REASONS[detour.reason_key], language) if detour.reason_key in REASONS else ""
        found[f"own_{language}"] = getattr(detour.reason, language).removeprefix(sentence).strip()
    if detour.is_emergency:
        found["emergency"] = "1"
    found["incident"] = detour.incident_id
    return found


def on_the_wall(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as a browser's field of date and time has it."""
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


def _bell(posted: QueryDict, scope: DetourScope) -> datetime | None:
    if posted.get("begin") != "bell":
        return None
    found = next_bell(scope, clock.now())
    if found is None:
        raise BadDetour(gettext_noop("The timetable has no next class of these. Type the time at which it begins."))
    return found


def _end_of_day(at: datetime) -> datetime:
    return datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)


def _some(posted: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in posted.getlist(name)[: AT_MOST_NAMED + 1] if value))


def _pathway(text: str) -> PathwayChoice:
    found: PathwayChoice = ""
    if text in ("", "teacher"):
        return found
    for kind in KINDS:
        if kind == text:
            return kind
    raise BadDetour(gettext_noop("Choose how the classes meet."))


def _shifts(posted: QueryDict) -> dict[str, int]:
    try:
        typed = {band: int(posted.get(f"shift_{band}", "").strip() or "0") for band in BAND_NAMES}
    except ValueError as error:
        raise BadDetour(gettext_noop("Minutes are a whole number.")) from error
    return {band: minutes for band, minutes in typed.items() if minutes}


def _time(posted: QueryDict, name: str, zone: ZoneInfo) -> datetime | None:
    typed = posted.get(name, "").strip()
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(typed)
    except ValueError as error:
        raise BadDetour(gettext_noop("A time is not in a form we can read.")) from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise BadDetour(gettext_noop("Say on which day it is looked at again.")) from error
