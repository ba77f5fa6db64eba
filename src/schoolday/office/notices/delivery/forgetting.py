"""
What is not kept: after NOTICE_ROWS_KEEP_DAYS who got which notice how becomes counts, after NOTICE_KEEP_DAYS the notice
goes with them. What was done, and by whom, stays in the audit.

In small batches, each one transaction, at night: a row is counted and deleted together, so killed anywhere no count
is wrong, and no writer waits longer than a batch takes (1,000 rows: some 20 ms).
"""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from schoolday.lib import clock
from schoolday.office.notices.models import BadAddress, Delivery, DeliveryTotal, Notice
from schoolday.settings_spec import Settings

log = structlog.get_logger(__name__)
EVENING_HOUR, MORNING_HOUR = 20, 6  # never while schools work; our judgement
ROWS_AT_ONCE = 1_000
ROUND_SECONDS = 0.5


class ForgetOld:
    """The worker's job: at night, half a second of batches a round, until nothing is old."""

    def __init__(self, settings: Settings) -> None:
        self._rows = timedelta(days=settings["NOTICE_ROWS_KEEP_DAYS"])
        self._notices = timedelta(days=settings["NOTICE_KEEP_DAYS"])
        self._done_on: date | None = None

    def __call__(self) -> Mapping[str, int] | None:
        now = timezone.localtime(clock.now())
        # A night has two dates; after midnight it is looked once more, which finds little.
        if EVENING_HOUR > now.hour >= MORNING_HOUR or self._done_on == now.date():
            return None
        counts: Counter[str] = Counter()
        until = time.monotonic() + ROUND_SECONDS
        while time.monotonic() < until:
            rows = fold_some(before=now - self._rows)
            counts["rows"] += rows
            if not rows:
                counts["notices"] = forget_notices(drafts_before=now - self._rows, before=now - self._notices)
                self._done_on = now.date()
                break
        found = {what: count for what, count in counts.items() if count}
        if found:
            log.info("old notices forgotten", **found)
        return found or None


@transaction.atomic
def fold_some(*, before: datetime, at_once: int = ROWS_AT_ONCE) -> int:
    """Turn some rows of the oldest notice sent before then into counts; return how many rows. 0: there are none."""
    rows = Delivery.objects.filter(notice=OuterRef("pk"))
    old = Notice.objects.filter(Exists(rows), sent_at__lt=before).order_by("sent_at", "id")
    notice = old.select_for_update(of=("self",)).first()
    if notice is None:
        return 0
    found = list(notice.deliveries.order_by("id")[:at_once])
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    firsts: dict[tuple[str, str, str, str, str], datetime] = {}
    for row in found:
        key = (row.school_id or "", row.channel, row.language, row.state, row.reason)
        counts[key] += 1
        if row.sent_at:
            firsts[key] = min(row.sent_at, firsts.get(key, row.sent_at))
    for key, count in counts.items():
        school_id, channel, language, state, reason = key
        total, _ = DeliveryTotal.objects.get_or_create(
            notice=notice, school_id=school_id, channel=channel, language=language, state=state, reason=reason
        )
        both = [at for at in (total.first_at, firsts.get(key)) if at]
        DeliveryTotal.objects.filter(pk=total.pk).update(count=F("count") + count, first_at=min(both, default=None))
    Delivery.objects.filter(id__in=[row.pk for row in found]).delete()
    if notice.folded_at is None:
        notice.folded_at = clock.now()
        notice.save(update_fields=["folded_at"])
    return len(found)


@transaction.atomic
def forget_notices(*, drafts_before: datetime, before: datetime) -> int:
    """
    Delete drafts nobody sent, notices of long ago that no later one follows, and addresses marked that long ago.

    Returns how many notices and drafts. Of a notice whose rows are still there nothing is deleted.
    """
    drafts = Notice.objects.filter(state=Notice.State.DRAFT, made_at__lt=drafts_before)
    gone = _delete(drafts)
    old = Notice.objects.filter(sent_at__lt=before, deliveries=None, followed_by=None)
    while some := _delete(old):
        gone += some  # the one it followed may be free now
    BadAddress.objects.filter(since__lt=before).delete()
    return gone


def _delete(notices: QuerySet[Notice]) -> int:
    ids = list(notices.order_by("id").values_list("id", flat=True)[:ROWS_AT_ONCE])
    Notice.objects.filter(id__in=ids).delete()
    return len(ids)
