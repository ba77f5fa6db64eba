"""Whose cries for help a person may see: operators all, administrators their schools', teachers their sections'."""

from django.db.models import Q, QuerySet

from schoolday.office.incidents.models import HelpRequest
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.people.queries import is_operator, schools_of_staff
from schoolday.office.rosters.models import Enrollment
from schoolday.office.signin.access_sections import own_sections


def access_help(person: Person) -> QuerySet[HelpRequest]:
    """
    Return the requests this person may see and take on. At most 6 queries.

    A teacher sees those from her sections, and those from no class of students who are in one of hers.

    :raises NotYours: if she neither teaches nor belongs to an office
    """
    if is_operator(person):
        return HelpRequest.objects.all()
    schools = [school.id for school in schools_of_staff(person)]
    sections = [section.id for section in own_sections(person)]
    if not (schools or sections):
        raise NotYours
    hers = Enrollment.objects.filter(section__in=sections, role="student", is_active=True).values("person")
    return HelpRequest.objects.filter(
        Q(school__in=schools) | Q(section__in=sections) | Q(section=None, person__in=hers)
    )


def access_request(person: Person, request_id: str) -> HelpRequest:
    """
    Return one request to take on.

    :raises NotYours: if there is none, or it is not hers to see
    """
    found = access_help(person).filter(id=request_id).select_related("person").first()
    if found is None:
        raise NotYours
    return found
