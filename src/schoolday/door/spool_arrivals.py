"""The arrivals of one spool by meeting, in 16 bytes each, so that a teacher's roll costs the joins nothing."""

from array import array
from collections.abc import Iterator

from schoolday.door.spool_file import SpoolReader
from schoolday.lib import ids


class SpoolArrivals:
    """What was read of one spool so far. For one thread at a time."""

    def __init__(self) -> None:
        self._position = 0
        self._meetings: dict[str, tuple[array[int], array[int]]] = {}

    def read_on(self, reader: SpoolReader) -> None:
        """Take in what was written since the last look."""
        for position, meeting, sub, received_at in reader.arrivals(after=self._position):
            people, times = self._meetings.setdefault(meeting, (array("Q"), array("Q")))
            people.append(ids.to_int(sub))
            times.append(received_at)
            self._position = position

    def of(self, meeting: str) -> Iterator[tuple[str, int]]:
        """Give (person, ms) of each arrival for one meeting, a person perhaps several times."""
        for person, at in zip(*self._meetings.get(meeting, ((), ())), strict=True):
            yield ids.from_int(person), at
