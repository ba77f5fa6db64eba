"""How a notice goes: counts per channel and language, the clock, and who was not reached."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet, Sum

from schoolday.office.notices.addresses import phone_of
from schoolday.office.notices.audience import Audience, people_in, students_at
from schoolday.office.notices.bad_addresses import bad_among
from schoolday.office.notices.choosing import CHANNELS, NO_CHANNEL, PERSONAL, Contacts, subscriptions_of, wanted
from schoolday.office.notices.models import ChannelState, Delivery, DeliveryTotal, Notice, NoticeBar, Preference
from schoolday.office.people.models import Guardianship, Org, Person

State = Delivery.State
REACHED = (State.SENT, State.DELIVERED)
WAITING = (State.QUEUED, State.SENDING, State.HELD)
_AT_ONCE = 500


@dataclass
class Tally:
    """Counts of one bar. `all` without what was skipped: those were never on their way."""

    by_state: dict[str, int] = field(default_factory=dict)

    @property
    def all(self) -> int:
        return sum(self.by_state.values()) - self.skipped

    @property
    def out(self) -> int:
        return sum(self.by_state.get(state, 0) for state in REACHED)

    @property
    def delivered(self) -> int:
        return self.by_state.get(State.DELIVERED, 0)

    @property
    def waiting(self) -> int:
        return sum(self.by_state.get(state, 0) for state in WAITING)

    @property
    def failed(self) -> int:
        return self.by_state.get(State.FAILED, 0) + self.by_state.get(State.UNDELIVERABLE, 0)

    @property
    def unknown(self) -> int:
        return self.by_state.get(State.UNKNOWN, 0)

    @property
    def skipped(self) -> int:
        return self.by_state.get(State.SKIPPED, 0)

    def add(self, state: str, count: int) -> None:
        self.by_state[state] = self.by_state.get(state, 0) + count


@dataclass
class ChannelLine:
    """One channel of a notice. `first_seconds`: how long people waited for the first; None: none yet."""

    channel: str
    tally: Tally = field(default_factory=Tally)
    languages: dict[str, Tally] = field(default_factory=dict)
    first_seconds: float | None = None
    resting: str = ""
    why_skipped: str = ""


@dataclass
class Progress:
    """How one notice goes, of all schools or of some."""

    lines: list[ChannelLine]
    tally: Tally
    first_seconds: float | None
    nobody: dict[str, int]  # people without any channel, by reason


def progress_of(notice: Notice, schools: Sequence[Org] | None = None) -> Progress:
    """
    Return how a notice goes; `schools`: only of these, and public channels.

    Four queries, one scan of an index; one more when its rows have become counts.
    """
    rows, totals = notice.deliveries.all(), notice.totals.all()
    if schools is not None:
        rows = rows.filter(Q(school__in=schools) | Q(school=None))
        totals = totals.filter(school_id__in=["", *(school.id for school in schools)])
    kept = list(totals) if notice.folded_at else []
    lines = {channel: ChannelLine(channel) for channel in CHANNELS if channel in notice.channels}
    total = Tally()
    counted = rows.exclude(channel=NO_CHANNEL).values_list("channel", "language", "state").annotate(n=Count("id"))
    for channel, language, state, count in (
        *counted.order_by(),
        *((one.channel, one.language, one.state, one.count) for one in kept if one.channel != NO_CHANNEL),
    ):
        line = lines.setdefault(channel, ChannelLine(channel))
        for tally in (line.tally, line.languages.setdefault(language, Tally()), total):
            tally.add(state, count)
    firsts: list[float] = []
    for channel, first in (
        *rows.filter(sent_at__isnull=False).values_list("channel").annotate(at=Min("sent_at")).order_by(),
        *((one.channel, one.first_at) for one in kept if one.first_at),
    ):
        if notice.clock_from:
            seconds = max(0.0, (first - notice.clock_from).total_seconds())
            before = lines[channel].first_seconds
            lines[channel].first_seconds = seconds if before is None else min(seconds, before)
            firsts.append(seconds)
    for state in ChannelState.objects.filter(is_resting=True):
        if state.channel in lines:
            lines[state.channel].resting = state.reason or "no_line"
    skipped = rows.filter(state=State.SKIPPED).values_list("channel", "reason").annotate(n=Count("id")).order_by()
    nobody: dict[str, int] = {}
    for channel, reason, count in (
        *skipped,
        *((one.channel, one.reason, one.count) for one in kept if one.state == State.SKIPPED),
    ):
        if channel == NO_CHANNEL:
            nobody[reason] = nobody.get(reason, 0) + count
        elif channel in lines:
            lines[channel].why_skipped = reason
    return Progress(list(lines.values()), total, min(firsts, default=None), nobody)


def first_seconds_of(notices: Iterable[Notice]) -> dict[str, tuple[float | None, int, int]]:
    """Return of each notice the seconds to its first message, how many went out, and how many wait. Two queries."""
    by_id = {notice.id: notice for notice in notices}
    rows = (
        Delivery.objects.filter(notice__in=list(by_id))
        .values_list("notice")
        .annotate(
            first=Min("sent_at"), out=Count("id", Q(state__in=REACHED)), waiting=Count("id", Q(state__in=WAITING))
        )
        .order_by()
    )
    found: dict[str, tuple[float | None, int, int]] = {}
    for notice_id, first, out, waiting in rows:
        since: datetime | None = by_id[notice_id].clock_from
        found[notice_id] = ((first - since).total_seconds() if first and since else None, out, waiting)
    folded = DeliveryTotal.objects.filter(notice__in=list(by_id)).values_list("notice").order_by()
    sums = folded.annotate(
        first=Min("first_at"),
        out=Sum("count", filter=Q(state__in=REACHED), default=0),
        waiting=Sum("count", filter=Q(state__in=WAITING), default=0),
    )
    for notice_id, first, out, waiting in sums:
        since, (seconds, more, waits) = by_id[notice_id].clock_from, found.get(notice_id, (None, 0, 0))
        if first and since:
            seconds = min(one for one in ((first - since).total_seconds(), seconds) if one is not None)
        found[notice_id] = (seconds, more + out, waits + waiting)
    return found


@dataclass
class Reach:
    """Whom a notice would reach: people, of these with no contact; messages per channel and language."""

    people: int = 0
    unreachable: int = 0
    by_who: dict[str, int] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    languages: dict[str, dict[str, int]] = field(default_factory=dict)  # channel -> language -> messages


def reach_of(notice: Notice) -> Reach:
    """Count whom a notice would reach, as the worker will choose. Some queries per school, nothing is written."""
    reach, seen = Reach(), set[str]()
    allowed = frozenset(notice.channels) & frozenset(PERSONAL)
    for who, _school, people in people_in(Audience.from_dict(notice.audience)):
        found = [person for person in people if person.id not in seen]
        for start in range(0, len(found), _AT_ONCE):
            some = found[start : start + _AT_ONCE]
            by_id = [person.id for person in some]
            seen.update(by_id)
            preferences = {one.person_id: one for one in Preference.objects.filter(person__in=by_id)}
            subscriptions, bad = subscriptions_of(by_id) if "push" in allowed else {}, bad_among(some)
            for person in some:
                contacts = Contacts.of(person, subscriptions.get(person.id, ()), bad=bad)
                ways = wanted(contacts, preferences.get(person.id), notice.level) & allowed
                reach.people += 1
                reach.by_who[who] = reach.by_who.get(who, 0) + 1
                reach.unreachable += not ways
                language = person.language if person.language in ("en", "es", "ht") else "en"
                for channel in ways:
                    count = len(contacts.push) if channel == "push" else 1
                    reach.messages[channel] = reach.messages.get(channel, 0) + count
                    per = reach.languages.setdefault(channel, {})
                    per[language] = per.get(language, 0) + count
    return reach


@dataclass
class Family:
    """One family that no guardian of was reached. `reason`: a word of words.REASONS."""

    guardians: list[Person]
    children: list[Person]
    reason: str

    @property
    def phones(self) -> list[str]:
        return [phone for guardian in self.guardians if (phone := phone_of(guardian.phone) or guardian.phone)]

    @property
    def language(self) -> str:
        return self.guardians[0].language if self.guardians else "en"


@dataclass
class Unreached:
    """The call list of one school. `pending`: families whose message is still on its way."""

    families: list[Family]
    pending: int


def unreached(notice: Notice, school: Org) -> Unreached:
    """
    Return the families of one school that got nothing: with a number first. A family is reached when one of its
    guardians is. Whoever is barred from a child's notices is not called about her either. Six queries.
    """
    audience = Audience.from_dict(notice.audience)
    if not audience.guardians or notice.folded_at:
        return Unreached([], 0)  # of a folded one nobody knows any more who was reached
    students = {person.id: person for person in students_at(school, audience)}
    guardians: dict[str, list[Person]] = defaultdict(list)
    barred = set(NoticeBar.objects.filter(student__in=students_at(school, audience)).values_list("guardian", "student"))
    pairs = Guardianship.objects.filter(
        student__in=students_at(school, audience).order_by().values("id"), guardian__is_active=True
    )
    for pair in pairs.select_related("guardian").order_by("guardian_id"):
        if (pair.guardian_id, pair.student_id) not in barred:
            guardians[pair.student_id].append(pair.guardian)
    told = _told(notice, pairs)
    families: dict[tuple[str, ...], Family] = {}
    pending = set()
    for student_id, student in students.items():
        adults = guardians.get(student_id, [])
        states = [state for adult in adults for state, _ in told.get(adult.id, ())]
        if any(state in REACHED for state in states):
            continue
        key = tuple(adult.id for adult in adults) or (f"alone:{student_id}",)
        if any(state in WAITING for state in states) or not notice.prepared_at:
            pending.add(key)
            continue
        reasons = [reason or state for adult in adults for state, reason in told.get(adult.id, ())]
        family = families.setdefault(key, Family(adults, [], reasons[0] if reasons else "no_guardian"))
        family.children.append(student)
    order = sorted(families.values(), key=lambda f: (not f.phones, f.children[0].family_name, f.children[0].id))
    return Unreached(order, len(pending))


def _told(notice: Notice, pairs: QuerySet[Guardianship]) -> dict[str, list[tuple[str, str]]]:
    """Return (state, reason) of every row of these people."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = notice.deliveries.filter(person__in=pairs.values("guardian"))
    for person_id, state, reason in rows.values_list("person_id", "state", "reason").order_by("id"):
        found[str(person_id)].append((state, reason))
    return found
