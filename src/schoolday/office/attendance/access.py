"""Who may see a section's register, and who may mark in it."""

from datetime import date

from schoolday.office.people import queries as people
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person, RoleAssignment
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force
from schoolday.office.timetable.models import Meeting

TEACHING = ("teacher", "aide")


def access_section(person: Person, section_id: str, *, on: date) -> Section:
    """
    Return a section whose register of a day this person may see and mark.

    :raises NotYours: if she neither teaches it that day nor belongs to the school's office
    """
    section = Section.objects.select_related("school__parent").filter(id=section_id).first()
    if section is None or not (_teaches(person.id, section_id, on) or _is_staff(person.id, section.school_id)):
        raise NotYours
    return section


def may_mark(person_id: str, meeting: Meeting) -> bool:
    """Say whether this person's word counts in this meeting: its teacher or aide of that day, or the school's staff."""
    if not Person.objects.filter(id=person_id, is_active=True).exists():
        return False
    return _teaches(person_id, meeting.section_id, meeting.on) or _is_staff(person_id, meeting.section.school_id)


def is_guardian(person_id: str, student_id: str) -> bool:
    """Say whether one is the other's guardian."""
    return Person.objects.filter(id=student_id, is_active=True, guarded_by__guardian_id=person_id).exists()


def access_guardian(person: Person) -> None:
    """
    Let only guardians of somebody pass.

    :raises NotYours: for everybody else
    """
    if not person.guardian_of.exists():
        raise NotYours


def _teaches(person_id: str, section_id: str, on: date) -> bool:
    return Enrollment.objects.filter(
        enrollment_in_force(on), person_id=person_id, section_id=section_id, role__in=TEACHING
    ).exists()


def _is_staff(person_id: str, school_id: str) -> bool:
    roles = RoleAssignment.objects.filter(person_id=person_id)
    operator = roles.filter(role=people.Role.OPERATOR)
    administrator = roles.filter(role=people.Role.ADMINISTRATOR, org_id=school_id)
    return operator.exists() or administrator.exists()
