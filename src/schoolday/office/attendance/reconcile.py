"""
The nightly reconcile: what the doors still have, compared with the office's evidence, event by event.

The drain trusts its cursor. This trusts nothing: it reads every spool again from its start, up to where the drain says
it has come, so that a restored backup, a bug or a lost row comes to light, and mends it. What lies behind the cursor is
the drain's.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog
from django.db import transaction
from django.utils import timezone

from schoolday.contracts.evidence import Evidence
from schoolday.lib import clock
from schoolday.office.attendance.clean import Refusal, read_events
from schoolday.office.attendance.drain import keep_refused, take_events
from schoolday.office.attendance.models import DoorCursor, EvidenceEvent
from schoolday.office.attendance.spools import DoorClient, RawPage, SpoolTrouble
from schoolday.office.people import audit
from schoolday.office.people.models import AuditEntry

log = structlog.get_logger(__name__)
Gist = tuple[str, str, str]  # kind, person, meeting
VERB = "register.reconcile"
EVENING_HOUR, MORNING_HOUR = 18, 6
DAYS = 3  # a night that failed, and the next that failed too, lose nothing
_A_SPOOL_IS_WRITTEN = timedelta(days=1)  # at most; a door begins a new one then


class Nightly:
    """
    The worker's job for one door: once a night, after 18:00 or before 6:00 of the district, so never at the bell.

    What was done stands in the audit, so a worker that starts again does not do it again.
    """

    def __init__(self, client: DoorClient) -> None:
        self._client = client

    def __call__(self) -> dict[str, int] | None:
        now = timezone.localtime(clock.now())
        if EVENING_HOUR > now.hour >= MORNING_HOUR:
            return None
        noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
        last_noon = noon if now.hour >= 12 else noon - timedelta(days=1)
        if AuditEntry.objects.filter(verb=VERB, subject_id=self._client.door, at__gte=last_noon).exists():
            return None
        return asdict(reconcile_door(self._client))


@dataclass
class Reconciled:
    """
    What was found at one door.

    `missing`: events that should have been here and were not; `brought`: those of them that are here now; `refused`:
    events that the office can never take; `different`: the same id with another kind, person or meeting;
    `short`: spools that have less than was drained from them; `damaged`: files the door has set aside, ever.
    """

    spools: int = 0
    checked: int = 0
    missing: int = 0
    brought: int = 0
    refused: int = 0
    different: int = 0
    short: int = 0
    damaged: int = 0

    @property
    def alarming(self) -> bool:
        return bool(self.missing or self.different or self.short or self.damaged)


def reconcile_door(client: DoorClient, *, days: int = DAYS) -> Reconciled:
    """
    Compare all spools of a door that were begun in the last `days`, bring what is missing, and put it in the audit.

    Idempotent. Two queries per 1,000 events where nothing is missing; 100,000 events in about 10 s on SQLite.

    :raises DoorTrouble: if the door does not answer as one of ours; what was brought before stays
    """
    since = clock.now() - timedelta(days=days) - _A_SPOOL_IS_WRITTEN
    there = client.spools()
    found = Reconciled(damaged=there.damaged)
    cursors = dict(DoorCursor.objects.filter(door=client.door).values_list("spool", "last"))
    for spool in there.spools:
        begun = _begun_ms(spool)
        if spool in cursors and (not begun or begun >= since.timestamp() * 1000):
            found.spools += 1
            _reconcile_spool(client, spool, upto=cursors[spool], found=found)
    audit.record(None, VERB, "door", client.door, **asdict(found))
    if found.alarming:
        log.error("evidence and spools differ", door=client.door, **asdict(found))
    return found


def _reconcile_spool(client: DoorClient, spool: str, *, upto: int, found: Reconciled) -> None:
    after = 0
    while after < upto:
        try:
            page = client.page(spool, after=after, limit=upto - after)
        except SpoolTrouble as error:
            log.warning("spool not reconciled", door=client.door, spool=spool, reason=error.text)
            return
        if not page.events:
            found.short += 1
            return
        _reconcile_page(page, found)
        after = page.last


@transaction.atomic
def _reconcile_page(page: RawPage, found: Reconciled) -> None:
    events, refused = read_events(page.events)
    by_id = {event.id: event for event in events}
    known = _known(list(by_id))
    missing = {id_: event for id_, event in by_id.items() if id_ not in known}
    found.checked += len(page.events)
    found.different += sum(known[id_] != _gist(event) for id_, event in by_id.items() if id_ in known)
    if missing:
        taken = take_events(list(missing.values()), source=f"door:{page.door}")
        refused += [Refusal(id_, reason, msgspec.json.encode(by_id[id_])) for id_, reason in taken.refused.items()]
        found.missing += len(missing) - len(taken.refused)
        found.brought += taken.new
    keep_refused(page.door, refused)
    found.refused += len(refused)


def _known(wanted: list[str]) -> dict[str, Gist]:
    rows = EvidenceEvent.objects.filter(id__in=[UUID(id_) for id_ in wanted if _is_uuid(id_)])
    return {
        str(id_): (kind, person, meeting)
        for id_, kind, person, meeting in rows.values_list("id", "kind", "person_id", "meeting_id")
    }


def _gist(event: Evidence) -> Gist:
    """What must be alike wherever an event came in; times and source are each receiver's own."""
    return event.kind, event.sub, event.meeting


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _begun_ms(spool: str) -> int:
    """Return when a spool was begun, 0 if its id does not say: a UUIDv7 begins with its ms."""
    digits = spool.replace("-", "")[:12]
    try:
        return int(digits, 16)
    except ValueError:
        return 0
