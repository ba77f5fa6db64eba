"""How urgent a sign-on is: staff first, then whose next meeting starts sooner."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from schoolday.contracts.badges import NUMBER_BITS
from schoolday.lib import clock, signing
from schoolday.office.people.models import Person, RoleAssignment
from schoolday.office.rosters.models import Enrollment
from schoolday.office.signin.hasher_protocol import Visitor

STAFF_RANK, OTHER_RANK = 0, 1
# Who has no class in the next hours (a guardian, too) counts as if one began at their end: so nobody waits for ever
# behind those whose bell is near.
LOOK_AHEAD = timedelta(hours=4)
STILL_URGENT = timedelta(minutes=15)  # who is late for a class that has begun is the most urgent of all
_STAFF = (
    RoleAssignment.Role.TEACHER,
    RoleAssignment.Role.AIDE,
    RoleAssignment.Role.ADMINISTRATOR,
    RoleAssignment.Role.OPERATOR,
)


def urgency_of(user_name: str, *, account: bytes) -> Visitor:
    """
    Return the visitor behind a user name who comes now; two indexed queries, whether anybody has that name or not.

    A name that nobody has is as urgent as some student, always the same one: its place says nothing.
    """
    now = clock.now()
    names = (user_name.strip(), user_name.strip().lower())
    rows = (
        Person.objects.filter(Q(user_name__in=names, is_active=True) | Q(badge_number=_stand_in(account)))
        .annotate(is_staff=Exists(RoleAssignment.objects.filter(person=OuterRef("id"), role__in=_STAFF)))
        .values_list("user_name", "id", "is_staff")
    )
    found = {name: (person_id, is_staff) for name, person_id, is_staff in rows}
    known = found.get(names[0]) or found.get(names[1])
    person_id, is_staff = known or next(iter(found.values()), ("", False))
    bell = _next_bell(person_id, now)
    return Visitor(
        account=account,
        rank=STAFF_RANK if known and is_staff else OTHER_RANK,
        bell_at=int((bell or now + LOOK_AHEAD).timestamp()),
        arrived_at_ms=clock.now_ms(),
        is_known=known is not None,
    )


def _stand_in(account: bytes) -> Coalesce:
    """Return the badge number of the student that stands in for this account if nobody has it."""
    key = signing.derive(settings.SCHOOLDAY["CELL_SECRET"], "sign-on-line-stand-in")
    number = int.from_bytes(signing.mac(key, account)[:8], "big") % 2**NUMBER_BITS
    students = Person.objects.filter(badge_number__isnull=False).order_by("badge_number").values("badge_number")
    return Coalesce(Subquery(students.filter(badge_number__gte=number)[:1]), Subquery(students[:1]))


def _next_bell(person_id: str, now: datetime) -> datetime | None:
    from_at, until_at = now - STILL_URGENT, now + LOOK_AHEAD
    utc_day = now.astimezone(UTC).date()
    day = timedelta(days=1)  # a school's date may be another than ours
    found = Enrollment.objects.filter(
        person_id=person_id,
        is_active=True,
        section__meetings__on__range=(utc_day - day, utc_day + day),
        section__meetings__starts_at__range=(from_at, until_at),
    ).aggregate(bell=Min("section__meetings__starts_at"))
    bell: datetime | None = found["bell"]
    return bell
