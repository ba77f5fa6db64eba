"""Mail addresses from which mail comes back: who has one, and trying one again."""

from collections.abc import Iterable

from django.db import transaction

from schoolday.lib import clock
from schoolday.office.notices.addresses import address_key, mail_of
from schoolday.office.notices.models import BadAddress
from schoolday.office.people import audit
from schoolday.office.people.models import Person


def mail_key(address: str) -> str:
    """Return the key of a mail address; nothing when it is none."""
    mail = mail_of(address)
    return address_key("mail", mail) if mail else ""


def bad_among(people: Iterable[Person]) -> frozenset[str]:
    """Return the keys of those addresses of these people from which mail comes back. One query."""
    keys = {key for person in people if (key := mail_key(person.email))}
    return frozenset(BadAddress.objects.filter(address_key__in=keys).values_list("address_key", flat=True))


@transaction.atomic
def mark_bad(address: str, reason: str) -> bool:
    """Send nothing more to an address; say whether that is new."""
    key = mail_key(address)
    if not key:
        return False
    _, is_new = BadAddress.objects.get_or_create(address_key=key, defaults={"reason": reason, "since": clock.now()})
    return is_new


@transaction.atomic
def try_again(person: Person, *, actor: Person) -> None:
    """Write to a person's address again: somebody has cleared it up. Asked twice, done once."""
    gone, _ = BadAddress.objects.filter(address_key=mail_key(person.email)).delete()
    if gone:
        audit.record(actor, "preference.mail_again", "person", person.id)
