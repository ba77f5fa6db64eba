"""Who is out of which meeting, as one door knows it. Of two words on one student the later holds, however they come."""

from schoolday.contracts.evidence import Evidence


class Removals:
    """In memory; the spool holds the same durably."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], Evidence] = {}  # by (sub, meeting): the word that holds

    def hear(self, event: Evidence) -> None:
        """
        Take a word. An old one that comes late, or again, changes nothing: a slow line must not take her out anew.

        Of one device's words the ids say which is later, however slow each was; of two devices' the times by this
        door's clock, so two teachers' clocks may differ by hours.
        """
        key = (event.sub, event.meeting)
        held = self._said.get(key)
        if held is None or is_later(event, held):
            self._said[key] = event

    def word(self, *, sub: str, meeting: str) -> bool | None:
        """Return whether she is out, as this door heard; None: it heard nothing of her."""
        held = self._said.get((sub, meeting))
        return None if held is None else held.kind == "removed"

    def __len__(self) -> int:
        return sum(one.kind == "removed" for one in self._said.values())


def is_later(one: Evidence, other: Evidence) -> bool:
    if (one.by, one.device) == (other.by, other.device):
        return one.id > other.id
    return (one.happened_at(), one.id) > (other.happened_at(), other.id)
