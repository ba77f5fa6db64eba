"""Who may arrange who comes to a class, and who speaks for a child: the only way from an id to either."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from schoolday.office.arrangements.models import Arrangement, SchoolRules
from schoolday.office.people.access import NotYours, access_school, access_student
from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.office.people.queries import is_operator, schools_of_staff
from schoolday.office.people.zones import today
from schoolday.office.rosters.models import Section
from schoolday.office.rosters.oneroster.tables import LOCAL_PREFIX
from schoolday.office.rosters.queries import enrollment_in_force, sections_in_force

Role = RoleAssignment.Role
Kind = Arrangement.Kind
STAFF = (Role.TEACHER, Role.AIDE, Role.ADMINISTRATOR, Role.OPERATOR)
GUESTS = frozenset({Kind.AIDE, Kind.INTERPRETER, Kind.VISIT, Kind.GUARDIAN})  # whom a teacher may ask, where allowed
FOUND_AT_MOST = 20


@dataclass(frozen=True)
class Leave:
    """What this person may do with the arrangements of a section: `kinds` she may make, and whether all she may end."""

    section: Section
    on: date
    kinds: tuple[str, ...]
    is_office: bool


def rules_of(school: Org) -> SchoolRules:
    """Return what a school allows; one query. Not saved when nothing was decided yet."""
    return SchoolRules.objects.filter(school=school).first() or SchoolRules(school=school)


def access_section(person: Person, section_id: str) -> Leave:
    """
    Return a section whose office this person is, or that she teaches by the roster, and what she may arrange there.

    Who was only arranged arranges nobody. Six queries.

    :raises NotYours: if there is none in force, or she has nothing to do with it
    """
    section = Section.objects.filter(id=section_id).select_related("school__parent").first()
    if section is None or not person.is_active:
        raise NotYours
    on = today(section.school)
    if not sections_in_force(on).filter(id=section.id).exists():
        raise NotYours
    rules = rules_of(section.school)
    allowed = [kind for kind in Kind.values if kind != Kind.GUARDIAN or rules.guardians_may_observe]
    if section.school in schools_of_staff(person):
        return Leave(section, on, tuple(allowed), is_office=True)
    mine = section.enrollments.filter(enrollment_in_force(on), person=person, role="teacher")
    if not mine.exclude(sourced_id__startswith=LOCAL_PREFIX).exists():
        raise NotYours
    kinds = [kind for kind in allowed if kind in GUESTS] if rules.teachers_may_invite else []
    return Leave(section, on, tuple(kinds), is_office=False)


def access_looks_after(person: Person, section_id: str) -> Leave:
    """
    Return the same for whoever may know what families said: also aides and substitutes, who arrange nobody.

    :raises NotYours: as above
    """
    try:
        return access_section(person, section_id)
    except NotYours:
        section = Section.objects.filter(id=section_id).select_related("school__parent").first()
        if section is None or not person.is_active:
            raise
        on = today(section.school)
        mine = section.enrollments.filter(enrollment_in_force(on), person=person, role__in=("teacher", "aide"))
        if not mine.exists() or not sections_in_force(on).filter(id=section.id).exists():
            raise
        return Leave(section, on, (), is_office=False)


def access_arrangement(person: Person, arrangement_id: str) -> Arrangement:
    """
    Return an arrangement that this person may end: of her school, or of her section and one she may make there.

    :raises NotYours: if there is none
    """
    found = Arrangement.objects.filter(id=arrangement_id).select_related("section__school", "person").first()
    if found is None:
        raise NotYours
    leave = access_section(person, found.section_id)
    if not leave.is_office and found.kind not in GUESTS:
        raise NotYours
    return found


def own_sections(person: Person) -> list[Section]:
    """Return the sections that a person looks after today, by title. Two queries."""
    rows = person.enrollments.filter(is_active=True, role__in=("teacher", "aide")).select_related(
        "section__school__parent"
    )
    found = {row.section_id: row for row in rows if _holds(row.begins_on, row.ends_on, today(row.section.school))}
    in_force = {one.id for one in Section.objects.filter(id__in=found, is_active=True, school__is_active=True)}
    return sorted((row.section for key, row in found.items() if key in in_force), key=lambda one: (one.title, one.id))


def who_may_come(leave: Leave, kind: str) -> QuerySet[Person]:
    """
    Return the people whom one may arrange as this. Never a student; a guardian as an observer of her child's class.

    An office chooses among all staff of the district, a teacher among those of her school and of no school.
    """
    if kind not in leave.kinds:
        raise NotYours
    people = Person.objects.filter(is_active=True)
    students = RoleAssignment.objects.filter(role=Role.STUDENT).values("person")
    if kind == Kind.GUARDIAN:
        children = leave.section.enrollments.filter(enrollment_in_force(leave.on), role="student").values("person")
        of_class = Guardianship.objects.filter(student__in=children).values("guardian")
        return people.filter(id__in=of_class).exclude(id__in=students)
    staff = RoleAssignment.objects.filter(role__in=STAFF)
    if not leave.is_office:
        staff = staff.filter(Q(org=leave.section.school) | Q(org__kind=Org.Kind.DISTRICT))
    return people.filter(id__in=staff.values("person")).exclude(id__in=students)


def search(leave: Leave, kind: str, words: str) -> list[Person]:
    """Return who has all these words in her name, or as user name or e-mail, by family name; the first 20."""
    found = who_may_come(leave, kind)
    for word in words.split()[:5]:
        found = found.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(preferred_name__icontains=word)
            | Q(user_name__iexact=word)
            | Q(email__iexact=word)
        )
    return list(found.order_by("family_name", "given_name", "id")[:FOUND_AT_MOST])


def children_of(guardian: Person) -> list[Person]:
    """Return the children for whom this person speaks, by name. One query."""
    rows = Guardianship.objects.filter(guardian=guardian, student__is_active=True).select_related("student")
    return sorted((row.student for row in rows), key=lambda child: (child.name, child.id))


def access_child(guardian: Person, child_id: str) -> Person:
    """
    Return a child for whom this person speaks.

    :raises NotYours: if she is no guardian of such a child
    """
    for child in children_of(guardian) if guardian.is_active else ():
        if child.id == child_id:
            return child
    raise NotYours


def access_pupil(person: Person, leave: Leave, child_id: str) -> Person:
    """
    Return a student of a section that somebody looks after.

    :raises NotYours: if there is none in it now
    """
    child = access_student(person, child_id)
    if not leave.section.enrollments.filter(enrollment_in_force(leave.on), person=child, role="student").exists():
        raise NotYours
    return child


def access_office_of(person: Person, child_id: str) -> Person:
    """
    Return a student of a school whose office this person is.

    :raises NotYours: otherwise
    """
    child = Person.objects.filter(id=child_id, is_active=True, roles__role=Role.STUDENT).first()
    if child is None:
        raise NotYours
    schools = set(child.roles.filter(role=Role.STUDENT).values_list("org_id", flat=True))
    if not is_operator(person) and not schools & {school.id for school in schools_of_staff(person)}:
        raise NotYours
    return child


def access_rules(person: Person, school_id: str) -> Org:
    """Return a school whose rules this person may set: its office, and operators."""
    return access_school(person, school_id)


def _holds(begins_on: date | None, ends_on: date | None, on: date) -> bool:
    return (begins_on is None or begins_on <= on) and (ends_on is None or on < ends_on)
