"""By which channels one person is told: what she wants, what she can be reached by, and how urgent it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from schoolday.office.notices.addresses import address_key, mail_of, phone_of
from schoolday.office.notices.models import Level, Preference, PushSubscription
from schoolday.office.people.models import Person

PERSONAL = ("mail", "sms", "voice", "push")
PUBLIC = ("banner", "feeds", "webhooks")
CHANNELS = (*PERSONAL, *PUBLIC)
NO_CHANNEL = "none"  # the channel of a row that only says why nobody was told


@dataclass(frozen=True)
class Way:
    """One way to one person. `lane`: what is paced together."""

    channel: str
    address_key: str
    target: str = ""
    lane: str = ""


@dataclass(frozen=True)
class Contacts:
    """Where a person can be reached."""

    mail: str
    phone: str
    push: tuple[str, ...] = field(default=())  # ids of subscriptions
    mail_comes_back: bool = False  # then `mail` is empty

    @classmethod
    def of(cls, person: Person, subscriptions: Iterable[str] = (), *, bad: Collection[str] = frozenset()) -> "Contacts":
        """Read a person's contacts; `bad`: keys of addresses from which mail comes back."""
        mail = mail_of(person.email)
        comes_back = bool(mail) and address_key("mail", mail) in bad
        return cls("" if comes_back else mail, phone_of(person.phone), tuple(subscriptions), comes_back)

    def has(self, channel: str) -> bool:
        return bool({"mail": self.mail, "sms": self.phone, "voice": self.phone, "push": self.push}[channel])


def wanted(contacts: Contacts, preference: Preference | None, level: Level) -> frozenset[str]:
    """
    Return the channels by which somebody is told.

    In an emergency all that reach her. Else what she chose; who never chose gets mail, without an address a text
    message, and push on the devices that asked for it. No call that nobody asked for: a phone that rings at six
    is worse than a mail read at seven (our judgement).
    """
    reach = {channel for channel in PERSONAL if contacts.has(channel)}
    if level == "emergency":
        return frozenset(reach)
    if preference is not None:
        return frozenset(channel for channel in reach if getattr(preference, channel))
    chosen = {"push"} | ({"mail"} if contacts.mail else {"sms"})
    return frozenset(reach & chosen)


def ways_to(person: Person, *, contacts: Contacts, channels: frozenset[str]) -> list[Way]:
    """Return one way per channel; by push one per device."""
    ways = []
    if "mail" in channels:
        lane = contacts.mail.rpartition("@")[2][:80]
        ways.append(Way("mail", address_key("mail", contacts.mail), lane=lane))
    for channel in ("sms", "voice"):
        if channel in channels:
            ways.append(Way(channel, address_key(channel, contacts.phone)))
    if "push" in channels:
        ways += [Way("push", f"push:{one}", target=one) for one in contacts.push]
    return ways


def subscriptions_of(people: Iterable[str]) -> dict[str, list[str]]:
    """Return the ids of each person's push subscriptions. One query."""
    found: dict[str, list[str]] = {}
    for person_id, pk in PushSubscription.objects.filter(person__in=list(people)).values_list("person_id", "id"):
        found.setdefault(person_id, []).append(pk)
    return found
