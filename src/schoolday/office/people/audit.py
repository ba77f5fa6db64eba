"""Writing the audit: one row per act, in the transaction of the act."""

from schoolday.lib import clock
from schoolday.office.people.models import AuditEntry, Person


def record(actor: Person | None, verb: str, subject_kind: str, subject_id: str, **detail: object) -> None:
    """Write who did what to what. `detail` holds ids and numbers, never names."""
    AuditEntry.objects.create(
        at=clock.now(),
        actor_id=actor.id if actor else "",
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail,
    )
