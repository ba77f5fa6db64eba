"""How people are called where several have one name."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from schoolday.office.people.models import Person


def names_in(people: Iterable[Person]) -> dict[str, str]:
    """Return each person's name, unique among these: twins of one name get the middle initial, else a number."""
    everyone = sorted({person.id: person for person in people}.values(), key=lambda p: p.id)
    names = {person.id: person.name for person in everyone}
    seen: dict[str, int] = defaultdict(int)
    many = {name for name, count in Counter(names.values()).items() if count > 1}
    for person in everyone:
        name = names[person.id]
        if name in many:
            seen[name] += 1
            names[person.id] = f"{name} {seen[name]}"
    return names
