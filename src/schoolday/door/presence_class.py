"""One class as the live servers told of it: its places, and who is in each."""


class PresentPlace:
    """
    One live server's part of a class. People by the hash of their live identity, with that of their stay (0: unknown).

    `group`: 0 the class itself; `watchers`: grown-ups who look after it and are in another place, who count as here
    for the children and nowhere else.
    `unwatched_at`: since when there are students and no adult; `doubted_at`: since when a device that was here is
    somewhere else and this server has said nothing (0: not). `sid`, `began_at`: LiveKit's id of the place, its start.
    """

    __slots__ = (
        "adults", "began_at", "doubted_at", "group", "name", "node", "sid", "students", "unwatched_at", "watchers",
    )  # fmt: skip

    def __init__(self, node: str, name: str, sid: str, began_at: int, *, group: int = 0) -> None:
        self.node, self.name, self.sid, self.began_at = node, name, sid, began_at
        self.group = group
        self.students: dict[int, int] = {}
        self.adults: dict[int, int] = {}
        self.watchers: dict[int, int] = {}
        self.unwatched_at = self.doubted_at = 0

    def remove(self, person: int, *, stay: int = 0) -> bool:
        """Take somebody out; with `stay` only if she has not come anew since. Return whether she was here."""
        return _remove(self.students, person, stay=stay) or _remove(self.adults, person, stay=stay)

    def remove_watcher(self, person: int, *, stay: int = 0) -> None:
        _remove(self.watchers, person, stay=stay)

    @property
    def has_adult(self) -> bool:
        return bool(self.adults or self.watchers)

    @property
    def is_empty(self) -> bool:
        return not (self.students or self.adults or self.watchers)

    def clear(self) -> int:
        """Take everybody out; return how many there were."""
        count = len(self.students) + len(self.adults)
        self.students.clear()
        self.adults.clear()
        self.watchers.clear()
        self.unwatched_at = self.doubted_at = 0
        return count

    def note(self, *, now: int) -> None:
        if not self.students or self.has_adult:
            self.unwatched_at = 0
        elif not self.unwatched_at:
            self.unwatched_at = now


def _remove(people: dict[int, int], person: int, *, stay: int) -> bool:
    here = people.get(person)
    if here is None or (here and stay and here != stay):
        return False
    del people[person]
    return True


class PresentClass:
    """One meeting. `version`: of the plan in which it was last looked for; without a section it was not in it."""

    __slots__ = (
        "call_began", "called_at", "callers", "ends_at", "had_adult", "names", "org", "places", "section", "starts_at",
        "version",
    )  # fmt: skip

    def __init__(self, *, ends_at: int) -> None:
        self.section = self.org = ""
        self.names: dict[int, str] = {}  # group -> the live name it has in that plan
        self.starts_at, self.ends_at, self.version = 0, ends_at, -1
        self.places: list[PresentPlace] = []
        self.had_adult = False
        self.called_at = 0  # since when an adult is asked for, 0: not
        self.call_began = 0  # of the minute whose calls are one
        self.callers: dict[int, str] = {}  # who called in it -> her event

    def place(self, node: str, name: str) -> PresentPlace | None:
        return next((place for place in self.places if place.node == node and place.name == name), None)

    def has_adult_with(self, person: int) -> bool:
        """Say whether somebody is seen in one place with an adult."""
        return any(person in place.students and place.has_adult for place in self.places)

    @property
    def needs_a_look(self) -> bool:
        return bool(self.called_at) or any(place.unwatched_at or place.doubted_at for place in self.places)
