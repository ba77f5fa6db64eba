"""What providers tell later: a message arrived, or could not."""

from django.db import transaction

from schoolday.lib import clock
from schoolday.office.notices.models import Delivery

State = Delivery.State
_DELIVERED = frozenset({"delivered", "read", "completed"})
_NOT = frozenset({"undelivered", "failed", "canceled"})
_NOT_NOW = frozenset({"busy", "no-answer"})  # of calls: called again later, a few times
_OPEN = (State.SENDING, State.SENT, State.UNKNOWN)


@transaction.atomic
def take_receipt(delivery_id: int, *, status: str, provider_id: str, error: str) -> bool:
    """
    Write down what became of a message; say whether anything changed. Asked twice, done once.

    A receipt for a message that somebody else's id names (its row was sent again since) is not believed.
    """
    row = Delivery.objects.select_for_update().filter(id=delivery_id, channel__in=("sms", "voice")).first()
    if row is None or (row.provider_id and provider_id and row.provider_id != provider_id):
        return False
    if row.state not in _OPEN:
        return False
    now = clock.now()
    if status in _DELIVERED:
        row.state, row.reason, row.delivered_at = State.DELIVERED, "", now
        row.sent_at = row.sent_at or now
    elif status in _NOT:
        row.state, row.reason = State.UNDELIVERABLE, f"twilio_{error}"[:80] if error else status
    elif status in _NOT_NOW:
        row.state, row.reason = State.FAILED, status.replace("-", "_")
    else:
        return False
    row.provider_id = provider_id[:80]
    row.save(update_fields=["state", "reason", "delivered_at", "sent_at", "provider_id"])
    return True
