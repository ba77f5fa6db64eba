"""Who writes into a meeting's book, who reads it, and who gets the files of her class. Deny by default."""

from dataclasses import dataclass
from datetime import date

from schoolday.office.attendance.access import TEACHING
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force
from schoolday.office.signin.duty import duty_of
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.zones import today


def access_writing(person: Person, meeting_id: str, section_id: str = "") -> Meeting:
    """
    Return a meeting in whose book this person's device may write.

    Its section's teachers and aides of that day, the school's duty list and its administrators, and operators. About
    five queries. `section_id`: what the device takes for its section; empty: it does not say.

    :raises NotYours: if there is none, it is of another section, or she has nothing to do with it
    """
    meeting = _meeting(person, meeting_id)
    if section_id and meeting.section_id != section_id:
        raise NotYours
    if _teaches(person, meeting.section_id, meeting.on) or _is_staff(person, meeting.section.school_id):
        return meeting
    if person.id in duty_of([meeting.section.school_id])[meeting.section.school_id]:
        return meeting
    raise NotYours


def access_reading(person: Person, meeting_id: str) -> Meeting:
    """
    Return a meeting whose whole book this person may read: its teachers and aides of that day, and the school's office.

    Who only has duty writes what she saw, and does not read on.

    :raises NotYours: if there is none, or she has nothing to do with it
    """
    meeting = _meeting(person, meeting_id)
    if _teaches(person, meeting.section_id, meeting.on) or _is_staff(person, meeting.section.school_id):
        return meeting
    raise NotYours


def access_files(person: Person, meeting_id: str) -> Meeting:
    """
    Return a meeting whose files this person may load: who may write there, its students, and their guardians.

    A student counts who is in the section on that day or now: whoever comes later catches up.

    :raises NotYours: if there is none, or she has nothing to do with it
    """
    meeting = _meeting(person, meeting_id)
    if _is_in_class(person, meeting):
        return meeting
    return access_writing(person, meeting_id)


@dataclass(frozen=True)
class Reading:
    """A section, and of which days one may read its book: `spans` from a day until before another; None: of all."""

    section: Section
    spans: tuple[tuple[date | None, date | None], ...] | None = None

    def of(self, on: date) -> bool:
        """Say whether she may read the meetings of a day."""
        return self.spans is None or any((a is None or a <= on) and (b is None or on < b) for a, b in self.spans)


def access_book_of(person: Person, section_id: str) -> Reading:
    """
    Return a section whose book over the days this person may read: who teaches it now, and the school's office.

    A substitute reads of the days on which she comes, and not what was before her.

    :raises NotYours: if there is none, or she has nothing to do with it
    """
    section = Section.objects.select_related("school__parent").filter(id=section_id).first()
    if section is None or not person.is_active:
        raise NotYours
    if _is_staff(person, section.school_id):
        return Reading(section)
    if not _teaches(person, section.id, today(section.school)):
        raise NotYours
    rows = Enrollment.objects.filter(is_active=True, section=section, person=person, role__in=TEACHING)
    return Reading(section, tuple(rows.values_list("begins_on", "ends_on")))


def access_child(person: Person, child_id: str) -> Person:
    """
    Return a student whose own lines this person may read: herself, or her child.

    :raises NotYours: otherwise
    """
    child = Person.objects.filter(id=child_id, is_active=True, roles__role="student").distinct().first()
    if child is None or not person.is_active:
        raise NotYours
    if child == person or child.guarded_by.filter(guardian=person).exists():
        return child
    raise NotYours


def _meeting(person: Person, meeting_id: str) -> Meeting:
    found = Meeting.objects.select_related("section__school__parent").filter(id=meeting_id).first()
    if found is None or not person.is_active:
        raise NotYours
    return found


def _is_in_class(person: Person, meeting: Meeting) -> bool:
    whose = [person.id, *person.guardian_of.filter(student__is_active=True).values_list("student_id", flat=True)]
    students = Enrollment.objects.filter(section=meeting.section_id, role="student", person__in=whose)
    on_the_day, now = enrollment_in_force(meeting.on), enrollment_in_force(today(meeting.section.school))
    return students.filter(on_the_day | now).exists()


def _teaches(person: Person, section_id: str, on: date) -> bool:
    mine = Enrollment.objects.filter(enrollment_in_force(on), section=section_id, person=person, role__in=TEACHING)
    return mine.exists()


def _is_staff(person: Person, school_id: str) -> bool:
    return any(school.id == school_id for school in schools_of_staff(person))
