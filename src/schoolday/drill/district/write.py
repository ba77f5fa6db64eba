"""Writing a whole district, one cluster of schools in memory at a time."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from schoolday.drill.district import classes, names, shape
from schoolday.drill.district.bells import BellFiles, school_year, write_bells, zone_for
from schoolday.drill.district.classes import BELL_PERIOD, Group, Teacher
from schoolday.drill.district.families import Families, Guardian, Known
from schoolday.drill.district.oneroster import BLANK, RosterFiles, partial
from schoolday.drill.district.shape import DISTRICT, Cluster, School, Student
from schoolday.lib.errors import SchooldayError

OPERATOR = "sta-0000001"


class YearMismatch(SchooldayError):
    """The school year asked for does not hold the bell."""

    code = "year_mismatch"


@dataclass(frozen=True)
class DistrictFiles:
    """What was written: rows per file, and the bell."""

    counts: dict[str, int]
    bells: BellFiles


def write_district(out: Path, *, students: int, seed: int, bell_at: datetime, year: int | None = None) -> DistrictFiles:
    """
    Write the roster, bells, calendar and logins of an invented district into a folder.

    The same arguments give the same bytes. About 10 s for 50,000 students and 60 MB whatever the size (`tests/drill`).
    `students`: at least 39. `bell_at`: aware, a whole minute. `year`: in which the school year begins on
    1 July; default: the bell's.

    :raises ValueError: for fewer students, a naive bell or one with seconds
    :raises YearMismatch: if the bell is not in that school year
    """
    district = shape.Shape(students)
    bell_year = school_year(bell_at.astimezone(zone_for(bell_at)).date())
    year = bell_year if year is None else year
    if year != bell_year:
        raise YearMismatch(f"The bell rings in the school year that begins in {bell_year}, not in {year}.")
    with RosterFiles(out) as files:
        writer = _Writer(files, seed=seed, year=year)
        writer.district()
        for number in range(len(district.sizes)):
            writer.cluster(district.cluster(number))
    bells = write_bells(out, bell_at=bell_at)
    logins = partial(out / "logins.json")
    logins.write_text(json.dumps(writer.logins, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    logins.replace(out / "logins.json")
    files.write_manifest()
    return DistrictFiles(counts=files.counts, bells=bells)


class _Writer:
    def __init__(self, files: RosterFiles, *, seed: int, year: int) -> None:
        self._files = files
        self._seed = seed
        self._year = year
        self._families = Families()
        self._staff = 0
        self.logins: dict[str, Any] = {}

    def district(self) -> None:
        """Write what there is once: district, sessions, courses, the operator."""
        year = f"ses-{self._year}"
        begins, middle, ends = date(self._year, 7, 1), date(self._year + 1, 1, 1), date(self._year + 1, 7, 1)
        sessions = (
            (year, f"{self._year}-{self._year + 1}", "schoolYear", begins, ends, ""),
            (f"{year}-1", "First semester", "semester", begins, middle, year),
            (f"{year}-2", "Second semester", "semester", middle, ends, year),
        )
        self._files.add(
            "academicSessions",
            (
                (id, *BLANK, title, kind, first, last, parent, self._year + 1)
                for id, title, kind, first, last, parent in sessions
            ),
        )
        self._files.add("orgs", [(DISTRICT, *BLANK, "Bay County Public Schools", "district", "00", "", "", "", "")])
        self._files.add(
            "courses",
            (
                (id, *BLANK, year, title, id[4:].upper(), grades, DISTRICT, subject, "")
                for id, title, grades, subject in classes.courses()
            ),
        )
        user_name = self._hire(names.dice(self._seed, "operator"), "systemAdministrator", DISTRICT)[1]
        self.logins["operator"] = {"user_name": user_name, "sourced_id": OPERATOR, "school": DISTRICT}

    def cluster(self, cluster: Cluster) -> None:
        """Write one cluster: schools, families, staff, sections."""
        rng = names.dice(self._seed, str(cluster.number))
        known, guardians = self._families.settle(cluster, rng)
        groups = list(classes.groups_of(cluster, rng))
        self._files.add("orgs", (self._org_row(school) for school in cluster.schools))
        principals = {school.id: self._hire(rng, "principal", school.id) for school in cluster.schools}
        self._guardians(guardians)
        for school in cluster.schools:
            for grade in school.grades:
                self._students(school.students[grade])
        adults = self._adults(groups, rng)
        self._files.add("classes", (self._class_row(group) for group in groups))
        self._files.add("enrollments", (row for group in groups for row in self._enrollment_rows(group, adults)))
        if cluster.number == 0:
            self._remember(known, guardians, groups, adults, principals)

    def _org_row(self, school: School) -> tuple[object, ...]:
        number = int(school.id[-4:])
        phone = f"305-555-{100 + number % 100:04d}"  # 555-0100 to 0199 belong to nobody
        return (school.id, *BLANK, school.name, "school", school.id[-4:], DISTRICT, school.region, "", phone)

    def _guardians(self, guardians: list[Guardian]) -> None:
        self._files.add(
            "users",
            (
                _user_row(
                    g.id, guardian_name(g), g.given, g.family, g.schools[0].id, language=g.language, phone=g.number
                )
                for g in guardians
            ),
        )
        self._files.add(
            "roles",
            (
                _role_row(g.id, "guardian", school.id, is_primary=school is g.schools[0])
                for g in guardians
                for school in g.schools
            ),
        )

    def _students(self, students: list[Student]) -> None:
        self._files.add(
            "users",
            (
                _user_row(
                    s.id, student_name(s), s.given, s.family, s.school.id,
                    language=s.language, grade=s.grade, agents=s.guardians,
                )
                for s in students
            ),
        )  # fmt: skip
        self._files.add("roles", (row for s in students for row in _student_roles(s)))

    def _adults(self, groups: list[Group], rng: random.Random) -> dict[tuple[str, str], tuple[str, str]]:
        """Hire everybody whom the groups name, in that order."""
        hired: dict[tuple[str, str], tuple[str, str]] = {}
        for group in groups:
            for teacher, _, _ in group.adults:
                if _key(teacher) not in hired:
                    hired[_key(teacher)] = self._hire(rng, teacher.role, teacher.school.id)
        return hired

    def _hire(self, rng: random.Random, role: str, org: str) -> tuple[str, str]:
        """Write one member of staff; return her id and user name."""
        self._staff += 1
        id = f"sta-{self._staff:07d}"
        language = names.language(rng)
        given, family = names.given_names(rng, language, 1)[0], names.family_name(rng, language)
        user_name = f"{names.ascii_letters(given)[:1]}.{names.ascii_letters(family)}.t{self._staff}"
        self._files.add("users", [_user_row(id, user_name, given, family, org, language=language)])
        self._files.add("roles", [_role_row(id, role, org, is_primary=True)])
        return id, user_name

    def _class_row(self, group: Group) -> tuple[object, ...]:
        year = f"ses-{self._year}"
        terms = f"{year}-1,{year}-2" if group.by_semester else year
        return (
            group.id, *BLANK, group.title, ",".join(group.grades), group.course, group.id[4:], group.kind, "",
            group.school.id, terms, group.subject, "", ",".join(group.periods),
        )  # fmt: skip

    def _enrollment_rows(
        self, group: Group, adults: dict[tuple[str, str], tuple[str, str]]
    ) -> Iterator[tuple[object, ...]]:
        stem = f"enr-{group.id[4:]}"
        for n, (teacher, role, is_primary) in enumerate(group.adults):
            # A substitute comes for the second half of the first semester.
            dates = (date(self._year, 10, 15), date(self._year, 12, 21)) if "substitute" in teacher.key else ("", "")
            yield (f"{stem}-t{n}", *BLANK, group.id, group.school.id, adults[_key(teacher)][0], role,
                   _flag(is_primary), *dates)  # fmt: skip
        for student in group.students:
            yield (
                f"{stem}-{student.number}",
                *BLANK,
                group.id,
                group.school.id,
                student.id,
                "student",
                "false",
                "",
                "",
            )

    def _remember(
        self,
        known: Known,
        guardians: list[Guardian],
        groups: list[Group],
        adults: dict[tuple[str, str], tuple[str, str]],
        principals: dict[str, tuple[str, str]],
    ) -> None:
        """Note whom to sign on as; `section`: where she sits at the demo's bell."""
        group = _at_the_bell(known.student, groups)
        teacher_id, teacher_name = adults[_key(group.adults[0][0])]
        school = known.student.school.id
        guardian = next(g for g in guardians if g.id == known.student.guardians[0])
        principal_id, principal_name = principals[school]
        self.logins |= {
            "student": _login(known.student, groups),
            "kindergartner": _login(known.kindergartner, groups),
            "teacher": {"user_name": teacher_name, "sourced_id": teacher_id, "school": school, "section": group.id},
            "guardian": {
                "user_name": guardian_name(guardian),
                "sourced_id": guardian.id,
                "children": [known.student.id, known.kindergartner.id],
            },
            "principal": {"user_name": principal_name, "sourced_id": principal_id, "school": school},
            "twins": [_login(twin, groups) for twin in known.twins],
            "outsider": _login(known.outsider, groups),
        }


def student_name(student: Student) -> str:
    """Return the user name: letters only, and her number makes it hers alone."""
    return f"{names.ascii_letters(student.given)}.{names.ascii_letters(student.family)}{student.number}"


def guardian_name(guardian: Guardian) -> str:
    return f"{names.ascii_letters(guardian.given)}.{names.ascii_letters(guardian.family)}.g{guardian.number}"


def _at_the_bell(student: Student, groups: list[Group]) -> Group:
    period = BELL_PERIOD[student.school.band]
    return next(group for group in groups if period in group.periods and student in group.students)


def _login(student: Student, groups: list[Group]) -> dict[str, str]:
    return {
        "user_name": student_name(student),
        "sourced_id": student.id,
        "school": student.school.id,
        "grade": student.grade,
        "section": _at_the_bell(student, groups).id,
    }


def _student_roles(student: Student) -> Iterator[tuple[object, ...]]:
    yield _role_row(student.id, "student", student.school.id, is_primary=True)
    if student.also_at is not None:
        yield _role_row(student.id, "student", student.also_at.id, is_primary=False)


def _role_row(user: str, role: str, org: str, *, is_primary: bool) -> tuple[object, ...]:
    kind = "primary" if is_primary else "secondary"
    return (f"rol-{user}-{org}", *BLANK, user, kind, role, "", "", org, "")


def _user_row(
    id: str,
    user_name: str,
    given: str,
    family: str,
    org: str,
    *,
    language: str,
    grade: str = "",
    agents: tuple[str, ...] = (),
    phone: int | None = None,
) -> tuple[object, ...]:
    # .example is nobody's; no demo ever sends a letter to a real family.
    email = f"{user_name}@bay-county.example" if not grade else ""
    number = "" if phone is None else f"305-555-{100 + phone % 100:04d}"
    return (
        id, *BLANK, "true", user_name, "", given, family, "", id[4:], email, number, number, ",".join(agents), grade,
        "", "", "", "", "", "", org, "", language,
    )  # fmt: skip


def _key(teacher: Teacher) -> tuple[str, str]:
    return (teacher.school.id, teacher.key)


def _flag(value: bool) -> str:
    return "true" if value else "false"
