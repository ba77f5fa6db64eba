"""The only way from a person who asks and an id to what belongs to somebody else. Deny by default."""

from http import HTTPStatus

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.people import queries
from schoolday.office.people.models import Org, Person, RoleAssignment

Role = RoleAssignment.Role


class NotYours(SchooldayError):
    """There is no such thing, or it is not this person's to see: both give the same answer."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND
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

    Her sections: those that the roster has her and the student in now; whoever has left one knows no more of it.

    :raises NotYours: otherwise
    """
    of_student = RoleAssignment.objects.filter(person=OuterRef("pk"), role=Role.STUDENT)
    student = Person.objects.filter(Exists(of_student), id=student_id, is_active=True).first()
    if student is None or not person.is_active:
        raise NotYours
    if student == person or student.guarded_by.filter(guardian=person).exists() or _teaches(person, student):
        return student
    if queries.is_operator(person) or _runs_school_of(person, student):
        return student
    raise NotYours


def _teaches(person: Person, student: Person) -> bool:
    """Say whether both are in one section now, the one as teacher or aide, the other as student."""
    today = timezone.localdate(clock.now())
    in_force = Q(is_active=True, section__is_active=True)
    in_force &= Q(begins_on__isnull=True) | Q(begins_on__lte=today)
    in_force &= Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    sections = person.enrollments.filter(in_force, role__in=("teacher", "aide")).values("section")
    return student.enrollments.filter(in_force, role="student", section__in=sections).exists()


def _runs_school_of(person: Person, student: Person) -> bool:
    schools = person.roles.filter(role=Role.ADMINISTRATOR, org__kind=Org.Kind.SCHOOL, org__is_active=True)
    return student.roles.filter(role=Role.STUDENT, org__in=schools.values("org")).exists()
