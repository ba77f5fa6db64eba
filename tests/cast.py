"""The people that all tests of the office use: each knows exactly what her role lets her know."""

from dataclasses import dataclass

from schoolday.lib import ids
from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.office.rosters.models import AcademicSession, Course, Enrollment, Section

PASSWORD = "a-good-morning"


@dataclass
class Cast:
    """One district, two schools, two sections; the outsiders are in the second."""

    district: Org
    school: Org
    other_school: Org
    section: Section
    other_section: Section
    student: Person
    twin: Person  # same name, same section
    other_student: Person
    teacher: Person
    other_teacher: Person
    guardian: Person  # of student and twin
    other_guardian: Person
    principal: Person
    other_principal: Person
    operator: Person


def make_person(user_name: str, given: str, family: str, role: str, org: Org, **extra: object) -> Person:
    person = Person(
        sourced_id=f"src-{user_name}",
        user_name=user_name,
        given_name=given,
        family_name=family,
        **extra,
    )
    if role == "student":
        person.badge_number = ids.to_int(ids.new_id()) >> 20
    person.set_unusable_password()
    person.save()
    RoleAssignment.objects.create(person=person, org=org, role=role, source_role=role, is_primary=True)
    return person


def make_section(school: Org, title: str, *, periods: str, grades: str = "07") -> Section:
    course = Course.objects.create(sourced_id=f"course-{title}", title=title, org=school)
    section = Section.objects.create(
        sourced_id=f"section-{title}", title=title, school=school, course=course, periods=periods, grades=grades
    )
    section.sessions.add(AcademicSession.objects.get())
    return section


def enroll(section: Section, person: Person, role: str) -> Enrollment:
    return Enrollment.objects.create(
        sourced_id=f"{section.sourced_id}:{person.sourced_id}", section=section, person=person, role=role
    )


def make_cast() -> Cast:
    district = Org.objects.create(sourced_id="d", kind=Org.Kind.DISTRICT, name="Bay District")
    school = Org.objects.create(sourced_id="s1", kind=Org.Kind.SCHOOL, name="Olinda Middle", parent=district)
    other_school = Org.objects.create(sourced_id="s2", kind=Org.Kind.SCHOOL, name="Mangrove Middle", parent=district)
    AcademicSession.objects.create(
        sourced_id="year", title="2026-27", kind="schoolYear", starts_on="2026-08-01", ends_on="2027-07-01"
    )
    cast = Cast(
        district=district,
        school=school,
        other_school=other_school,
        section=make_section(school, "Math 7", periods="1"),
        other_section=make_section(other_school, "Science 7", periods="1"),
        student=make_person("naika.p", "Naïka", "Pierre", "student", school, grade="07", language="ht"),
        twin=make_person("naika.p2", "Naïka", "Pierre", "student", school, grade="07", language="ht"),
        other_student=make_person("leo.g", "Leo", "García", "student", other_school, grade="07", language="es"),
        teacher=make_person("e.ruiz", "Elena", "Ruiz", "teacher", school, language="es"),
        other_teacher=make_person("c.okafor", "Chidi", "Okafor", "teacher", other_school),
        guardian=make_person("m.pierre", "Marie", "Pierre", "guardian", school, language="ht"),
        other_guardian=make_person("a.garcia", "Ana", "García", "guardian", other_school, language="es"),
        principal=make_person("p.stone", "Pat", "Stone", "administrator", school),
        other_principal=make_person("q.vale", "Quinn", "Vale", "administrator", other_school),
        operator=make_person("o.reyes", "Omar", "Reyes", "operator", district),
    )
    for person in (cast.student, cast.twin):
        enroll(cast.section, person, "student")
        Guardianship.objects.create(guardian=cast.guardian, student=person)
    enroll(cast.section, cast.teacher, "teacher")
    enroll(cast.other_section, cast.other_student, "student")
    enroll(cast.other_section, cast.other_teacher, "teacher")
    Guardianship.objects.create(guardian=cast.other_guardian, student=cast.other_student)
    return cast
