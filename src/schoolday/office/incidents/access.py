"""Who may see which incident: operators all, administrators those that touch their schools. Deny by default."""

from django.db.models import QuerySet

from schoolday.office.attendance.models import Amnesty
from schoolday.office.incidents.models import Incident
from schoolday.office.people.access import NotYours, access_operator
from schoolday.office.people.models import Person
from schoolday.office.people.queries import is_operator, schools_of_staff


def access_incidents(person: Person) -> QuerySet[Incident]:
    """
    Return the incidents a person may see and write into.

    :raises NotYours: if she is neither an operator nor an administrator of a school
    """
    if is_operator(person):
        return Incident.objects.all()
    schools = schools_of_staff(person)
    if not schools:
        raise NotYours
    return Incident.objects.filter(schools__in=[school.id for school in schools]).distinct()


def access_incident(person: Person, incident_id: str) -> Incident:
    """
    Return one incident to see and to write into.

    :raises NotYours: if there is none, or it touches none of her schools
    """
    found = access_incidents(person).filter(id=incident_id).first()
    if found is None:
        raise NotYours
    return found


def access_to_steer(person: Person, incident_id: str) -> Incident:
    """
    Return one incident to change, close or open again: operators only.

    :raises NotYours: otherwise
    """
    access_operator(person)
    return access_incident(person, incident_id)


def access_amnesty(person: Person, amnesty_id: str) -> Amnesty:
    """
    Return one amnesty to change: operators only.

    :raises NotYours: otherwise
    """
    access_operator(person)
    found = Amnesty.objects.filter(id=amnesty_id).first()
    if found is None:
        raise NotYours
    return found
