"""Declaring, writing into, closing and opening incidents again. One verb, one transaction, one audit row."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, get_args

from django.db import transaction
from django.utils.translation import gettext_noop

from schoolday.contracts.probes import Layer
from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.attendance.amnesty_actions import end_amnesty
from schoolday.office.attendance.models import Amnesty
from schoolday.office.attendance.scope import Scope, check_scope, schools_of
from schoolday.office.incidents.models import Incident, TimelineEntry
from schoolday.office.people import audit
from schoolday.office.people.models import Person

LANGUAGES = ("en", "es", "ht")
TITLE_AT_MOST_LETTERS = 120
ENTRY_AT_MOST_LETTERS = 1_000
PUBLIC_AT_MOST_LETTERS = 300
REVIEW_AT_MOST_LETTERS = 4_000
REVIEW_PARTS = ("happened", "change", "who")
_LAYERS: Final[Mapping[str, Layer]] = {layer: layer for layer in get_args(Layer)}
EARLIEST = timedelta(days=7)  # what began longer ago is another incident; our judgement


class BadIncident(SchooldayError):
    """What was typed is not whole."""

    code = "bad_incident"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("Say which part is broken, and since when: in the last seven days, not in the future.")


class LanguageMissing(BadIncident):
    """A public text lacks a language, or is too long."""

    text = gettext_noop(
        "Write the public text in English, Spanish and Haitian Creole, or in none; 300 letters at most."
    )


class EntryMissing(BadIncident):
    """An entry without words, or with too many."""

    text = gettext_noop("Write what was seen, decided or told: 1,000 letters at most.")


class ReviewMissing(BadIncident):
    """A close without a whole review."""

    text = gettext_noop("Write what happened, what we change and who does it. Then it can be closed.")


class ClosedMeanwhile(SchooldayError):
    """The incident is closed; open it again first."""

    code = "incident_closed"
    status = HTTPStatus.CONFLICT
    text = gettext_noop("This incident is closed. Open it again first.")


@transaction.atomic
def declare(
    actor: Person | None,
    *,
    layer: str,
    title: str,
    scope: Scope,
    severity: str = Incident.Severity.MAJOR,
    started_at: datetime | None = None,
    next_update_at: datetime | None = None,
) -> Incident:
    """
    Declare an incident.

    :raises BadIncident, BadScope: if it is not whole
    """
    now = clock.now()
    started_at = started_at or now
    check_facts(layer=layer, title=title, severity=severity)
    if not now - EARLIEST <= started_at <= now + timedelta(minutes=1):
        raise BadIncident
    check_scope(scope)
    incident = Incident.objects.create(
        title=tidy(title),
        layer=_LAYERS[layer],
        severity=severity,
        scope=scope.as_dict(),
        started_at=started_at,
        declared_at=now,
        declared_by=actor.id if actor else "",
        next_update_at=next_update_at,
    )
    incident.schools.set(schools_of(scope))
    audit.record(actor, "incident.declare", "incident", incident.id, layer=layer, severity=severity)
    return incident


@transaction.atomic
def write(
    actor: Person | None, incident_id: str, *, kind: str, text: str, next_update_at: datetime | None = None
) -> TimelineEntry:
    """
    Add one entry to the timeline of an open incident; with `next_update_at` the clock is set anew.

    :raises EntryMissing: without words; ClosedMeanwhile: if the incident is closed
    """
    text = "\n".join(tidy(line) for line in text.strip().splitlines())
    if kind not in TimelineEntry.Kind or not text or len(text) > ENTRY_AT_MOST_LETTERS:
        raise EntryMissing
    incident = open_one(incident_id)
    entry = TimelineEntry.objects.create(
        incident=incident, at=clock.now(), author_id=actor.id if actor else "", kind=kind, text=text
    )
    if next_update_at is not None:
        incident.next_update_at = next_update_at
        incident.save(update_fields=["next_update_at"])
    audit.record(actor, "incident.entry", "incident", incident.id, entry=entry.pk, kind=kind)
    return entry


@transaction.atomic
def set_public(actor: Person | None, incident_id: str, texts: Mapping[str, str]) -> Incident:
    """
    Write what everybody may read of it, in three languages, or take it away with three empty ones.

    :raises LanguageMissing: for one or two of three; ClosedMeanwhile
    """
    texts_tidy = {language: tidy(texts.get(language, "")) for language in LANGUAGES}
    given = [text for text in texts_tidy.values() if text]
    if len(given) not in (0, len(LANGUAGES)) or any(len(text) > PUBLIC_AT_MOST_LETTERS for text in given):
        raise LanguageMissing
    incident = open_one(incident_id)
    incident.public = texts_tidy if given else {}
    incident.save(update_fields=["public"])
    audit.record(actor, "incident.public", "incident", incident.id, is_given=bool(given))
    return incident


@transaction.atomic
def close(actor: Person | None, incident_id: str, review: Mapping[str, str]) -> Incident:
    """
    Close an incident with its review; amnesties of it that have no end yet end now.

    :raises ReviewMissing: unless all three parts are there; ClosedMeanwhile
    """
    parts = {part: review.get(part, "").strip() for part in REVIEW_PARTS}
    if not all(0 < len(text) <= REVIEW_AT_MOST_LETTERS for text in parts.values()):
        raise ReviewMissing
    incident = open_one(incident_id)
    incident.review, incident.closed_at, incident.next_update_at = parts, clock.now(), None
    incident.save(update_fields=["review", "closed_at", "next_update_at"])
    for amnesty in Amnesty.objects.filter(incident_id=incident.id, until_at=None, undone_at=None):
        end_amnesty(actor, amnesty.id)
    audit.record(actor, "incident.close", "incident", incident.id)
    return incident


@transaction.atomic
def reopen(actor: Person | None, incident_id: str) -> Incident:
    """Open a closed incident again; its review is kept, to be written on. An open one stays as it is."""
    incident = Incident.objects.select_for_update().get(id=incident_id)
    if incident.closed_at is not None:
        incident.closed_at = None
        incident.save(update_fields=["closed_at"])
        audit.record(actor, "incident.reopen", "incident", incident.id)
    return incident


def open_one(incident_id: str) -> Incident:
    """
    Return an incident, locked until the transaction ends.

    :raises ClosedMeanwhile: if it is closed
    """
    incident = Incident.objects.select_for_update().get(id=incident_id)
    if incident.closed_at is not None:
        raise ClosedMeanwhile
    return incident


def check_facts(*, layer: str, title: str, severity: str) -> None:
    if layer not in _LAYERS or severity not in Incident.Severity:
        raise BadIncident
    if not 0 < len(tidy(title)) <= TITLE_AT_MOST_LETTERS:
        raise BadIncident


def tidy(text: str) -> str:
    """Return a line of text with single spaces."""
    return " ".join(text.split())
