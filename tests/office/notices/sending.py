"""What tests of sending share: settings for one test, a runner of one channel, people to write to."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

from schoolday.lib import clock
from schoolday.office.notices.actions import send_notice
from schoolday.office.notices.audience import Audience
from schoolday.office.notices.channels import all_channels
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.delivery.runner import Runner
from schoolday.office.notices.models import Delivery, Notice, PushSubscription
from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.settings_spec import Settings
from tests.cast import Cast

MAIL = {"MAIL_HOST": "127.0.0.1", "MAIL_FROM": "Bay Schools <notices@bay.example>", "MAIL_TLS": "none"}
FAST = {"MAIL_PER_SECOND": 0.0, "MAIL_PER_DOMAIN_PER_SECOND": 0.0, "SMS_PER_SECOND": 0.0, "PUSH_PER_SECOND": 0.0}


def with_settings(**values: Any) -> Settings:
    """The settings in force with some others."""
    now: Settings = django_settings.SCHOOLDAY
    return Settings(now.home, {**now.values, **values})


def mail_settings(settings: Any, *, port: int, **values: Any) -> None:
    """Let this test's mail go to a server on loopback. `settings`: pytest-django's."""
    settings.EMAIL_BACKEND = "schoolday.office.notices.channels.mail.smtp.EmailBackend"  # pytest-django takes it away
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = MAIL["MAIL_FROM"]
    settings.EMAIL_TIMEOUT = 3
    settings.SCHOOLDAY = with_settings(**{**MAIL, **FAST, **values})


@contextmanager
def runner(channel: str, folder: Path) -> Iterator[Runner]:
    """One channel's loop, as a worker has it."""
    one = Runner(all_channels(django_settings.SCHOOLDAY)[channel], folder)
    try:
        yield one
    finally:
        one.close()


def send_all(*channels: str, folder: Path) -> None:
    """Make all rows and run these channels until nothing is due."""
    prepare_waiting()
    for channel in channels:
        with runner(channel, folder) as one:
            while one():
                pass
    prepare_waiting()


def give_contacts(cast: Cast) -> None:
    """Everybody has an address; guardians have phones too."""
    for name, person in vars(cast).items():
        if isinstance(person, Person):
            person.email = f"{name.replace('_', '-')}@{'bay' if 'other' not in name else 'reef'}.example"
            if "guardian" in name:
                person.phone = "(305) 555-0100" if name == "guardian" else "305.555.0101"
            person.save()


def moved(cast: Cast, **values: Any) -> Notice:
    """Classes of the cast's school have moved to Zoom."""
    words: dict[str, Any] = {
        "sentences": ["moved", "not_charged", "review"],
        "facts": {
            "pathway": "zoom",
            "from_pathway": "live",
            "until": "2026-11-20T15:00:00-05:00",
            "begin_at": "2026-11-19T08:00:00-05:00",
            "end_at": "2026-11-19T15:00:00-05:00",
            "review_on": "2026-11-23",
        },
        "audience": Audience(schools=(cast.school.id,)),
        "actor": cast.operator,
    }
    return send_notice(**{**words, **values})


def many_guardians(school: Org, count: int, *, domain: str = "", phone: bool = False, mail: bool = True) -> None:
    """A school with so many families, one child each."""
    languages = ("en", "es", "ht")
    guardians, students = [], []
    for number in range(count):
        where = domain or f"d{number % 7}.example"
        guardians.append(
            Person(
                sourced_id=f"g{number}", user_name=f"g{number}", given_name="G", family_name=str(number),
                email=f"g{number}@{where}" if mail else "", language=languages[number % 3], password="!",
                phone=f"+1305{number + 2_000_000:07}" if phone else "",
            )
        )  # fmt: skip
        students.append(
            Person(sourced_id=f"s{number}", user_name=f"s{number}", given_name="S", family_name=str(number),
                   grade="07", password="!", badge_number=number + 1)
        )  # fmt: skip
    Person.objects.bulk_create([*guardians, *students], batch_size=500)
    RoleAssignment.objects.bulk_create(
        [RoleAssignment(person=s, org=school, role="student", source_role="student") for s in students], batch_size=500
    )
    Guardianship.objects.bulk_create(
        [Guardianship(guardian=g, student=s) for g, s in zip(guardians, students, strict=True)], batch_size=500
    )


def subscribe(origin: str, key: str) -> None:
    """Every guardian has one browser at this push service; all with one key, which only the browser would mind."""
    rows = [
        PushSubscription(
            person=person, endpoint=f"{origin}/push/{person.id}", endpoint_sha256=person.id * 5, p256dh=key,
            auth="AAAAAAAAAAAAAAAAAAAAAA", made_at=clock.now(),
        )
        for person in Person.objects.filter(user_name__startswith="g")
    ]  # fmt: skip
    PushSubscription.objects.bulk_create(rows, batch_size=500)


def states(notice: Notice, channel: str = "") -> dict[str, int]:
    """How many rows are in which state."""
    found: dict[str, int] = {}
    rows = notice.deliveries.all()
    for state in (rows.filter(channel=channel) if channel else rows).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def row(notice: Notice, person: Person, channel: str = "mail") -> Delivery:
    return notice.deliveries.get(person=person, channel=channel)


def unique(names: Iterable[str]) -> bool:
    found = list(names)
    return len(found) == len(set(found))
