"""Whose devices and passes one may end: the only way from an id to them."""

from django.db.models import Q, QuerySet

from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person, RoleAssignment
from schoolday.office.people.queries import is_operator, schools_of_staff

Role = RoleAssignment.Role
FOUND_AT_MOST = 50


def people_of(asker: Person) -> QuerySet[Person]:
    """
    Return the people whose devices this person may see and end: an operator everybody's, an administrator her schools'.

    Operators are nobody's but operators'. Two or three queries besides the one it is.

    :raises NotYours: if she is neither
    """
    if is_operator(asker):
        return Person.objects.all()
    schools = schools_of_staff(asker)
    if not schools or not asker.is_active:
        raise NotYours
    of_school = RoleAssignment.objects.filter(org__in=schools)
    operators = RoleAssignment.objects.filter(role=Role.OPERATOR)
    return Person.objects.filter(id__in=of_school.values("person")).exclude(id__in=operators.values("person"))


def access_person(asker: Person, person_id: str) -> Person:
    """
    Return one of `people_of`.

    :raises NotYours: if there is none with this id
    """
    found = people_of(asker).filter(id=person_id).first()
    if found is None:
        raise NotYours
    return found


def search(asker: Person, words: str) -> list[Person]:
    """Return who has all these words in her name or as her user name, by family name; the first 50."""
    found = people_of(asker).filter(is_active=True)
    for word in words.split()[:5]:
        found = found.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(preferred_name__icontains=word)
            | Q(user_name__iexact=word)
        )
    return list(found.order_by("family_name", "given_name", "id")[:FOUND_AT_MOST])
