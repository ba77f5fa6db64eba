"""Running all jobs at once, and telling others that they run."""

import contextlib
import contextvars
import json
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from schoolday.lib import clock
from schoolday.office.console.work.job import Job

log = structlog.get_logger(__name__)
HEARTBEAT = "work.json"  # in SCHOOLDAY_HOME/run; `schoolday doctor` and the office's metrics read it
BEAT_SECONDS = 5.0
STOP_SECONDS = 1.5  # what is still running then is rolled back by the end of the process


@dataclass
class Worker:
    """All jobs of one process, each in a thread of its own: a job that hangs or breaks never holds up another."""

    jobs: Sequence[Job]
    run_dir: Path
    stop: threading.Event = field(default_factory=threading.Event)
    started_at: float = field(default_factory=lambda: clock.now().timestamp())

    def run(self) -> list[str]:
        """Run until `stop` is set; return the names of the jobs that were still busy `STOP_SECONDS` later."""
        threads = {job.name: self._thread(job) for job in self.jobs}
        for thread in threads.values():
            thread.start()
        log.info("work begins", jobs=sorted(threads))
        while not self.stop.is_set():
            with contextlib.suppress(OSError):  # a full disk is no reason to stop draining
                self.beat()
            self.stop.wait(BEAT_SECONDS)
        deadline = time.monotonic() + STOP_SECONDS
        for thread in threads.values():
            thread.join(max(0.0, deadline - time.monotonic()))
        return sorted(name for name, thread in threads.items() if thread.is_alive())

    def once(self) -> bool:
        """Run every job once, one after the other; say whether all went well."""
        went_well = [job.once() for job in self.jobs]
        self.beat()
        return all(went_well)

    def beat(self) -> None:
        """Write the heartbeat, whole or not at all."""
        self.run_dir.mkdir(parents=True, exist_ok=True)
        path = self.run_dir / HEARTBEAT
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(self.state()))
        partial.replace(path)

    def state(self) -> dict[str, Any]:
        """Return what the heartbeat says. Times in seconds since 1970 UTC."""
        return {
            "pid": os.getpid(),
            "started_at": self.started_at,
            "at": clock.now().timestamp(),
            "jobs": {job.name: job.state() for job in self.jobs},
        }

    def _thread(self, job: Job) -> threading.Thread:
        context = contextvars.copy_context()  # the clock of this process, which a drill may have shifted
        return threading.Thread(target=context.run, args=(job.loop, self.stop), name=job.name, daemon=True)


def read_heartbeat(run_dir: Path) -> dict[str, Any] | None:
    """Return the last heartbeat, or None if there is none that can be read."""
    try:
        found = json.loads((run_dir / HEARTBEAT).read_text())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
