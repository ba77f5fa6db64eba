"""Who may print badges of a section, see who is in it, or say where it meets: the only way from an id to one here."""

from django.db.models import QuerySet

from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.rosters.models import Section
from schoolday.office.signin.duty import duty_of
from schoolday.office.signin.membership import Days, days_of, enrollments_between, sections_between
from schoolday.office.timetable.zones import today


def access_section(person: Person, section_id: str, *, aides: bool = True) -> tuple[Section, Days]:
    """
    Return a section that this person teaches, or whose school's office she is in, with the days ahead of it.

    `aides`: whether an aide of the section counts as one who teaches it. About seven queries.

    :raises NotYours: if there is none, it is not in force, or she has nothing to do with it
    """
    section = Section.objects.filter(id=section_id).select_related("school__parent").first()
    if section is None:
        raise NotYours
    days = days_of(section.school)
    if not sections_between(days.first, days.last).filter(id=section.id).exists():
        raise NotYours
    roles = ("teacher", "aide") if aides else ("teacher",)
    mine = enrollments_between(days.first, days.last).filter(section=section, person=person, role__in=roles)
    if not mine.exists() and section.school not in schools_of_staff(person):
        raise NotYours
    return section, days


def access_members(person: Person, section_id: str) -> tuple[Section, Days, bool]:
    """
    Return a section whose members this adult may know, with the days ahead, and whether she asks as one on duty.

    Its teachers and aides, and who has duty in its school. About eight queries.

    :raises NotYours: if there is none, it is not in force, or she has nothing to do with it
    """
    section = Section.objects.filter(id=section_id, school__is_active=True).select_related("school__parent").first()
    if section is None or not person.is_active:
        raise NotYours
    days = days_of(section.school)
    mine = enrollments_between(days.first, days.last).filter(section=section, person=person)
    if mine.filter(role__in=("teacher", "aide")).exists():
        return section, days, False
    in_force = sections_between(days.first, days.last).filter(id=section.id).exists()
    if not in_force or person.id not in duty_of([section.school_id])[section.school_id]:
        raise NotYours
    return section, days, True


def own_sections(person: Person) -> QuerySet[Section]:
    """Return the sections that a person teaches or helps in now, by title."""
    schools = Section.objects.filter(enrollments__person=person).select_related("school__parent").order_by("id")[:1]
    first = next((today(section.school) for section in schools), None)
    if first is None:
        return Section.objects.none()
    mine = enrollments_between(first, first).filter(person=person, role__in=("teacher", "aide"))
    found = sections_between(first, first).filter(id__in=mine.values("section"))
    return found.select_related("school").order_by("title", "id")


def students_of(section: Section, days: Days) -> list[Person]:
    """Return the students of a section, by family name. One query."""
    rows = enrollments_between(days.first, days.last).filter(section=section, role="student")
    people = Person.objects.filter(id__in=rows.values("person"))
    return list(people.order_by("family_name", "given_name", "id"))
