"""Reading who is who."""

from django.conf import settings

from schoolday.contracts.passes import Kind
from schoolday.office.people.models import Org, Person, RoleAssignment

Role = RoleAssignment.Role
STAFF = frozenset({Role.TEACHER, Role.AIDE, Role.ADMINISTRATOR, Role.OPERATOR})


def roles_of(person: Person) -> frozenset[str]:
    """Return the roles a person has anywhere; one query."""
    return frozenset(person.roles.values_list("role", flat=True))


def kind_of(roles: frozenset[str]) -> Kind:
    """Return the kind of pass that somebody with these roles gets: what she does in classes comes first."""
    if Role.STUDENT in roles:
        return "student"
    if roles & {Role.TEACHER, Role.AIDE}:
        return "teacher"
    if roles & {Role.ADMINISTRATOR, Role.OPERATOR}:
        return "operator"
    return "guardian"


def tardy_after_minutes(school: Org) -> int:
    """Return from how many minutes after the bell on one is tardy: the school's own word, else the district's."""
    own = school.tardy_after_minutes
    return int(settings.SCHOOLDAY["TARDY_AFTER_MINUTES"]) if own is None else own


def is_operator(person: Person) -> bool:
    """Say whether the person runs the district's systems."""
    return person.is_active and person.roles.filter(role=Role.OPERATOR).exists()


def schools_of_staff(person: Person) -> list[Org]:
    """Return the schools whose office a person may see: an operator all, an administrator her own."""
    schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).order_by("name")
    if not is_operator(person):
        schools = schools.filter(roles__person=person, roles__role=Role.ADMINISTRATOR).distinct()
    return list(schools)
