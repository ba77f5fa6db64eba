"""Running wrk: a closed loop of 64 connections from one core."""

import os
import shutil
import subprocess
from pathlib import Path

import msgspec

from schoolday.drill.bench.door_process import BenchFailed, DoorProcess

CONNECTIONS = 64
_HERE = Path(__file__).parent


class Round(msgspec.Struct, frozen=True):
    """What wrk said of one run. `refused`: answers of 400 and more; `broken`: socket errors and time-outs."""

    requests: int
    microseconds: int
    p50_us: int
    p99_us: int
    refused: int
    broken: int
    offset: int = 0  # how far it came in its file of requests
    cpu_seconds: float = 0  # of the door

    @property
    def per_second(self) -> float:
        return self.accepted / (self.microseconds / 1e6)

    @property
    def cpu_us(self) -> float:
        """Processor time of the door for one request, in microseconds."""
        return self.cpu_seconds / self.requests * 1e6

    @property
    def accepted(self) -> int:
        return self.requests - self.refused


def need_tools() -> None:
    """
    :raises BenchFailed: saying how to get what is missing
    """
    for program, package in (("wrk", "wrk"), ("taskset", "util-linux")):
        if shutil.which(program) is None:
            raise BenchFailed(f"{program} is missing: install it (Debian: apt install {package}) and start again.")


def run_wrk(
    script: str, *, door: DoorProcess, seconds: int, core: int | None, environ: dict[str, str] | None = None
) -> Round:
    """
    Return one run of `script` (a Lua file of this folder).

    :raises BenchFailed: if wrk does not end as it should
    """
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    command = [
        *pinned, "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s",
        "--timeout", "10s", "--script", str(_HERE / script), f"http://127.0.0.1:{door.port}",
    ]  # fmt: skip
    env = {**os.environ, **(environ or {}), "BENCH_LUA": str(_HERE)}
    before = door.cpu_seconds()
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=seconds + 60, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            said = msgspec.json.decode(line.removeprefix("RESULT "), type=Round)
            return msgspec.structs.replace(said, cpu_seconds=door.cpu_seconds() - before)
    raise BenchFailed(f"wrk said: {done.stdout[-1000:]}{done.stderr[-1000:]}")
