"""Staggered starts in the timetable's own rows, so that register, cards and tickets know one and the same bell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db.models import F

from schoolday.contracts.plan import SchoolPlan
from schoolday.office.pathways.detours.dressing import Times, times_in
from schoolday.office.timetable.models import Meeting

_IDS_AT_ONCE = 1_000


def unshifted(meetings: Iterable[Meeting]) -> dict[str, tuple[int, int]]:
    """Return start and end of each meeting by the bells alone, in seconds."""
    found = {}
    for one in meetings:
        shift = 60 * one.shifted_minutes
        found[one.id] = int(one.starts_at.timestamp()) - shift, int(one.ends_at.timestamp()) - shift
    return found


def keep_shifts(plans: Iterable[SchoolPlan], times: Times, *, kept_minutes: Mapping[str, int]) -> int:
    """
    Let the meetings' rows say what the plans say; return how many changed. No query where nothing is staggered.

    `kept_minutes`: by how much each row is shifted now, where it is.
    """
    changes: dict[tuple[int, int], list[str]] = defaultdict(list)
    for plan in plans:
        for meeting_id, (starts_at, _ends_at) in times_in(plan).items():
            if meeting_id in times:
                before, after = kept_minutes.get(meeting_id, 0), (starts_at - times[meeting_id][0]) // 60
                if before != after:
                    changes[before, after].append(meeting_id)
    for (before, after), ids in changes.items():
        by = timedelta(minutes=after - before)
        for start in range(0, len(ids), _IDS_AT_ONCE):
            # Of two that write at once only one finds the shift that it saw: it never counts twice.
            rows = Meeting.objects.filter(id__in=ids[start : start + _IDS_AT_ONCE], shifted_minutes=before)
            rows.update(starts_at=F("starts_at") + by, ends_at=F("ends_at") + by, shifted_minutes=after)
    return sum(len(ids) for ids in changes.values())
