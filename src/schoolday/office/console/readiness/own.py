"""A teacher's own classes: who is ready for the next day. The only way from a teacher to readiness."""

from dataclasses import dataclass

from schoolday.office.console.readiness import lists
from schoolday.office.console.readiness.calls import Family, families_to_call
from schoolday.office.console.readiness.days import NextDay, next_days
from schoolday.office.console.readiness.figures import Tally
from schoolday.office.console.readiness.lists import Holder
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force, sections_in_force


@dataclass(frozen=True)
class OwnSection:
    """One of her sections on its school's next day. `missing`: the students who are not ready, by family name."""

    section: Section
    tally: Tally
    missing: list[Holder]


@dataclass(frozen=True)
class OwnSchool:
    """Her sections of one school, and the families of her students there, and of no others, who want a call."""

    school: Org
    day: NextDay
    sections: list[OwnSection]
    families: list[Family]


def access_own(person: Person) -> list[OwnSchool]:
    """
    Return the sections that a person teaches or helps in on their school's next day.

    About 16 queries for each school she teaches at, however many sections and students.

    :raises NotYours: if she has none
    """
    mine = Enrollment.objects.filter(person=person, role__in=("teacher", "aide"), is_active=True)
    schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True, sections__in=mine.values("section"))
    days = next_days(list(schools.distinct().order_by("name", "id")))
    found = [
        _school(person, school, days[school.id])
        for school in schools.distinct().order_by("name", "id")
        if school.id in days
    ]
    found = [one for one in found if one.sections]
    if not person.is_active or not found:
        raise NotYours
    return found


def _school(person: Person, school: Org, day: NextDay) -> OwnSchool:
    mine = Enrollment.objects.filter(enrollment_in_force(day.on), person=person, role__in=("teacher", "aide"))
    sections = sections_in_force(day.on).filter(school=school, id__in=mine.values("section")).order_by("title", "id")
    of_section: dict[str, list[Holder]] = {section.id: [] for section in sections}
    for section_id, holder in lists.students_of(list(of_section), day):
        of_section[section_id].append(holder)
    students = {holder.person.id for all_of_it in of_section.values() for holder in all_of_it}
    families = families_to_call(school, day, students=students) if students else []
    return OwnSchool(school, day, [_section(section, of_section[section.id]) for section in sections], families)


def _section(section: Section, students: list[Holder]) -> OwnSection:
    ready = sum(holder.is_ready for holder in students)
    may = sum(holder.state in ("grace", "badge") for holder in students)
    missing = [holder for holder in students if not holder.is_ready]
    return OwnSection(section, Tally(len(students), ready, may), missing)
