"""Who is out of which meeting, as one door knows it. Of two words on one student the later holds, however they come."""

from schoolday.contracts.evidence import Evidence


class Removals:
    """In memory; the spool holds the same durably."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], tuple[int, str, bool]] = {}  # (sub, meeting): when, which event, out

    def hear(self, event: Evidence) -> None:
        """
        Take a word. An old one that comes late, or again, changes nothing: a slow line must not take her out anew.

        When it was said counts by this door's clock, so two teachers' clocks may differ by hours.
        """
        key = (event.sub, event.meeting)
        held = self._said.get(key)
        if held and held[1] == event.id:
            return
        word = (event.happened_at(), event.id, event.kind == "removed")
        if held is None or word > held:
            self._said[key] = word

    def word(self, *, sub: str, meeting: str) -> bool | None:
        """Return whether she is out, as this door heard; None: it heard nothing of her."""
        held = self._said.get((sub, meeting))
        return None if held is None else held[2]

    def __len__(self) -> int:
        return sum(out for _, _, out in self._said.values())
