"""What processes and the machine use, and how long people took to come."""

import os
import statistics
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
CORES = os.cpu_count() or 1


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


def machine_cpu_seconds() -> float:
    """Return what all processes together have used of this machine's cores since it started."""
    user, nice, system, _idle, _waits, irq, soft_irq, *_ = Path("/proc/stat").read_text().split()[1:9]
    return sum(map(int, (user, nice, system, irq, soft_irq))) / _TICKS


class Cores:
    """Cores that the live server, its generators and the machine as a whole use from now on."""

    def __init__(self, *, server: int, generators: list[int]) -> None:
        self._server, self._generators = server, generators
        self._began, self._at_first = time.monotonic(), self._used()

    def _used(self) -> tuple[float, float, float]:
        return cpu_seconds(self._server), sum(map(cpu_seconds, self._generators)), machine_cpu_seconds()

    def so_far(self) -> tuple[float, float, float]:
        seconds = time.monotonic() - self._began
        server, generators, machine = (now - then for now, then in zip(self._used(), self._at_first, strict=True))
        return server / seconds, generators / seconds, machine / seconds
