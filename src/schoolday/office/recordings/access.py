"""Who may record, watch, publish, keep and delete which recording. Deny by default; strangers get the same 404."""

from django.conf import settings
from django.db.models import Q, QuerySet

from schoolday.lib import clock
from schoolday.office.people.access import NotYours, access_student
from schoolday.office.people.models import Guardianship, Person
from schoolday.office.people.queries import is_operator, schools_of_staff
from schoolday.office.recordings.models import Recording
from schoolday.office.rosters.models import Section
from schoolday.office.signin.membership import enrollments_between
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.zones import today

_GROWN_UPS = ("teacher", "aide")


def may_record() -> bool:
    """Say whether the district lets its teachers record at all (RECORDINGS)."""
    return bool(settings.SCHOOLDAY["RECORDINGS"] == "teacher")


def access_to_record(person: Person, *, section_id: str, meeting_id: str) -> Meeting:
    """
    Return the meeting of a section that this person teaches, and of which she may bring a recording.

    :raises NotYours: if the district records nothing, there is no such meeting, or she does not teach it
    """
    meeting = Meeting.objects.select_related("section__school__parent").filter(id=meeting_id).first()
    if not may_record() or meeting is None or meeting.section_id != section_id or not person.is_active:
        raise NotYours
    on = meeting.on
    if not enrollments_between(on, on).filter(section=section_id, person=person, role="teacher").exists():
        raise NotYours
    return meeting


def access_own(person: Person, recording_id: str) -> Recording:
    """
    Return a recording that this person makes: only her own device brings its pieces.

    :raises NotYours: otherwise
    """
    found = Recording.objects.select_related("section").filter(id=recording_id, made_by=person).first()
    if found is None:
        raise NotYours
    return found


def visible_to(person: Person) -> QuerySet[Recording]:
    """
    Return the recordings that a person may watch; about five queries.

    Grown-ups of the section all of it; its students and their guardians what is published; the school's office and
    operators all, by an audited look.
    """
    found = Recording.objects.select_related("section__school__parent", "made_by", "meeting")
    if not person.is_active:
        return found.none()
    if is_operator(person):
        return found
    rows = _enrolled([person.id])
    children = list(Guardianship.objects.filter(guardian=person).values_list("student_id", flat=True))
    theirs = {section for section, role in rows if role == "student"}
    theirs |= {section for section, role in _enrolled(children) if role == "student"}
    own = Q(section__in=[section for section, role in rows if role in _GROWN_UPS])
    published = Q(section__in=theirs, published=True, finished_at__isnull=False)
    schools = [school.id for school in schools_of_staff(person)]
    return found.filter(own | published | Q(section__school__in=schools))


def access_recording(person: Person, recording_id: str) -> Recording:
    """
    Return a recording to watch.

    :raises NotYours: if there is none, or it is not hers to see
    """
    found = visible_to(person).filter(id=recording_id).first()
    if found is None or found.keep_until <= clock.now():
        raise NotYours
    return found


def access_to_manage(person: Person, recording_id: str) -> Recording:
    """
    Return a recording to publish or delete: its section's teachers, the school's office, operators.

    :raises NotYours: otherwise
    """
    found = access_recording(person, recording_id)
    if not may_manage(person, found.section):
        raise NotYours
    return found


def access_to_extend(person: Person, recording_id: str) -> Recording:
    """
    Return a recording to keep longer: the school's office and operators.

    :raises NotYours: otherwise
    """
    found = access_recording(person, recording_id)
    if not is_office(person, found.section):
        raise NotYours
    return found


def access_child(person: Person, student_id: str) -> Person:
    """
    Return a child whose recordings an office of hers looks through, when a family's word has changed.

    :raises NotYours: if it is no child of her school
    """
    if not schools_of_staff(person):
        raise NotYours
    return access_student(person, student_id)


def is_office(person: Person, section: Section) -> bool:
    return section.school_id in {school.id for school in schools_of_staff(person)}


def may_manage(person: Person, section: Section) -> bool:
    on = today(section.school)
    mine = enrollments_between(on, on).filter(section=section, person=person, role="teacher")
    return mine.exists() or is_office(person, section)


def is_grown_up(person: Person, section: Section) -> bool:
    """Say whether she may take a copy: students and guardians watch here."""
    on = today(section.school)
    mine = enrollments_between(on, on).filter(section=section, person=person, role__in=_GROWN_UPS)
    guards = Guardianship.objects.filter(guardian=person, student__enrollments__section=section)
    return mine.exists() or guards.exists() or is_office(person, section)


def _enrolled(people: list[str]) -> list[tuple[str, str]]:
    """Return section and role of each enrollment in force today, wherever that is."""
    if not people:
        return []
    first = Section.objects.filter(enrollments__person__in=people).select_related("school__parent").first()
    if first is None:
        return []
    on = today(first.school)
    return list(enrollments_between(on, on).filter(person__in=people).values_list("section_id", "role"))
