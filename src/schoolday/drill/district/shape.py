"""
How large the district is: clusters of schools that families share, and the schools of each.

A cluster is one high school and the middle and elementary schools that feed it, about 5,200 students; it is what
the generator holds in memory. Sizes after Miami-Dade's averages; our judgement.
"""

from dataclasses import dataclass, field

from schoolday.drill.district import names

ELEMENTARY = ("KG", "01", "02", "03", "04", "05")
MIDDLE = ("06", "07", "08")
HIGH = ("09", "10", "11", "12")
GRADES = ELEMENTARY + MIDDLE + HIGH
STUDENTS_AT_LEAST = 3 * len(GRADES)  # the demo's student and the twins share a grade
REGIONS = ("North", "Central", "South")
DISTRICT = "district"
_CLUSTER_STUDENTS = 5_200
_BANDS = (("e", "Elementary", ELEMENTARY, 650), ("m", "Middle", MIDDLE, 1_200), ("h", "High", HIGH, 1_800))


@dataclass
class Student:
    """One invented student while her cluster is made."""

    id: str
    number: int
    grade: str
    school: "School"
    given: str = ""
    family: str = ""
    language: str = ""
    guardians: tuple[str, ...] = ()
    also_at: "School | None" = None


@dataclass
class School:
    """One school; `id` tells its band: `sch-e-0001`, `sch-m-`, `sch-h-`."""

    id: str
    name: str
    region: str
    grades: tuple[str, ...]
    students: dict[str, list[Student]] = field(default_factory=dict)

    @property
    def band(self) -> str:
        return band_of(self.id)


@dataclass
class Cluster:
    """Schools that feed one another, lowest first, with their students."""

    number: int
    schools: list[School]

    def of_band(self, band: str) -> list[School]:
        return [school for school in self.schools if school.band == band]

    def students(self, grade: str) -> list[Student]:
        return [student for school in self.schools for student in school.students.get(grade, [])]


def band_of(school_id: str) -> str:
    """Return `e`, `m` or `h`."""
    return school_id.split("-")[1]


class Shape:
    """Makes the clusters one after another, numbering schools and students through the district."""

    def __init__(self, students: int) -> None:
        if students < STUDENTS_AT_LEAST:
            raise ValueError(f"A district of this shape needs at least {STUDENTS_AT_LEAST} students, not {students}.")
        self.sizes = share(students, max(1, round(students / _CLUSTER_STUDENTS)))
        self._schools = 0
        self._students = 0

    def cluster(self, number: int) -> Cluster:
        """Return the next cluster; ask for 0, 1, 2 ... in order."""
        of_grade = dict(zip(GRADES, share(self.sizes[number], len(GRADES)), strict=True))
        schools = []
        for letter, word, grades, usual in _BANDS:
            in_band = sum(of_grade[grade] for grade in grades)
            count = max(1, round(in_band / usual))
            by_school = {grade: share(of_grade[grade], count) for grade in grades}
            for i in range(count):
                school = self._school(letter, word, grades, cluster=number)
                for grade in grades:
                    school.students[grade] = [self._student(grade, school) for _ in range(by_school[grade][i])]
                schools.append(school)
        return Cluster(number, schools)

    def _school(self, letter: str, word: str, grades: tuple[str, ...], *, cluster: int) -> School:
        index = self._schools
        self._schools += 1
        rounds, name = divmod(index, len(names.SCHOOLS))
        # A small district has one cluster; its three schools are three regions all the same.
        region = REGIONS[(index if len(self.sizes) == 1 else cluster) % len(REGIONS)]
        full_name = " ".join(filter(None, (names.SCHOOLS[name], word, str(rounds + 1) if rounds else "")))
        return School(f"sch-{letter}-{index + 1:04d}", full_name, region, grades)

    def _student(self, grade: str, school: School) -> Student:
        self._students += 1
        return Student(f"stu-{self._students:07d}", self._students, grade, school)


def share(total: int, parts: int) -> list[int]:
    """Divide as evenly as whole numbers allow, larger parts first."""
    each, rest = divmod(total, parts)
    return [each + (i < rest) for i in range(parts)]


def groups(students: list[Student], *, at_most: int) -> list[list[Student]]:
    """Divide students into even groups, in their order."""
    found, start = [], 0
    if students:
        for size in share(len(students), -(-len(students) // at_most)):
            found.append(students[start : start + size])
            start += size
    return found
