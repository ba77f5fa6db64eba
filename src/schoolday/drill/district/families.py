"""Who lives with whom: siblings at different schools, two homes, one guardian, twins of one name."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from schoolday.drill.district import names
from schoolday.drill.district.shape import Cluster, School, Student

_CHILDREN = ((1, 2, 3), (45, 38, 17))  # percent of families with so many at school; our judgement
_TWO_GUARDIANS = 0.4


@dataclass
class Guardian:
    id: str
    number: int
    given: str
    family: str
    language: str
    schools: list[School]


@dataclass
class Known:
    """The people of one cluster that the demo signs on as; the rest of the family follows from them."""

    student: Student  # 7th grade; in the twins' group
    kindergartner: Student  # her little brother or sister, at another school
    twins: tuple[Student, Student]
    outsider: Student  # 8th grade, the same school


class Families:
    """Gives the students of one cluster after another their names, languages and guardians."""

    def __init__(self) -> None:
        self._guardians = 0

    def settle(self, cluster: Cluster, rng: random.Random) -> tuple[Known, list[Guardian]]:
        """Name every student of the cluster in place; return the known ones and all guardians."""
        middle = cluster.of_band("m")[0]
        student, *twins = middle.students["07"][:3]
        known = Known(
            student=student,
            kindergartner=cluster.of_band("e")[0].students["KG"][0],
            twins=(twins[0], twins[1]),
            outsider=middle.students["08"][0],
        )
        guardians = [*self._family([known.student, known.kindergartner], rng, guardians=1, language="ht")]
        guardians += self._family(list(known.twins), rng, guardians=2, language="es")
        known.twins[1].given = known.twins[0].given
        settled = {known.student.id, known.kindergartner.id, *(twin.id for twin in known.twins)}
        others = [
            student
            for school in cluster.schools
            for grade in school.grades
            for student in school.students[grade]
            if student.id not in settled
        ]
        rng.shuffle(others)
        start = 0
        while start < len(others):
            size = rng.choices(*_CHILDREN)[0]
            family = others[start : start + size]
            guardians += self._family(family, rng, guardians=2 if rng.random() < _TWO_GUARDIANS else 1)
            start += size
        return known, guardians

    def _family(
        self, children: list[Student], rng: random.Random, *, guardians: int, language: str = ""
    ) -> Iterator[Guardian]:
        language = language or names.language(rng)
        family_name = names.family_name(rng, language)
        given = names.given_names(rng, language, len(children) + guardians)
        schools = list({child.school.id: child.school for child in children}.values())
        ids = []
        for i in range(guardians):
            self._guardians += 1
            ids.append(f"gua-{self._guardians:07d}")
            # Not every guardian has the children's name.
            own = family_name if rng.random() < 0.75 else names.family_name(rng, language)
            yield Guardian(ids[-1], self._guardians, given[len(children) + i], own, language, schools)
        for child, name in zip(children, given, strict=False):
            child.given, child.family, child.language = name, family_name, language
            child.guardians = tuple(ids)
