"""
Correcting an incident: what it is called, which part, how bad, whom it touches, since when.

Its amnesties follow where they were made of it: one with the incident's own scope gets the new scope, one that began
with it begins with it again; what an operator chose otherwise for an amnesty stays. Changing back undoes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.attendance.amnesties import Preview, preview
from schoolday.office.attendance.amnesty_actions import set_window
from schoolday.office.attendance.models import Amnesty
from schoolday.office.attendance.scope import Scope, check_scope, schools_of
from schoolday.office.incidents.actions import (
    EARLIEST,
    ENTRY_AT_MOST_LETTERS,
    BadIncident,
    check_facts,
    open_one,
    tidy,
)
from schoolday.office.incidents.models import Incident, TimelineEntry
from schoolday.office.people import audit
from schoolday.office.people.models import Person


class WhyMissing(BadIncident):
    """A change without a reason."""

    text = gettext_noop("Say in a sentence why it changes: the board reads it.")


class ChangedMeanwhile(SchooldayError):
    """Somebody else was faster; what she changed is not to be lost."""

    code = "incident_changed"
    status = HTTPStatus.CONFLICT
    text = gettext_noop(
        "Somebody has changed this incident meanwhile. Look at it as it stands now, then change it again."
    )


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What can be changed of an incident, as it shall be."""

    title: str
    layer: str
    severity: str
    scope: Scope
    started_at: datetime


@dataclass(frozen=True)
class Follower:
    """An amnesty that follows a change: from when it holds then, and what more it would touch."""

    amnesty: Amnesty
    scope: Scope
    from_at: datetime
    touched: Preview


def changed(incident: Incident, facts: Facts) -> dict[str, list[Any]]:
    """
    Return what differs, as `{field: [before, after]}`; empty: nothing. Times by the minute, as they are typed.

    :raises BadIncident, BadScope: if it is not whole
    """
    check_facts(layer=facts.layer, title=facts.title, severity=facts.severity)
    found: dict[str, list[Any]] = {}
    for field, before, after in (
        ("title", incident.title, tidy(facts.title)),
        ("layer", incident.layer, facts.layer),
        ("severity", incident.severity, facts.severity),
    ):
        if before != after:
            found[field] = [before, after]
    if not _are_same(incident.scope, facts.scope.as_dict()):
        check_scope(facts.scope)
        found["scope"] = [incident.scope, facts.scope.as_dict()]
    if incident.started_at.replace(second=0, microsecond=0) != facts.started_at.replace(second=0, microsecond=0):
        if not incident.declared_at - EARLIEST <= facts.started_at <= clock.now() + timedelta(minutes=1):
            raise BadIncident
        found["started_at"] = [incident.started_at.isoformat(), facts.started_at.isoformat()]
    return found


def followers(incident: Incident, changes: Mapping[str, Any]) -> list[Follower]:
    """Return the amnesties that follow these changes, with what each would touch. 3 queries for each, and one."""
    return [
        Follower(one, scope, from_at, preview(scope=scope, from_at=from_at, until_at=one.until_at))
        for one, scope, from_at in _following(incident, changes)
    ]


@transaction.atomic
def change(actor: Person | None, incident_id: str, facts: Facts, *, reason: str, stamp: str = "") -> Incident:
    """
    Change an open incident, let its amnesties follow, and write the reason into the timeline. Asked twice, done once.

    `stamp`: of the incident that the person looked at (`stamp_of`); empty: whatever it is now.

    :raises BadIncident, BadScope, BadAmnesty: if it is not whole, or an amnesty would end before it begins
    :raises ClosedMeanwhile, ChangedMeanwhile: if somebody closed or changed it
    """
    incident = open_one(incident_id)
    changes = changed(incident, facts)
    if not changes:
        return incident
    if stamp and stamp != stamp_of(incident):
        raise ChangedMeanwhile
    why = tidy(reason)
    if not 0 < len(why) <= ENTRY_AT_MOST_LETTERS:
        raise WhyMissing
    for one, scope, from_at in _following(incident, changes):
        set_window(actor, one.id, from_at=from_at, until_at=one.until_at, scope=scope)
    for field, (_before, after) in changes.items():
        setattr(incident, field, facts.started_at if field == "started_at" else after)
    incident.save(update_fields=list(changes))
    if "scope" in changes:
        incident.schools.set(schools_of(facts.scope))
    audit.record(actor, "incident.change", "incident", incident.id, changed=changes)
    TimelineEntry.objects.create(
        incident=incident,
        at=clock.now(),
        author_id=actor.id if actor else "",
        kind=TimelineEntry.Kind.CHANGED,
        text=why,
    )
    return incident


def stamp_of(incident: Incident) -> str:
    """Return what tells two states of an incident apart."""
    began = incident.started_at.astimezone(UTC).isoformat()
    facts = (incident.title, incident.layer, str(incident.severity), sorted(incident.scope.items()), began)
    return sha256(repr(facts).encode()).hexdigest()[:16]


def _are_same(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> bool:
    return {key: sorted(value) for key, value in one.items()} == {key: sorted(value) for key, value in other.items()}


def _following(incident: Incident, changes: Mapping[str, Any]) -> list[tuple[Amnesty, Scope, datetime]]:
    found = []
    for one in Amnesty.objects.filter(incident_id=incident.id, undone_at=None).order_by("made_at", "id"):
        scope, from_at = one.scope, one.from_at
        if "scope" in changes and _are_same(scope, incident.scope):
            scope = changes["scope"][1]
        # The form of an amnesty takes minutes, the incident's own start has seconds.
        if "started_at" in changes and abs(from_at - incident.started_at) < timedelta(minutes=1):
            from_at = datetime.fromisoformat(changes["started_at"][1])
        if (scope, from_at) != (one.scope, one.from_at):
            found.append((one, Scope.from_dict(scope), from_at))
    return found
