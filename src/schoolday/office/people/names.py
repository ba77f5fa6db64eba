"""Names as a class knows them: no two alike in one section, so that a teacher calls the right child."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

from schoolday.office.people.models import Person


def names_in(people: Iterable[Person]) -> dict[str, str]:
    """
    Return the display name of each person by id, unique among them.

    Who shares a name is told apart by the initial of the middle name where that does it, else by a number:
    “Naïka Pierre A.”, “Naïka Pierre 2”. The order of `people` plays no part, and names that differ in nothing
    one can see (case, composed accents, blanks) count as the same. Makes no query.
    """
    groups: defaultdict[str, list[Person]] = defaultdict(list)
    for person in {person.id: person for person in people}.values():
        groups[_seen(person.name)].append(person)
    names = {group[0].id: _tidy(group[0].name) for group in groups.values() if len(group) == 1}
    taken = {key for key, group in groups.items() if len(group) == 1}
    for key in sorted(groups):
        if len(groups[key]) > 1:
            for id_, name in _told_apart(sorted(groups[key], key=lambda person: person.id), taken).items():
                names[id_] = name
                taken.add(_seen(name))
    return names


def _told_apart(people: list[Person], taken: set[str]) -> dict[str, str]:
    """Return a name for each of several people of one name; none is in `taken`."""
    initials = Counter(_initial(person) for person in people)
    names: dict[str, str] = {}
    numbered = []
    for person in people:
        name = f"{_tidy(person.name)} {_initial(person)}."
        if _initial(person) and initials[_initial(person)] == 1 and _seen(name) not in taken:
            names[person.id] = name
        else:
            numbered.append(person)
    used = taken | {_seen(name) for name in names.values()}
    number = 0
    for person in numbered:
        while True:
            number += 1
            name = f"{_tidy(person.name)} {number}"
            if _seen(name) not in used:
                break
        names[person.id] = name
    return names


def _initial(person: Person) -> str:
    return _tidy(person.middle_name)[:1].upper()


def _tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _seen(name: str) -> str:
    """Return what the eye keeps of a name, to compare by."""
    return _tidy(unicodedata.normalize("NFKC", name).casefold())
