"""
Draining the doors' spools into the office: every event once, whatever is killed.

The cursor moves in the transaction that keeps the events. Killed before its commit, the page is asked for again;
two that drain one spool at once wait for each other at the cursor's row, and the later finds it moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import structlog
from django.db import DataError, transaction

from schoolday.contracts.evidence import Evidence
from schoolday.lib import clock
from schoolday.office.attendance.actions import Taken, take_evidence
from schoolday.office.attendance.clean import Refusal, read_events
from schoolday.office.attendance.models import DoorCursor, RefusedEvidence
from schoolday.office.attendance.spools import DoorClient, RawPage, SpoolTrouble

log = structlog.get_logger(__name__)
_BODY_AT_MOST_LETTERS = 4_000
_SEEN_EVERY_SECONDS = 30  # how often a drain that brings nothing is written down


@dataclass
class Drained:
    """What one round brought from one door."""

    new: int = 0
    known: int = 0
    refused: int = 0


def drain_door(client: DoorClient, *, pages_at_most: int | None = None) -> Drained:
    """
    Bring everything a door has into the office.

    One request per spool and per 1,000 events; `pages_at_most`: to come back for the rest later.

    :raises DoorTrouble: if the door does not answer as one of ours; what was brought before stays
    :raises SpoolTrouble: if it does not give one of its spools; the others were drained
    """
    drained = Drained()
    trouble: SpoolTrouble | None = None
    pages = 0
    for spool in client.spools().spools:
        after, seen_lately = _position(client.door, spool)
        while pages_at_most is None or pages < pages_at_most:
            try:
                page = client.page(spool, after=after)
            except SpoolTrouble as error:
                trouble = error
                break
            pages += 1
            if not page.events and seen_lately:
                break  # the usual case, every 2 s: nothing new, and nothing to write
            after = take_page(page, after=after, drained=drained)
            if not page.events:
                break
    if trouble:
        raise trouble
    return drained


@transaction.atomic
def take_page(page: RawPage, *, after: int, drained: Drained) -> int:
    """Keep one page and move the cursor, in one transaction; return where the spool now stands."""
    cursor, _ = DoorCursor.objects.get_or_create(door=page.door, spool=page.spool, defaults={"drained_at": clock.now()})
    cursor = DoorCursor.objects.select_for_update().get(pk=cursor.pk)
    if cursor.last != after:
        return cursor.last  # somebody else drained this page meanwhile
    if not page.events:
        DoorCursor.objects.filter(pk=cursor.pk).update(drained_at=clock.now())
        return after
    events, unread = read_events(page.events)
    taken = take_events(events, source=f"door:{page.door}")
    by_id = {event.id: event for event in events}
    refused = unread + [Refusal(id_, reason, msgspec.json.encode(by_id[id_])) for id_, reason in taken.refused.items()]
    keep_refused(page.door, refused)
    DoorCursor.objects.filter(pk=cursor.pk).update(last=page.last, drained_at=clock.now())
    drained.new += taken.new
    drained.known += len(taken.kept) - taken.new
    drained.refused += len(refused)
    return page.last


def take_events(events: Sequence[Evidence], *, source: str) -> Taken:
    """Take a page; when the database itself refuses it, one by one, so that one event never holds up a spool."""
    try:
        with transaction.atomic():
            return take_evidence(events, trusted_source=source)
    except (DataError, ValueError, OverflowError) as error:
        log.error("page taken one by one", source=source, error=type(error).__name__)
    taken = Taken()
    for event in events:
        try:
            with transaction.atomic():
                one = take_evidence([event], trusted_source=source)
        except (DataError, ValueError, OverflowError) as error:
            taken.refused[event.id] = f"the database does not take it: {type(error).__name__}"
        else:
            taken.kept += one.kept
            taken.refused |= one.refused
            taken.new += one.new
    return taken


def _position(door: str, spool: str) -> tuple[int, bool]:
    """Return up to where a spool is drained, and whether that it was looked at is written down already."""
    cursor = DoorCursor.objects.filter(door=door, spool=spool).first()
    if cursor is None:
        return 0, False
    return cursor.last, (clock.now() - cursor.drained_at).total_seconds() < _SEEN_EVERY_SECONDS


def keep_refused(door: str, refused: Sequence[Refusal]) -> None:
    """Keep what could not be taken, to look at, once for each door however often it comes."""
    if not refused:
        return
    # What they hold stands in the table only: nothing in it was checked.
    log.warning("evidence refused", door=door, events=len(refused))
    rows = {_shown(refusal.body): refusal.reason for refusal in refused}
    known = set(RefusedEvidence.objects.filter(door=door, body__in=list(rows)).values_list("body", flat=True))
    RefusedEvidence.objects.bulk_create(
        RefusedEvidence(door=door, reason=reason.replace("\0", "")[:200], body=body, at=clock.now())
        for body, reason in rows.items()
        if body not in known
    )


def _shown(body: bytes) -> str:
    return body.decode(errors="replace").replace("\0", "")[:_BODY_AT_MOST_LETTERS]
