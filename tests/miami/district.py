"""
The district of the Miami morning: the invented one on PostgreSQL, its families with mail, phone and push.

Run with the day's environment (`python -m tests.miami.district`) it gives the people of the day their passwords and
addresses and the classes of grades 6 to 12 their Zoom or Teams, and prints who they are.
"""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

from tests.school_day import ROOT, SchoolDay

LANGUAGES = ("en", "es", "ht")
MOVING = {"06", "07", "08", "09", "10", "11", "12"}
ZOOM, TEAMS = "https://district.zoom.us/j/9{:09}", "https://teams.microsoft.com/meet/2{:011}"


@dataclass(frozen=True)
class Person:
    """Somebody of the day. `moves`: a class of hers, or of a child of hers, is of grades 6 to 12."""

    id: str
    user_name: str
    kind: str
    moves: bool
    language: str
    email: str
    phone: str


@dataclass(frozen=True)
class Truth:
    """Who is there, and what the decision has to touch: sections by id, students by id."""

    people: tuple[Person, ...]
    sections: frozenset[str]
    others: frozenset[str]
    students: frozenset[str]

    def some(self, kind: str, *, moves: bool, count: int) -> list[Person]:
        """So many of a kind who have a password, of one language after another."""
        found = [one for one in self.people if one.kind == kind and one.moves == moves and one.user_name]
        by_language = [[one for one in found if one.language == language] for language in LANGUAGES]
        mixed = [group[at] for at in range(len(found)) for group in by_language if at < len(group)]
        assert len(mixed) >= count, f"only {len(mixed)} of {kind}"
        return mixed[:count]


def prepare(day: SchoolDay, *, with_password: int) -> Truth:
    """Give passwords to `with_password` of each kind and language, addresses to all, classes their places; publish."""
    command = [sys.executable, "-m", "tests.miami.district", str(with_password)]
    done = subprocess.run(command, env=day.environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    return Truth(
        people=tuple(Person(**one) for one in said["people"]),
        sections=frozenset(said["sections"]),
        others=frozenset(said["others"]),
        students=frozenset(said["students"]),
    )


def _main(with_password: int) -> None:
    from schoolday.office import boot

    boot.boot()
    from schoolday.embedded.demo_day import PASSWORD
    from schoolday.office.pathways.actions import publish_plan
    from schoolday.office.pathways.models import Alternate
    from schoolday.office.people import models as people
    from schoolday.office.rosters.models import Enrollment, Section
    from schoolday.office.signin.actions import set_passwords

    moving: set[str] = set()
    others: set[str] = set()
    for section in Section.objects.order_by("id"):
        (moving if MOVING & set(section.grades.split(",")) else others).add(section.id)
    Alternate.objects.filter(section__in=moving).delete()
    Alternate.objects.bulk_create(
        Alternate(section_id=section, rank=0, kind=("zoom", "teams")[at % 2], url=(ZOOM, TEAMS)[at % 2].format(at))
        for at, section in enumerate(sorted(moving))
    )
    sits: dict[str, set[str]] = {}
    for person, section_id in Enrollment.objects.values_list("person_id", "section_id"):
        sits.setdefault(person, set()).add(section_id)
    children: dict[str, set[str]] = {}
    for guardian, student in people.Guardianship.objects.values_list("guardian_id", "student_id"):
        children.setdefault(guardian, set()).add(student)
    found = []
    kinds = (("student", "student"), ("teacher", "teacher"), ("guardian", "guardian"))
    for kind, role in kinds:
        ids = people.RoleAssignment.objects.filter(role=role).values_list("person_id", flat=True)
        for at, one in enumerate(people.Person.objects.filter(id__in=set(ids)).order_by("id")):
            mine = sits.get(one.id, set()).union(*(sits.get(child, set()) for child in children.get(one.id, ())))
            if not mine:
                continue
            one.language = LANGUAGES[at % 3]
            has_only_phone = kind == "guardian" and at % 4 == 3
            one.email = "" if kind == "student" or has_only_phone else f"{one.user_name}@families.example"
            one.phone = f"+1305{2_000_000 + at:07}" if has_only_phone else ""
            found.append((kind, bool(mine & moving), one))
    people.Person.objects.bulk_update([one for _, _, one in found], ["language", "email", "phone"])
    chosen: Counter[tuple[str, bool, str]] = Counter()
    with_passwords = []
    for kind, moves, one in found:
        chosen[kind, moves, one.language] += 1
        if chosen[kind, moves, one.language] <= with_password:
            with_passwords.append(one)
    set_passwords((one, PASSWORD) for one in with_passwords)
    publish_plan()
    can_sign_on = {one.id for one in with_passwords}
    students = Enrollment.objects.filter(section__in=moving, role="student").values_list("person_id", flat=True)
    said = {
        "people": [
            {"id": one.id, "user_name": one.user_name if one.id in can_sign_on else "", "kind": kind, "moves": moves,
             "language": one.language, "email": one.email, "phone": one.phone}
            for kind, moves, one in found
        ],
        "sections": sorted(moving), "others": sorted(others), "students": sorted(set(students)),
    }  # fmt: skip
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    _main(int(sys.argv[1]))
