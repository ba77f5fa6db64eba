"""Running `schoolday` as an operator does, and how much memory that took."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHOOLDAY = Path(sys.executable).with_name("schoolday")


@dataclass(frozen=True)
class Ran:
    """What a command said and took. `peak_mib`: its largest resident size."""

    said: Any
    status: int
    seconds: float
    peak_mib: float


def schoolday(*words: str, environment: dict[str, str]) -> Ran:
    """Run one command with --json."""
    started = time.monotonic()
    process = subprocess.Popen(
        [SCHOOLDAY, *words, "--json"], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ran(json.loads(said or "null"), process.returncode, time.monotonic() - started, usage.ru_maxrss / 1024)
