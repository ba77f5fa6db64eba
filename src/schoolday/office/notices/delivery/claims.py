"""Rows of one channel: taken by one worker at a time, given back with what came of them."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from schoolday.lib import clock, ids
from schoolday.office.notices.channels.channel import Outcome
from schoolday.office.notices.models import Delivery

LEASE = timedelta(
    minutes=3
)  # longer than a round and the slowest answer; after it another home may ask what became of a row
ATTEMPTS = 8  # then a row has failed: with the waits below about an hour and a half after the first
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 15.0, 1_800.0
_LOOK_AT = 2_000  # rows at the head of the queue among which lanes with room are looked for
_AT_ONCE = 500  # ids in one statement; SQLite takes 999 and more, PostgreSQL far more
State = Delivery.State
_random = random.SystemRandom()


@dataclass(frozen=True)
class Settled:
    """What came of one claimed row, and when."""

    row: Delivery
    outcome: Outcome
    at: datetime


def claim(channel: str, *, holder: str, limit: int, room: Mapping[str, int] | None = None) -> list[Delivery]:
    """
    Take up to `limit` rows that are due, the most urgent first; three queries.

    `room`: how many more of each lane may be taken; a lane that is not named has its own rate's worth.
    None: lanes play no part. Two workers never get the same row.
    """
    now = clock.now()
    attempt_id = ids.new_id()
    due = Delivery.objects.filter(channel=channel, state=State.QUEUED, not_before__lte=now).order_by("rank", "id")
    if room is not None:
        due = due.exclude(lane__in=[lane for lane, places in room.items() if places < 1 and lane])
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        found = list(due.values_list("id", "lane", "rank")[: limit if room is None else _LOOK_AT])
        # One rank at a time: hands work side by side, and no guardian is to be told before the last teacher was tried.
        seen = [(pk, lane) for pk, lane, rank in found if rank == found[0][2]]
        taken = [pk for pk, _ in seen] if room is None else _within(seen, room)
        taken = taken[:limit]
        for some in _chunks(taken):
            Delivery.objects.filter(id__in=some).update(
                state=State.SENDING, claimed_by=holder, attempt_id=attempt_id, leased_until=now + LEASE
            )
    if not taken:
        return []
    rows = Delivery.objects.filter(claimed_by=holder, attempt_id=attempt_id, state=State.SENDING)
    return list(rows.select_related("person", "notice", "school__parent").order_by("rank", "id"))


def give_back(rows: Iterable[Delivery]) -> None:
    """Let rows that were taken and not begun wait again, as if nothing had been."""
    for some in _chunks([row.pk for row in rows]):
        Delivery.objects.filter(id__in=some, state=State.SENDING).update(state=State.QUEUED, claimed_by="")


@transaction.atomic
def write_down(settled: Iterable[Settled], *, holder: str) -> Counter[str]:
    """
    Write down what came of rows; like ones in one statement. Returns how many became what.

    Only rows still held: a delivery receipt may have been faster, and what it said stands.
    """
    counts: Counter[str] = Counter()
    alike: dict[tuple[str, str, str, int, float], list[Settled]] = {}
    for one in settled:
        state, attempts, wait = _next(one.row, one.outcome)
        counts[state] += 1
        key = (state, one.outcome.reason, one.outcome.provider_id, attempts, wait)
        alike.setdefault(key, []).append(one)
    for (state, reason, provider_id, attempts, wait), ones in alike.items():
        first = min(one.at for one in ones)
        values: dict[str, object] = {"state": state, "reason": reason, "attempts": attempts}
        if wait:
            values["not_before"] = clock.now() + timedelta(seconds=wait)
        if state == State.SENT:
            values |= {"sent_at": first, "provider_id": provider_id}
        for some in _chunks([one.row.pk for one in ones]):
            Delivery.objects.filter(id__in=some, state=State.SENDING, claimed_by=holder).update(**values)
            if provider_id:  # a receipt came before the answer: keep at least the name it is known by
                Delivery.objects.filter(id__in=some, provider_id="").update(provider_id=provider_id, sent_at=first)
    return counts


def left_behind(channel: str, *, holder: str) -> list[Delivery]:
    """Return the rows in `sending` that no living worker holds: our own of before, and others' whose lease is over."""
    rows = Delivery.objects.filter(channel=channel, state=State.SENDING)
    rows = rows.filter(Q(claimed_by=holder) | Q(leased_until__lt=clock.now()))
    return list(rows.select_related("person", "notice", "school__parent").order_by("id"))


def adopt(rows: Iterable[Delivery], *, holder: str) -> None:
    """Hold rows of a dead worker, so that what we say of them is written."""
    for some in _chunks([row.pk for row in rows]):
        Delivery.objects.filter(id__in=some, state=State.SENDING).update(
            claimed_by=holder, leased_until=clock.now() + LEASE
        )


def _next(row: Delivery, outcome: Outcome) -> tuple[str, int, float]:
    """Return the next state of a row, its attempts, and how long it waits."""
    if outcome.result == "sent":
        return State.SENT, row.attempts + 1, 0
    if outcome.result == "never":
        return State.UNDELIVERABLE, row.attempts + 1, 0
    if outcome.result == "unknown":
        return State.UNKNOWN, row.attempts + 1, 0
    if outcome.result == "down":  # not this address's fault: no attempt of its own
        return State.QUEUED, row.attempts, round(1 + _random.uniform(0, 2), 1)
    attempts = row.attempts + 1
    if attempts >= ATTEMPTS:
        return State.FAILED, attempts, 0
    longest = min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2.0**row.attempts)
    if row.rank < 0:
        longest /= 5  # an emergency
    wait = max(outcome.after_seconds, _random.uniform(longest / 2, longest))
    return State.QUEUED, attempts, round(wait, 1)


def _within(seen: list[tuple[int, str]], room: Mapping[str, int]) -> list[int]:
    """Return those of the rows, in order, for which their lane has room. `room[""]` is what an unnamed lane has."""
    left: dict[str, int] = {}
    taken = []
    for pk, lane in seen:
        places = left.setdefault(lane, room.get(lane, room[""]))
        if places > 0 or not lane:
            left[lane] = places - 1
            taken.append(pk)
    return taken


def _chunks(found: list[int]) -> Iterable[list[int]]:
    return (found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE))
