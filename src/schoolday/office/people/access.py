"""The only way from a person who asks and an id to what belongs to somebody else. Deny by default."""

from django.db.models import Q

from schoolday.lib.errors import SchooldayError
from schoolday.office.people import queries
from schoolday.office.people.models import Org, Person, RoleAssignment

Role = RoleAssignment.Role


class NotYours(SchooldayError):
    """There is no such thing, or it is not this person's to see: both give the same answer."""

    code = "not_found"
    status = SchooldayError.status.NOT_FOUND
    text = "There is nothing here for you. If you think there should be, ask your school office."


def access_operator(person: Person) -> None:
    """
    Let only operators pass.

    :raises NotYours: for everybody else
    """
    if not queries.is_operator(person):
        raise NotYours


def access_school(person: Person, org_id: str) -> Org:
    """
    Return a school whose office this person may see.

    :raises NotYours: if there is none, or she is neither its administrator nor an operator
    """
    for school in queries.schools_of_staff(person):
        if school.id == org_id:
            return school
    raise NotYours


def access_student(person: Person, student_id: str) -> Person:
    """
    Return a student this person may know about: herself, her child, one of her sections, one of her school.

    :raises NotYours: otherwise
    """
    mine = Q(id=person.id)
    mine |= Q(guarded_by__guardian=person)
    mine |= Q(
        enrollments__role="student",
        enrollments__section__enrollments__person=person,
        enrollments__section__enrollments__role__in=("teacher", "aide"),
    )
    if not queries.is_operator(person):
        mine |= Q(roles__role=Role.STUDENT, roles__org__in=queries.schools_of_staff(person))
    else:
        mine |= Q(roles__role=Role.STUDENT)
    student = Person.objects.filter(mine, id=student_id, is_active=True, roles__role=Role.STUDENT).distinct().first()
    if student is None:
        raise NotYours
    return student
