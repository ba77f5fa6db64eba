"""What the portal knows of one kind of thing, and what a roster makes of it. Holds ids and numbers, not objects."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schoolday.lib.ids import new_id
from schoolday.office.rosters.oneroster.manifest import Mode
from schoolday.office.rosters.oneroster.problems import Report
from schoolday.office.rosters.oneroster.tables import Row

Values = tuple[Any, ...]
Stored = tuple[str, str, bool, Values]  # sourcedId, id, is_active, values


@dataclass(slots=True)
class Thing:
    """One thing to write: its id, its sourcedId, and its values in the order of the kind's fields."""

    id: str
    sourced_id: str
    values: Values


@dataclass
class Changes:
    """What to write of one kind. `in_force`: how many there are before; `turned_off`: changed, and off from now on."""

    in_force: int = 0
    added: list[Thing] = field(default_factory=list)
    changed: list[Thing] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    turned_off: list[str] = field(default_factory=list)


class Known:
    """
    The things of one kind by sourcedId.

    About 300 bytes each, so a million enrollments are 300 MB: only a hash of their values is kept, 64 bits under
    this process's own key. Two different rows of one id would have to meet in it for a change to be overlooked.
    """

    def __init__(self, stored: Iterable[Stored], *, file: str, mode: Mode, report: Report) -> None:
        self.file = file
        self.mode = mode
        self.changes = Changes()
        self.lines: dict[str, int] = {}
        self._report = report
        self._gone: set[str] = set()
        self._wrong: set[str] = set()
        self._new: dict[str, str] = {}
        self._stored = {sourced_id: (id_, active, hash(values)) for sourced_id, id_, active, values in stored}
        self.changes.in_force = sum(active for _, active, _ in self._stored.values())

    def claim(self, row: Row) -> bool:
        """Take a row's id, once; False: it is taken already, or the row is gone or wrong, so there is no more to it."""
        first = self.lines.setdefault(row.sourced_id, row.line)
        if first != row.line:
            self._report.add(self.file, row.line, "duplicate_id", first=first)
            return False
        if row.is_gone:
            self._gone.add(row.sourced_id)
            return False
        if row.sourced_id not in self._stored:
            self._new[row.sourced_id] = new_id()
        if not row.is_right:
            self._wrong.add(row.sourced_id)
        return row.is_right

    def id_of(self, sourced_id: str) -> str:
        """Return the id of a thing that was claimed."""
        return self._new.get(sourced_id) or self._stored[sourced_id][0]

    def find(self, sourced_id: str, *, even_if_off: bool = False) -> str | None:
        """Return the id of what will be in force after this import, or None."""
        if sourced_id in self.lines:
            return None if sourced_id in self._gone else self.id_of(sourced_id)
        stored = self._stored.get(sourced_id)
        if stored is None or self.mode == "bulk" or not (stored[1] or even_if_off):
            return None
        return stored[0]

    def offer(self, sourced_id: str, values: Values, *, is_active: bool = True) -> None:
        """Note what the roster says of a thing that was claimed, if that is news."""
        thing = Thing(self.id_of(sourced_id), sourced_id, values)
        if sourced_id in self._new:
            self.changes.added.append(thing)
            return
        _, was_active, fingerprint = self._stored[sourced_id]
        if hash(values) != fingerprint:
            self.changes.changed.append(thing)
            if was_active and not is_active:
                self.changes.turned_off.append(thing.id)

    def close(self) -> None:
        """Note what is gone: in a bulk file all that it does not name, else what it names as such."""
        if self.mode == "bulk":
            gone = [id_ for key, (id_, active, _) in self._stored.items() if active and not self.holds(key)]
        else:
            kept = (self._stored.get(key) for key in self._gone)
            gone = [stored[0] for stored in kept if stored and stored[1]]
        self.changes.removed = gone

    def is_wrong(self, sourced_id: str) -> bool:
        """Say whether the file's row of it has problems of its own, so that no more can be said of it."""
        return sourced_id in self._wrong

    def holds(self, sourced_id: str) -> bool:
        """Say whether the file has the thing as one that stays."""
        return sourced_id in self.lines and sourced_id not in self._gone

    def is_out(self, sourced_id: str) -> bool:
        """Say whether a stored thing leaves with this file; what no roster may touch never does."""
        if sourced_id not in self._stored or self.holds(sourced_id):
            return False
        return self.mode == "bulk" or sourced_id in self._gone

    def ids_in_file(self) -> set[str]:
        """Return the ids of all things that the file names, also those it takes away."""
        return {self.id_of(key) for key in self.lines if key in self._stored or key in self._new}


@dataclass
class LinkChanges:
    """What to write of one kind of link: by its ends. `removed`: database ids."""

    added: list[tuple[Values, Values]] = field(default_factory=list)
    changed: list[tuple[int, Values]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


def compare_links(
    stored: Mapping[Values, tuple[int, Values]], wanted: Mapping[Values, Values], *, untouched: Container[Values] = ()
) -> LinkChanges:
    """Return how to come from `stored` (database id, values) to `wanted`; what is in `untouched` is not removed."""
    changes = LinkChanges()
    for ends, values in wanted.items():
        found = stored.get(ends)
        if found is None:
            changes.added.append((ends, values))
        elif found[1] != values:
            changes.changed.append((found[0], values))
    changes.removed = [id_ for ends, (id_, _) in stored.items() if ends not in wanted and ends not in untouched]
    return changes
