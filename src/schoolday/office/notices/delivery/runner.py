"""One channel's loop: take rows, send them with several hands at its pace, write down what came of them."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from django.utils import timezone

from schoolday.lib import clock
from schoolday.office.notices.channels.channel import Channel, Message, Outcome
from schoolday.office.notices.delivery import claims
from schoolday.office.notices.delivery.breaker import Breaker
from schoolday.office.notices.delivery.claims import Settled
from schoolday.office.notices.delivery.journal import Journal
from schoolday.office.notices.delivery.pace import Pace
from schoolday.office.notices.models import ChannelState, Delivery
from schoolday.office.notices.texts import words_of
from schoolday.office.timetable.zones import zone_of

log = structlog.get_logger(__name__)
ROUND_SECONDS = 1.0  # of one batch: an emergency that comes in waits no longer, nor does a worker that is told to stop
_BATCH_AT_MOST = 500
_ROUNDS_IN_ONE_RUN = 5  # then the job's loop looks whether it shall stop
_UNKNOWN_ASKED_AT_ONCE = 50
_REFUSALS = 25  # addresses refused in a row, none taken: then it is us who are refused (a relay that is closed)


class Runner:
    """
    Sends what waits on one channel. One per channel and process; call it again and again.

    What is certain after a kill: rows whose intent is not in the journal are sent later; rows with an outcome keep it;
    of the rest, at most `parallel`, the other side is asked (`find`), else they are `unknown`. Unknown is sent again
    only where twice shows nothing twice, or in an emergency, once.
    """

    def __init__(self, channel: Channel, folder: Path) -> None:
        self.channel = channel
        self.journal = Journal(folder, channel.name)
        self.breaker = Breaker()
        self._pace = Pace(channel.per_second)
        self._lanes: dict[str, Pace] = {}
        self._hands = ThreadPoolExecutor(channel.parallel, thread_name_prefix=f"notices-{channel.name}")
        self._shown: tuple[bool, str] | None = None
        self._began = False
        self._refused = 0
        self._lock = threading.Lock()

    def __call__(self) -> object:
        """Send for about five seconds, or until nothing is due; return how many became what."""
        if not self.journal.hold():
            return None
        counts: Counter[str] = Counter()
        if not self._began:
            counts += self.recover()
            self._began = True
        off = self.channel.why_off()
        for _ in range(_ROUNDS_IN_ONE_RUN):
            if off:
                counts += self._turn_away(off)
                break
            if self.breaker.rest_seconds():
                break
            sent = self.round()
            counts += sent
            if not sent:
                break
        self._ask_about_unknown()
        self._recover_others()
        self._show()
        return dict(counts) or None

    def round(self) -> Counter[str]:
        """Take one batch and send it."""
        limit = self._batch()
        rows = claims.claim(
            self.channel.name,
            holder=self.journal.holder,
            limit=limit,
            room=self._room() if self.channel.per_lane_per_second else None,
        )
        if not rows:
            return Counter()
        self.channel.before(rows)
        deadline = time.monotonic() + ROUND_SECONDS
        results = list(self._hands.map(lambda row: self._send(row, deadline), rows))
        settled = [one for one in results if one is not None]
        done = {one.row.pk for one in settled}
        counts = claims.write_down(settled, holder=self.journal.holder)
        claims.give_back([row for row in rows if row.pk not in done])
        self.journal.empty()
        self.channel.after([(one.row, one.outcome) for one in settled])
        return counts

    def recover(self) -> Counter[str]:
        """Find out what became of the rows that a killed worker held, from its journal."""
        begun = self.journal.read()
        rows = claims.left_behind(self.channel.name, holder=self.journal.holder)
        settled, untouched = [], []
        for row in rows:
            ours = row.claimed_by == self.journal.holder
            key = (row.pk, row.attempt_id)
            if ours and key not in begun:
                untouched.append(row)  # its message never left
                continue
            outcome = begun.get(key) if ours else None
            settled.append(Settled(row, outcome or self._unsure(row), message_of(row).began_at))
        claims.adopt([one.row for one in settled], holder=self.journal.holder)
        counts = claims.write_down(settled, holder=self.journal.holder)
        claims.give_back(untouched)
        self.journal.empty()
        if rows:
            log.warning("rows of a dead worker", channel=self.channel.name, untouched=len(untouched), **counts)
        return counts

    def close(self) -> None:
        self._hands.shutdown()
        self.channel.close()
        self.journal.release()

    def _send(self, row: Delivery, deadline: float) -> Settled | None:
        """Send one; None: there was no time or no leave for it in this round."""
        if time.monotonic() > deadline or not self.breaker.lets_through():
            return None
        wait = self._pace.reserve()
        if self.channel.per_lane_per_second and row.lane:
            wait = max(wait, self._lane(row.lane).reserve())
        time.sleep(wait)
        message = replace(message_of(row), leaving=lambda: self.journal.intend(row.pk, row.attempt_id))
        if not self.channel.says_when_it_leaves:
            message.leaving()
        at = clock.now()
        outcome = self.channel.send(message)
        if outcome.result == "unknown":
            outcome = self._decide(message, outcome)
        outcome = self._or_is_it_us(outcome)
        self.journal.record(row.pk, row.attempt_id, outcome)
        if outcome.result == "down":
            self.breaker.failed(outcome.reason)
            self._pace.rest(outcome.after_seconds)
        elif not (outcome.result == "never" and self._refused > _REFUSALS):
            self.breaker.went_well()
        return Settled(row, outcome, at)

    def _or_is_it_us(self, outcome: Outcome) -> Outcome:
        """
        Return the outcome; after 25 refusals in a row, with none taken, "down": no more addresses are lost to it.

        Tried again by the breaker, one at a time; that one's refusal counts, so that a list of bad addresses ends too.
        """
        if outcome.result == "sent":
            self._refused = 0
        is_refusal = outcome.result == "never" and outcome.reason.startswith(("smtp_", "http_", "twilio_"))
        if not is_refusal:
            return outcome
        self._refused += 1
        if self._refused <= _REFUSALS:
            return outcome
        if not self.breaker.is_trying:
            return Outcome("down", outcome.reason)
        self.breaker.failed(outcome.reason)
        return outcome

    def _unsure(self, row: Delivery) -> Outcome:
        """Return what to make of a message that may have gone out."""
        message = message_of(row)
        found = self.channel.find(message)
        return found or self._decide(message, Outcome("unknown", "killed"))

    def _decide(self, message: Message, outcome: Outcome) -> Outcome:
        """Never twice beats at least once, but in an emergency, and where twice is not seen as twice."""
        again = self.channel.is_safe_twice or (message.is_emergency and message.delivery.attempts == 0)
        return Outcome("later", outcome.reason) if again else outcome

    def _ask_about_unknown(self) -> None:
        """Ask the other side, where it can be asked, about rows of the last day that nobody is sure of."""
        if not self.channel.can_find:
            return
        day = clock.now() - timedelta(days=1)
        rows = Delivery.objects.filter(
            channel=self.channel.name, state=Delivery.State.UNKNOWN, leased_until__gt=day
        ).select_related("person", "notice", "school__parent")
        for row in rows[:_UNKNOWN_ASKED_AT_ONCE]:
            found = self.channel.find(message_of(row))
            if found is not None:
                state = Delivery.State.SENT if found.result == "sent" else Delivery.State.QUEUED
                Delivery.objects.filter(pk=row.pk, state=Delivery.State.UNKNOWN).update(
                    state=state,
                    provider_id=found.provider_id,
                    sent_at=row.leased_until - claims.LEASE,  # type: ignore[operator]  # the filter above
                )

    def _recover_others(self) -> None:
        now = clock.now()
        over = Delivery.objects.filter(
            channel=self.channel.name, state=Delivery.State.SENDING, leased_until__lt=now
        ).exists()
        if over:
            self.recover()

    def _turn_away(self, reason: str) -> Counter[str]:
        """Say of all rows of a channel that is not set up that they are skipped, and why."""
        rows = Delivery.objects.filter(channel=self.channel.name, state=Delivery.State.QUEUED)
        count = rows.update(state=Delivery.State.SKIPPED, reason=reason)
        return Counter({"skipped": count}) if count else Counter()

    def _batch(self) -> int:
        """Return how many rows one round can send at this pace."""
        if self.breaker.is_open:
            return 1
        places = self._pace.free_within(ROUND_SECONDS)
        return max(self.channel.parallel, min(_BATCH_AT_MOST, places))

    def _room(self) -> dict[str, int]:
        fresh = max(1, int(self.channel.per_lane_per_second * ROUND_SECONDS))
        room = {lane: pace.free_within(ROUND_SECONDS) for lane, pace in self._lanes.items()}
        return {"": fresh, **room}

    def _lane(self, lane: str) -> Pace:
        with self._lock:
            return self._lanes.setdefault(lane, Pace(self.channel.per_lane_per_second))

    def _show(self) -> None:
        """Keep for people whether the channel rests; written when it changes."""
        shown = (self.breaker.is_open, self.breaker.reason if self.breaker.is_open else "")
        if shown != self._shown:
            ChannelState.objects.update_or_create(
                channel=self.channel.name,
                defaults={"is_resting": shown[0], "reason": shown[1][:80], "since": clock.now()},
            )
            self._shown = shown


def message_of(row: Delivery) -> Message:
    """Return the message of a row, in its person's language and its school's zone."""
    zone = zone_of(row.school) if row.school else ZoneInfo(timezone.get_default_timezone_name())
    words = words_of(row.notice, language=row.language, zone=zone)
    began_at = row.leased_until - claims.LEASE if row.leased_until else clock.now()
    return Message(delivery=row, notice=row.notice, words=words, language=row.language, zone=zone, began_at=began_at)
