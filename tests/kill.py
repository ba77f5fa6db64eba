"""Killing parts of a running day, so that they stay dead: the supervisor is held meanwhile."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.school_day import SchoolDay


class Parts:
    """The supervised processes of a day by name, as they were when the supervisor was held."""

    def __init__(self, day: SchoolDay) -> None:
        program = str(Path(sys.executable).with_name("supervisorctl"))
        self._control = [program, "-c", str(day.home / "run" / "supervisord.conf")]
        self.supervisor = int((day.home / "run" / "supervisor.pid").read_text())
        self.pids = dict(self._running())

    def _running(self) -> Iterator[tuple[str, int]]:
        said = subprocess.run([*self._control, "status"], capture_output=True, text=True, timeout=30).stdout
        for line in said.splitlines():
            name, state, *rest = line.split()
            if state == "RUNNING":
                yield name, int(rest[1].rstrip(","))

    def kill(self, *names: str) -> None:
        """kill -9, with all that a part has started: each leads a process group of its own."""
        for name in names:
            os.killpg(self.pids[name], signal.SIGKILL)

    def stop_answering(self, name: str) -> None:
        """SIGSTOP: its port still takes connections, and nothing ever answers."""
        os.killpg(self.pids[name], signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        os.killpg(self.pids[name], signal.SIGCONT)


@contextlib.contextmanager
def held_supervisor(day: SchoolDay) -> Iterator[Parts]:
    """Hold the supervisor: what is killed stays dead until the end of this context, and is started again then."""
    parts = Parts(day)
    os.kill(parts.supervisor, signal.SIGSTOP)
    try:
        yield parts
    finally:
        os.kill(parts.supervisor, signal.SIGCONT)
