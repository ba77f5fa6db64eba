"""Starting synthetic participants in processes of their own, and what a process has used."""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from schoolday.lib import ids
from schoolday.live import seats

PER_PROCESS = 6
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One class on a live server, and what its seats are made with."""

    url: str
    meeting: str
    name: str
    starts_at: int
    api_key: str
    api_secret: bytes

    def token(self, *, role: seats.Role = "student", sub: str | None = None) -> str:
        return seats.seat_token(
            api_key=self.api_key,
            api_secret=self.api_secret,
            live_identity=f"{sub or ids.new_id()}.load0000",
            role=role,
            meeting=self.meeting,
            name=self.name,
            starts_at=self.starts_at,
        )


class Crowd:
    """So many participants in one class. `took`: how long each took to come, after `wait`; None: she did not."""

    def __init__(self, place: Place, count: int, folder: Path) -> None:
        self.took: list[float | None] = []
        self._processes: list[subprocess.Popen[str]] = []
        for first in range(0, count, PER_PROCESS):
            tokens = [place.token() for _ in range(min(PER_PROCESS, count - first))]
            file = folder / f"{place.name}-{first}.json"
            file.write_text(json.dumps(tokens))
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.class_load.people", place.url, str(file)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    cwd=Path(__file__).parents[2],
                )
            )

    def wait(self) -> None:
        for process in self._processes:
            assert process.stdout is not None
            self.took += json.loads(process.stdout.readline() or "[]")

    def close(self) -> None:
        for process in self._processes:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()  # type: ignore[union-attr]  # it is a pipe, as above


def quantiles(took: list[float | None]) -> tuple[float, float, int]:
    """Return p50 and p95 in seconds of those who came, and how many did not."""
    came = sorted(one for one in took if one is not None)
    if not came:
        return float("inf"), float("inf"), len(took)
    return statistics.median(came), came[min(len(came) - 1, int(len(came) * 0.95))], len(took) - len(came)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_mb(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE // 2**20
