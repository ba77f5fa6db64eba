"""What providers tell later: a message arrived, or could not."""

from datetime import timedelta
from typing import Literal

import structlog
from django.db import transaction

from schoolday.lib import clock
from schoolday.office.notices.bad_addresses import mail_key, mark_bad
from schoolday.office.notices.models import BadAddress, Delivery, Notice

log = structlog.get_logger(__name__)

State = Delivery.State
_DELIVERED = frozenset({"delivered", "read", "completed"})
_NOT = frozenset({"undelivered", "failed", "canceled"})
_NOT_NOW = frozenset({"busy", "no-answer"})  # of calls: called again later, a few times
_OPEN = (State.SENDING, State.SENT, State.UNKNOWN)
MailEvent = Literal["delivered", "bounced", "rejected", "failed", "complained"]
_BOUNCES_FOR = timedelta(days=7)  # mail servers give up after 4 to 5 days (RFC 5321 4.5.4.1); then some
# Reasons (django-anymail's) that are ours or the hour's, not the address's.
_NOT_ITS_FAULT = frozenset({"timed_out", "blocked", "spam"})


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


@transaction.atomic
def take_mail_event(recipient: str, event: MailEvent, *, message_id: str = "", reason: str = "") -> bool:
    """
    Write down what a mail service tells of a mail: its row, and the address when mail to it comes back.

    Says whether a row changed. Asked twice, done once; a bounce after "delivered" counts, the other way round not.
    A complaint leaves the row as it is (she got it), and her address gets no more mail. `reason`: django-anymail's.
    """
    if event == "complained" or (event in ("bounced", "rejected") and reason not in _NOT_ITS_FAULT):
        mark_bad(recipient, BadAddress.Reason(event))
    row = None if event == "complained" else _row_of_mail(recipient, message_id)
    if row is None:
        return False
    open_states = _OPEN if event == "delivered" else (*_OPEN, State.DELIVERED)
    if row.state not in open_states:
        return False
    now = clock.now()
    if event == "delivered":
        row.state, row.reason, row.delivered_at = State.DELIVERED, "", now
        row.sent_at = row.sent_at or now
    else:
        row.state = State.FAILED if event == "failed" else State.UNDELIVERABLE
        row.reason, row.delivered_at = event, None
        log.info("mail came back", delivery=row.pk, notice=row.notice_id, what=event, reason=reason)
    row.provider_id = row.provider_id or message_id[:80]
    row.save(update_fields=["state", "reason", "delivered_at", "sent_at", "provider_id"])
    return True


def _row_of_mail(recipient: str, message_id: str) -> Delivery | None:
    """
    Return the row of a mail to an address, of the notices of the last days. Two queries.

    The service's id tells which; where the event was faster than the answer that brings the id, the newest without one.
    """
    recent = Notice.objects.filter(sent_at__gt=clock.now() - _BOUNCES_FOR).order_by("-sent_at")
    rows = Delivery.objects.select_for_update(of=("self",)).filter(
        notice__in=list(recent.values_list("id", flat=True)), channel="mail", address_key=mail_key(recipient) or "-"
    )
    found = sorted(rows, key=lambda row: row.pk, reverse=True)
    named = [row for row in found if message_id and row.provider_id == message_id[:80]]
    unnamed = [row for row in found if not (message_id and row.provider_id)]
    return next(iter(named or unnamed), None)
