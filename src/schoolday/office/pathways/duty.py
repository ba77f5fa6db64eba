"""Changing a school's duty list: who is called, in which order, when a class has no adult."""

from collections.abc import Callable

from django.db import transaction

from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Org, Person
from schoolday.office.signin.duty import adults_of
from schoolday.office.signin.models import DutyPlace

_Change = Callable[[list[str]], list[str]]


def put_on_duty(school: Org, person_id: str, *, actor: Person | None) -> None:
    """
    Put an adult of the school at the end of its duty list; nothing changes if she is on it.

    :raises NotYours: if she does not belong to the school
    """
    if not adults_of(school).filter(id=person_id).exists():
        raise NotYours
    _change(school, lambda people: people if person_id in people else [*people, person_id], actor=actor)


def take_off_duty(school: Org, person_id: str, *, actor: Person | None) -> None:
    """Take somebody off the list; when nobody is left, the school's administrators have duty again."""
    _change(school, lambda people: [one for one in people if one != person_id], actor=actor)


def call_earlier(school: Org, person_id: str, *, actor: Person | None) -> None:
    """Let somebody on the list be called one place earlier."""

    def moved(people: list[str]) -> list[str]:
        at = people.index(person_id) if person_id in people else 0
        return [*people[: at - 1], person_id, people[at - 1], *people[at + 1 :]] if at else people

    _change(school, moved, actor=actor)


@transaction.atomic
def _change(school: Org, change: _Change, *, actor: Person | None) -> None:
    """Write the list anew; of two at once the second changes what the first has left."""
    Org.objects.select_for_update().get(id=school.id)
    places = DutyPlace.objects.filter(school=school)
    before = list(places.order_by("rank").values_list("person_id", flat=True))
    after = change(before)
    if after == before:
        return
    places.delete()
    DutyPlace.objects.bulk_create(
        DutyPlace(school=school, person_id=person_id, rank=rank) for rank, person_id in enumerate(after)
    )
    audit.record(actor, "duty.set", "org", school.id, people=after)
