"""The timeline: what people wrote, and what the audit knows of the time of the incident, in one order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from schoolday.lib import clock
from schoolday.office.incidents.models import Incident
from schoolday.office.incidents.saying import change_words
from schoolday.office.incidents.words import ACT_WORDS
from schoolday.office.people.models import AuditEntry, Org, Person
from schoolday.office.timetable.zones import zone_of

AFTERMATH = timedelta(hours=1)  # a detour is undone and a last notice sent soon after the close; our judgement
ENTRIES_AT_MOST = 2_000
_OWN, _PLAN, _CHANGE = "incident.", "plan.publish", "incident.change"
_ORDER = {"incident.declare": -1, "incident.close": 1}


@dataclass(frozen=True)
class Line:
    """One line. `author` empty: a command or a job. `is_automatic`: the audit says so, nobody wrote it."""

    at: datetime
    kind: str
    text: str
    author: str
    is_automatic: bool
    more: str = ""
    order: int = 0  # within one millisecond: an incident begins before anything is written in it, and ends after


def timeline_of(incident: Incident, *, whole: bool = True) -> list[Line]:
    """
    Return the lines of an incident, the oldest first. 3 queries; 3 more when it was changed.

    `whole`: with what was done in the district meanwhile; else only with what names this incident.
    """
    entries = list(incident.entries.order_by("at", "id")[:ENTRIES_AT_MOST])
    acts = [act for act in _acts(incident) if whole or _names(act, incident)]
    wanted = {one.author_id for one in entries} | {act.actor_id for act in acts}
    names = {person.id: person.name for person in Person.objects.filter(id__in=wanted)}
    lines = [Line(one.at, one.kind, one.text, names.get(one.author_id, ""), is_automatic=False) for one in entries]
    changes = _changes(acts)
    lines += [_line(act, names, changes) for act in _without_repeats(acts)]
    return sorted(lines, key=lambda line: (line.at, line.order))


def district_zone() -> ZoneInfo:
    """Return the zone in which a district tells its times. One query."""
    district = Org.objects.filter(kind=Org.Kind.DISTRICT, is_active=True).order_by("id").first()
    return zone_of(district) if district else ZoneInfo(timezone.get_default_timezone_name())


def _acts(incident: Incident) -> list[AuditEntry]:
    until = incident.closed_at + AFTERMATH if incident.closed_at else clock.now()
    own = Q(subject_kind="incident", subject_id=incident.id)
    in_time = Q(at__gte=incident.started_at, at__lte=until) & ~Q(verb__startswith=_OWN)
    rows = AuditEntry.objects.filter(own | in_time, verb__in=list(ACT_WORDS)).order_by("at", "id")
    return [act for act in rows[:ENTRIES_AT_MOST] if act.detail.get("incident", "") in ("", incident.id)]


def _names(act: AuditEntry, incident: Incident) -> bool:
    return act.subject_id == incident.id or act.detail.get("incident") == incident.id


def _without_repeats(acts: Iterable[AuditEntry]) -> Iterable[AuditEntry]:
    """Drop all but the last of plans that follow one another: each act publishes one."""
    before: AuditEntry | None = None
    for act in acts:
        if before is not None and not before.verb == act.verb == _PLAN:
            yield before
        before = act
    if before is not None:
        yield before


def _changes(acts: Iterable[AuditEntry]) -> dict[int, str]:
    """Return what each change of the incident changed, in words, by the id of its audit row."""
    found = [act for act in acts if act.verb == _CHANGE]
    if not found:
        return {}
    words = change_words([act.detail.get("changed", {}) for act in found], district_zone())
    return {
        act.pk: "; ".join(f"{what}: {before} → {after}" for what, before, after in rows)
        for act, rows in zip(found, words, strict=True)
    }


def _line(act: AuditEntry, names: dict[str, str], changes: dict[int, str]) -> Line:
    kind, text = ACT_WORDS[act.verb]
    more = act.subject_id if act.verb == _PLAN else changes.get(act.pk, str(act.detail.get("pathway", "")))
    return Line(
        act.at,
        kind,
        str(text),
        names.get(act.actor_id, ""),
        is_automatic=True,
        more=more,
        order=_ORDER.get(act.verb, 0),
    )
