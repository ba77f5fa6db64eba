"""Making the rows of a notice, staff's first, school by school; killed half way, the next run makes the rest."""

from itertools import islice

import structlog
from django.db import transaction

from schoolday.lib import clock
from schoolday.office.notices.audience import Audience, Who, people_in
from schoolday.office.notices.bad_addresses import bad_among
from schoolday.office.notices.choosing import NO_CHANNEL, Contacts, subscriptions_of, wanted, ways_to
from schoolday.office.notices.models import Delivery, Notice, Preference
from schoolday.office.people.models import Org, Person

log = structlog.get_logger(__name__)
RANKS: dict[Who, int] = {"staff": 0, "guardians": 1, "students": 2}
EMERGENCY_RANK = -10  # before everybody of every other notice
_AT_ONCE = 1_000
State = Delivery.State


def prepare_waiting() -> object:
    """Make the rows of notices that were sent; emergencies first. One round of the worker."""
    waiting = Notice.objects.filter(state=Notice.State.PREPARING)
    done = [prepare(notice) for notice in sorted(waiting, key=lambda n: (n.level != "emergency", n.sent_at))]
    ended = end_those_done()
    return {"rows": sum(done), "ended": ended} if done or ended else None


def prepare(notice: Notice) -> int:
    """Make the rows of one notice that are not there yet; return how many it asked for, thousands a second."""
    made = 0
    audience = Audience.from_dict(notice.audience)
    for who, school, people in people_in(audience):
        found = people.iterator(chunk_size=_AT_ONCE)
        while some := list(islice(found, _AT_ONCE)):
            rows = _rows(notice, who, school, some)
            with transaction.atomic():
                # Stopped meanwhile: the lock says so for certain, and nothing is made after it.
                if not _still(notice, Notice.State.PREPARING):
                    return made
                Delivery.objects.bulk_create(rows, ignore_conflicts=True)
            made += len(rows)
    now = clock.now()
    changed = Notice.objects.filter(id=notice.id, state=Notice.State.PREPARING).update(
        state=Notice.State.GOING, prepared_at=now
    )
    log.info("notice prepared", notice=notice.id, rows=made, in_force=bool(changed))
    return made


def end_those_done() -> int:
    """Mark notices of which nothing waits any more."""
    going = Notice.objects.filter(state=Notice.State.GOING)
    waiting = Delivery.objects.filter(state__in=(State.QUEUED, State.SENDING), notice__in=going)
    done = going.exclude(id__in=waiting.values("notice"))
    return done.update(state=Notice.State.DONE, done_at=clock.now())


def _still(notice: Notice, state: str) -> bool:
    return Notice.objects.select_for_update().filter(id=notice.id, state=state).exists()


def _rows(notice: Notice, who: Who, school: Org, people: list[Person]) -> list[Delivery]:
    """Return the rows of some people of one school. Three queries."""
    by_id = [person.id for person in people]
    preferences = {one.person_id: one for one in Preference.objects.filter(person__in=by_id)}
    subscriptions = subscriptions_of(by_id) if "push" in notice.channels else {}
    allowed, bad = frozenset(notice.channels), bad_among(people)
    rows = []
    for person in people:
        contacts = Contacts.of(person, subscriptions.get(person.id, ()), bad=bad)
        wants = wanted(contacts, preferences.get(person.id), notice.level)
        ways = ways_to(person, contacts=contacts, channels=wants & allowed)
        rows += [
            _row(
                notice, who, school, person, channel=way.channel, key=way.address_key, target=way.target, lane=way.lane
            )
            for way in ways
        ]
        if not ways:
            reachable = contacts.mail or contacts.phone
            row = _row(notice, who, school, person, channel=NO_CHANNEL, key=f"person:{person.id}")
            why = "mail_comes_back" if contacts.mail_comes_back else "not_wanted" if reachable else "no_contact"
            row.state, row.reason = State.SKIPPED, why
            rows.append(row)
    return rows


def _row(
    notice: Notice, who: Who, school: Org, person: Person, *, channel: str, key: str, target: str = "", lane: str = ""
) -> Delivery:
    return Delivery(
        notice=notice,
        person=person,
        school=school,
        channel=channel,
        address_key=key,
        target=target,
        lane=lane,
        rank=RANKS[who] + (EMERGENCY_RANK if notice.level == "emergency" else 0),
        language=person.language if person.language in ("en", "es", "ht") else "en",
        not_before=notice.sent_at or clock.now(),
    )
