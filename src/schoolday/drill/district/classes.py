"""
What is taught, to whom, by whom and in which periods.

K-5: a homeroom keeps its section all day (M1 M2 M3 A1 A2 A3) but for one period with the music teacher whom
homerooms share. 6-8: a group moves through six subjects in periods 1 to 6. 9-12: six subjects, and a seventh period of
electives in which all grades mix. No teacher teaches two sections in one period.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from schoolday.drill.district import shape
from schoolday.drill.district.shape import Cluster, School, Student

HOMEROOM_PERIODS = ("M1", "M2", "M3", "A1", "A2", "A3")
MIDDLE_PERIODS = ("1", "2", "3", "4", "5", "6")
HIGH_PERIODS = (*MIDDLE_PERIODS, "7")
PERIODS = {"e": HOMEROOM_PERIODS, "m": MIDDLE_PERIODS, "h": HIGH_PERIODS}
# The period that rings at the demo's bell: always the second, so that who sits where does not depend on the hour.
BELL_PERIOD = {"e": "M2", "m": "2", "h": "2"}

SUBJECTS = {
    "m": ("Math", "Language Arts", "Science", "Civics", "Spanish", "Physical Education"),
    "h": ("Algebra", "English", "Biology", "History", "Spanish", "Chemistry"),
}
ELECTIVES = ("Art", "Band", "Computer Science", "Drama", "Health", "Journalism", "Photography", "World Cooking")
_GROUP_AT_MOST = 28
_ELECTIVE_AT_MOST = 30
_DUAL_PERIOD = "6"
_DUAL_ONE_IN = 200  # 8th-graders who take one class at the high school


@dataclass
class Teacher:
    """One adult of a school, in the order in which she is needed. `role`: OneRoster's."""

    key: str
    school: School
    role: str = "teacher"


@dataclass
class Group:
    """One section. `adults`: (teacher, enrollment role, is primary)."""

    id: str
    school: School
    title: str
    course: str
    grades: tuple[str, ...]
    kind: str
    subject: str
    periods: tuple[str, ...]
    students: list[Student]
    by_semester: bool = False
    adults: list[tuple[Teacher, str, bool]] = field(default_factory=list)


def groups_of(cluster: Cluster, rng: random.Random) -> Iterator[Group]:
    """Return every section of a cluster, adults included."""
    dual = _send_up(cluster)
    for school in cluster.schools:
        made = {"e": _elementary, "m": _middle, "h": _high}[school.band](school, rng, dual)
        staff = _Staff(school)
        for number, group in enumerate(made, 1):
            group.id = f"cls-{school.id[4:]}-{number:04d}"
            staff.place(group, rng)
            yield group


def courses() -> Iterator[tuple[str, str, str, str]]:
    """Return all courses of the district: id, title, grades, subject."""
    for grade in shape.ELEMENTARY:
        yield f"crs-homeroom-{grade}", f"Homeroom {_spoken(grade)}", grade, "Homeroom"
        yield f"crs-music-{grade}", f"Music {_spoken(grade)}", grade, "Music"
    for band, grades in (("m", shape.MIDDLE), ("h", shape.HIGH)):
        for subject in SUBJECTS[band]:
            for grade in grades:
                yield _course(subject, grade), f"{subject} {_spoken(grade)}", grade, subject
    for subject in ELECTIVES:
        yield _course(subject, "hs"), subject, ",".join(shape.HIGH), subject


def _send_up(cluster: Cluster) -> list[Student]:
    """Mark the 8th-graders who also go to the high school, and return them: the last of their grade."""
    eighth = cluster.students("08")
    dual = eighth[-(1 + len(eighth) // _DUAL_ONE_IN) :]
    for student in dual:
        student.also_at = cluster.of_band("h")[0]
    return dual


def _elementary(school: School, rng: random.Random, dual: list[Student]) -> Iterator[Group]:
    homeroom = 0
    for grade in school.grades:
        for number, students in enumerate(shape.groups(school.students[grade], at_most=_GROUP_AT_MOST), 1):
            music = HOMEROOM_PERIODS[(homeroom + 3) % len(HOMEROOM_PERIODS)]
            rest = tuple(period for period in HOMEROOM_PERIODS if period != music)
            name = f"{_spoken(grade)}-{number}"
            yield Group("", school, f"Homeroom {name}", f"crs-homeroom-{grade}", (grade,), "homeroom", "Homeroom",
                        rest, students)  # fmt: skip
            yield Group("", school, f"Music {name}", f"crs-music-{grade}", (grade,), "scheduled", "Music",
                        (music,), students)  # fmt: skip
            homeroom += 1


def _middle(school: School, rng: random.Random, dual: list[Student]) -> Iterator[Group]:
    away = {student.id for student in dual}
    yield from _by_subject(school, away)


def _high(school: School, rng: random.Random, dual: list[Student]) -> Iterator[Group]:
    guests = [student for student in dual if student.also_at is school]
    yield from _by_subject(school, set(), guests)
    everybody = [student for grade in school.grades for student in school.students[grade]]
    rng.shuffle(everybody)
    for number, students in enumerate(shape.groups(everybody, at_most=_ELECTIVE_AT_MOST)):
        subject = ELECTIVES[number % len(ELECTIVES)]
        title = f"{subject} {number // len(ELECTIVES) + 1}"
        yield Group("", school, title, _course(subject, "hs"), shape.HIGH, "scheduled", subject, ("7",), students,
                    by_semester=True)  # fmt: skip


def _by_subject(school: School, away: set[str], guests: list[Student] | None = None) -> Iterator[Group]:
    """`away`: students who are elsewhere in the sixth period; `guests`: students from elsewhere in that period."""
    index = 0
    subjects = SUBJECTS[school.band]
    for grade in school.grades:
        for number, students in enumerate(shape.groups(school.students[grade], at_most=_GROUP_AT_MOST), 1):
            for turn, period in enumerate(MIDDLE_PERIODS):
                subject = subjects[(index + turn) % len(subjects)]
                members = students
                if period == _DUAL_PERIOD:
                    members = [student for student in students if student.id not in away]
                    if guests and index == 0:
                        members = members + guests
                yield Group("", school, f"{subject} {_spoken(grade)}-{number}", _course(subject, grade), (grade,),
                            "scheduled", subject, (period,), list(members))  # fmt: skip
            index += 1


class _Staff:
    """Finds each section of one school its adults; hires when nobody of the subject is free."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._busy: dict[str, list[tuple[Teacher, set[str]]]] = {}
        self._hired = 0
        self._placed = 0

    def place(self, group: Group, rng: random.Random) -> None:
        self._placed += 1
        pool = group.id if group.kind == "homeroom" else group.subject
        group.adults.append((self._free(pool, group.periods), "teacher", True))
        if group.kind == "homeroom" and group.grades[0] in ("KG", "01", "02") and self._placed % 3 == 1:
            group.adults.append((self._hire("aide"), "proctor", False))
        elif self._placed % 17 == 2:
            group.adults.append((self._free("co-teacher", group.periods), "teacher", False))
        elif self._placed % 41 == 4:
            group.adults.append((self._hire("teacher", key="substitute"), "teacher", False))

    def _free(self, pool: str, periods: tuple[str, ...]) -> Teacher:
        for teacher, busy in self._busy.setdefault(pool, []):
            if not busy.intersection(periods):
                busy.update(periods)
                return teacher
        teacher = self._hire("teacher")
        self._busy[pool].append((teacher, set(periods)))
        return teacher

    def _hire(self, role: str, key: str = "") -> Teacher:
        self._hired += 1
        return Teacher(f"{key or role}-{self._hired}", self._school, role)


def _course(subject: str, grade: str) -> str:
    return f"crs-{subject.lower().replace(' ', '-')}-{grade}"


def _spoken(grade: str) -> str:
    return "K" if grade == "KG" else str(int(grade))
