"""Who has duty: the adults of a school who are called when a class has no adult, and may look into its classes."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from schoolday.office.people.models import Org, Person, RoleAssignment
from schoolday.office.signin.models import DutyPlace

Role = RoleAssignment.Role
ADULTS = (Role.TEACHER, Role.AIDE, Role.ADMINISTRATOR)


def duty_of(school_ids: Collection[str]) -> dict[str, list[str]]:
    """
    Return the ids of those on duty in each school, in the order to call them. Two queries.

    A list counts those on it who still belong to the school; where nobody is left, or no list was made, its
    administrators have duty, so that somebody is always called.
    """
    roles = RoleAssignment.objects.filter(org__in=school_ids, role__in=ADULTS, person__is_active=True)
    adults: dict[str, set[str]] = defaultdict(set)
    administrators: dict[str, list[str]] = defaultdict(list)
    by_name = roles.order_by("person__family_name", "person__given_name", "person_id")
    for school_id, person_id, role in by_name.values_list("org_id", "person_id", "role"):
        adults[school_id].add(person_id)
        if role == Role.ADMINISTRATOR and person_id not in administrators[school_id]:
            administrators[school_id].append(person_id)
    chosen: dict[str, list[str]] = defaultdict(list)
    places = DutyPlace.objects.filter(school__in=school_ids).order_by("school_id", "rank")
    for school_id, person_id in places.values_list("school_id", "person_id"):
        if person_id in adults[school_id]:
            chosen[school_id].append(person_id)
    return {school_id: chosen[school_id] or administrators[school_id] for school_id in school_ids}


def duty_schools(person: Person, roles: Iterable[RoleAssignment]) -> tuple[str, ...]:
    """Return the schools (ids) in which a person with these roles has duty. Two queries for an adult, none else."""
    schools = {role.org_id for role in roles if role.role in ADULTS and role.org.is_active}
    if not schools:
        return ()
    return tuple(sorted(school_id for school_id, on_duty in duty_of(schools).items() if person.id in on_duty))


def adults_of(school: Org) -> QuerySet[Person]:
    """Return the adults who belong to a school, by family name."""
    roles = RoleAssignment.objects.filter(org=school, role__in=ADULTS)
    return Person.objects.filter(id__in=roles.values("person"), is_active=True).order_by(
        "family_name", "given_name", "id"
    )
