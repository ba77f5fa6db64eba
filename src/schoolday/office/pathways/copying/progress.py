"""A bar for each target on a terminal; nothing where nobody looks."""

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from schoolday.office.pathways.copying.copy import Progress as Told


class Bars:
    """Use as a context; `hidden`: also on a terminal."""

    def __init__(self, *, hidden: bool) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=hidden or not sys.stderr.isatty(),
        )

    def __enter__(self) -> "Bars":
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def of(self, name: str) -> Told:
        """Return what tells one target's bar how far it is."""
        task = self._bars.add_task(name, total=None)
        return lambda done, of: self._bars.update(task, completed=done, total=of)
