"""The secret address of a person's calendar feed."""

import secrets

from django.db import transaction

from schoolday.lib import clock
from schoolday.office.people import audit
from schoolday.office.people.models import Person
from schoolday.office.timetable.models import CalendarFeed

_TOKEN_BYTES = 24  # 192 bits: nobody guesses one of a million feeds


@transaction.atomic
def feed_of(person: Person) -> CalendarFeed:
    """Return the feed of a person; makes it when she asks for the first time."""
    feed, made = CalendarFeed.objects.get_or_create(person=person, defaults=_fresh())
    if made:
        audit.record(person, "calendar_feed.made", "person", person.id)
    return feed


@transaction.atomic
def renew_feed(person: Person) -> CalendarFeed:
    """Give a person's feed a new address; the old one is dead."""
    feed, _ = CalendarFeed.objects.update_or_create(person=person, defaults=_fresh())
    audit.record(person, "calendar_feed.renewed", "person", person.id)
    return feed


def _fresh() -> dict[str, object]:
    return {"token": secrets.token_urlsafe(_TOKEN_BYTES), "made_at": clock.now()}
