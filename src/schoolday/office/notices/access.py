"""Who may see and send which notice: operators all, administrators what is for their own schools. Deny by default."""

from dataclasses import replace

from schoolday.office.notices.audience import Audience
from schoolday.office.notices.models import Notice
from schoolday.office.people.access import NotYours, Role
from schoolday.office.people.models import Org, Person
from schoolday.office.people.queries import is_operator, schools_of_staff
from schoolday.office.rosters.models import Section


def access_sender(person: Person) -> list[Org]:
    """
    Return the schools a person may send notices to.

    :raises NotYours: if she is neither an operator nor an administrator of a school
    """
    schools = schools_of_staff(person)
    if not (schools or is_operator(person)):
        raise NotYours
    return schools


def access_audience(person: Person, audience: Audience) -> Audience:
    """
    Return the audience, narrowed down to what a person may tell: an administrator's empty "all" means her schools.

    :raises NotYours: if it names a school, a section or a region that is not hers to tell
    """
    if is_operator(person):
        return audience
    own = {school.id for school in access_sender(person)}
    sections = set(Section.objects.filter(id__in=audience.sections).values_list("school_id", flat=True))
    if audience.regions or not set(audience.schools) <= own or not sections <= own:
        raise NotYours
    return audience if audience.schools else replace(audience, schools=tuple(sorted(own)))


def access_draft(person: Person, notice_id: str) -> Notice:
    """
    Return a draft of this person's own.

    :raises NotYours: if it is somebody else's, or was sent
    """
    found = Notice.objects.filter(id=notice_id, state=Notice.State.DRAFT, made_by=person.id).first()
    if found is None:
        raise NotYours
    access_sender(person)
    return found


def access_notice(person: Person, notice_id: str) -> tuple[Notice, list[Org] | None]:
    """
    Return a sent notice and the schools of which she may see how it went; None: all of them.

    :raises NotYours: if it touches none of her schools
    """
    schools = access_sender(person)
    found = Notice.objects.exclude(state=Notice.State.DRAFT).filter(id=notice_id).select_related("follows").first()
    if found is None:
        raise NotYours
    if is_operator(person):
        return found, None
    touched = list(found.schools.filter(id__in=[school.id for school in schools]).order_by("name"))
    if not touched:
        raise NotYours
    return found, touched


def access_to_change(person: Person, notice_id: str) -> Notice:
    """
    Return a sent notice this person may stop, send again or withdraw: all whose schools are hers.

    :raises NotYours: otherwise
    """
    notice, _ = access_notice(person, notice_id)
    if not is_operator(person):
        own = [school.id for school in access_sender(person)]
        if notice.schools.exclude(id__in=own).exists():
            raise NotYours
    return notice


def access_guardians_of(person: Person, student_id: str) -> Person:
    """
    Return a student whose guardians' rights this person keeps: an operator's, or one of her school.

    :raises NotYours: for everybody else, teachers and the guardians themselves too
    """
    students = Person.objects.filter(id=student_id, is_active=True, roles__role=Role.STUDENT)
    if not is_operator(person):
        students = students.filter(roles__role=Role.STUDENT, roles__org__in=access_sender(person))
    found = students.distinct().first()
    if found is None:
        raise NotYours
    return found
