"""What a place to copy to can do; one file for each kind of place."""

from collections.abc import Iterable
from typing import Protocol

from schoolday.office.pathways.copying.files import PlanFile


class Target(Protocol):
    """
    One place. Calls may come from several threads at once, but for `begin`, `settle` and `close`.

    Every write puts a whole file in place or none. Errors are CopyFailed (may be tried again) and BadTarget (may not).
    """

    shown: str
    at_once: int

    def look(self) -> None:
        """Learn what lies there."""

    def index_text(self) -> str | None:
        """Return the index that readers get there now; None if there is none."""

    def holds(self, file: PlanFile) -> bool:
        """Say whether this very content lies there already."""

    def begin(self, paths: Iterable[str]) -> None:
        """Note what is about to be written, where that cannot be listed afterwards."""

    def put(self, file: PlanFile) -> None:
        """Write one file."""

    def put_index(self, text: str) -> None:
        """Put the index in force."""

    def settle(self) -> None:
        """See to it that what was written survives, before an index names it."""

    def lies_there(self) -> set[str]:
        """Return the paths that lie there, as far as they can be known."""

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files; what is gone already is no error."""

    def close(self) -> None:
        """Let go of what was held."""
