"""
An invented plan of any size for the bench: as many schools, sections and meetings as a district has, signed.

Shape, after New York's and Miami's published counts: 560 students a school, 6.4 students a section (a student
of the grades 6 to 12 is in six, so 38 to a class), two meetings each in the plan's two days.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schoolday.contracts import keys, plan
from schoolday.lib import clock, ids, signing
from schoolday.lib.signing import Signer

DISTRICT = "bench"
STUDENTS_IN_A_SCHOOL = 560
_SECTIONS_IN_A_SCHOOL = 88
_SECTIONS_OF_A_STUDENT = 6
_GRADES = ("KG", *(f"{grade:02}" for grade in range(1, 13)))
_BEFORE_SECONDS, _AFTER_SECONDS = 300, 4 * 3600  # the first meeting of every section is under way for the whole run
_TOMORROW_SECONDS = 86_400


@dataclass(frozen=True)
class BenchStudent:
    """One student, with the class she joins."""

    sub: str
    org: str
    sections: tuple[str, ...]
    section: str
    meeting: str


class BenchDistrict:
    """Writes its plan into a folder, and knows its students without keeping them."""

    def __init__(self, folder: Path, *, students: int, seed: int = 1) -> None:
        self.folder, self.students, self._seed = folder, students, seed
        self.root, self.signer = Signer.generate("root"), Signer.generate("k1")
        self._now = clock.now_seconds()

    @property
    def schools(self) -> int:
        return -(-self.students // STUDENTS_IN_A_SCHOOL)

    def write(self) -> None:
        """Write and sign all files. 0.3 s for each 10,000 students."""
        listed = [self._write_school(number) for number in range(self.schools)]
        index = plan.PlanIndex(
            district=DISTRICT,
            portal_name="Bench",
            version=1,
            made_at=self._now,
            from_date=clock.now().date().isoformat(),
            until_date=clock.now().date().isoformat(),
            join_opens_seconds=600,
            key_set=keys.sign_key_set(self._key_set(), self.root),
            doors=(plan.Door(id="d1", url="http://127.0.0.1/door/d1"),),
            live=tuple(plan.LiveNode(id=node, url=f"wss://{node}.bench.example") for node in ("n1", "n2")),
            plan_hosts=(),
            schools=tuple(listed),
        )
        self._write(plan.INDEX_PATH, plan.sign_index(index, self.signer))

    def everybody(self) -> Iterator[BenchStudent]:
        """Yield the students, school by school; the same each time."""
        for number in range(self.schools):
            yield from self._students(number)

    def _write_school(self, number: int) -> plan.SchoolFiles:
        org, sections = self._org(number), self._sections(number)
        today = clock.now().date().isoformat()
        school = plan.SchoolPlan(
            district=DISTRICT,
            org=org,
            name=f"School {number}",
            version=1,
            from_date=today,
            until_date=today,
            time_zone="America/New_York",
            sections=tuple(self._section_plan(number, at, section) for at, section in enumerate(sections)),
        )
        at_of = {section: at for at, section in enumerate(sections)}
        here = list(self._students(number))
        people = plan.DoorPeople(
            district=DISTRICT,
            org=org,
            version=1,
            section_ids=sections,
            people=tuple(ids.to_int(student.sub) for student in here),
            badges=tuple(self._value("badge", student.sub) >> 20 for student in here),
            grades=tuple(_GRADES[at % len(_GRADES)] for at in range(len(here))),
            sections=tuple(tuple(at_of[section] for section in student.sections) for student in here),
        )
        plan_text, people_text = plan.sign_school(school, self.signer), plan.sign_people(people, self.signer)
        files = plan.SchoolFiles(
            org=org, name=school.name, plan_sha256=plan.digest(plan_text), people_sha256=plan.digest(people_text)
        )
        self._write(plan.school_path(org, files.plan_sha256), plan_text)
        self._write(plan.people_path(org, files.people_sha256), people_text)
        return files

    def _section_plan(self, number: int, at: int, section: str) -> plan.SectionPlan:
        starts = (self._now - _BEFORE_SECONDS, self._now + _TOMORROW_SECONDS)
        return plan.SectionPlan(
            id=section,
            title=f"Course {at}",
            cohort="6-8.east",
            teachers=("Ms. Bench",),
            alternates=(plan.Alternate(kind="zoom", url=f"https://zoom.us/j/{number:05}{at:05}", label="Zoom"),),
            meetings=tuple(
                plan.MeetingPlan(
                    id=self._meeting(section, day),
                    period=str(at % 6 + 1),
                    starts_at=start,
                    ends_at=start + _AFTER_SECONDS,
                    nodes=("n1", "n2"),
                )
                for day, start in enumerate(starts)
            ),
        )

    def _students(self, number: int) -> Iterator[BenchStudent]:
        org, sections = self._org(number), self._sections(number)
        first = number * STUDENTS_IN_A_SCHOOL
        for at in range(first, min(first + STUDENTS_IN_A_SCHOOL, self.students)):
            mine = random.Random(self._seed * 1_000_003 + at).sample(sections, _SECTIONS_OF_A_STUDENT)  # noqa: S311, invented people
            yield BenchStudent(self._id("student", str(at)), org, tuple(mine), mine[0], self._meeting(mine[0], 0))

    def _org(self, number: int) -> str:
        return self._id("school", str(number))

    def _sections(self, number: int) -> tuple[str, ...]:
        return tuple(self._id("section", f"{number}/{at}") for at in range(_SECTIONS_IN_A_SCHOOL))

    def _meeting(self, section: str, day: int) -> str:
        return self._id("meeting", f"{section}/{day}")

    def _id(self, kind: str, name: str) -> str:
        return ids.from_int(self._value(kind, name))

    def _value(self, kind: str, name: str) -> int:
        digest = hashlib.blake2b(f"{self._seed}|{kind}|{name}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 64 - ids.ID_BITS

    def _key_set(self) -> keys.KeySet:
        public = signing.b64(self.signer.public_bytes())
        key = keys.PublicKey(kid=self.signer.kid, public=public, not_before=0, not_after=self._now + 7 * 86_400)
        return keys.KeySet(district=DISTRICT, issued_at=self._now, keys=(key,))

    def _write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
