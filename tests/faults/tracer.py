"""strace at a running door: system calls that fail, or that are its last."""

import contextlib
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from tests.door.process import Door

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="NOT SHOWN: strace is missing (setup-tests)")


class Trace:
    """What strace has written so far; `attached` once it is at work."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.attached = threading.Event()

    def read(self, stream: Iterator[str]) -> None:
        for line in stream:
            self.lines.append(line)
            if "attached" in line:
                self.attached.set()

    def count(self, text: str) -> int:
        return sum(text in line for line in self.lines)


@contextlib.contextmanager
def injected(door: Door, calls: str, fault: str) -> Iterator[Trace]:
    """Let `fault` (in strace's words) happen to these system calls of a door until the end of this context."""
    trace = Trace()
    command = ["strace", "-f", "-p", str(door.process.pid), "-e", f"trace={calls}", "-e", f"inject={calls}:{fault}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as strace:
        assert strace.stderr is not None
        reader = threading.Thread(target=trace.read, args=(strace.stderr,))
        reader.start()
        try:
            assert trace.attached.wait(10), "strace may not attach"
            time.sleep(0.1)  # to its other threads too
            yield trace
        finally:
            strace.terminate()
            strace.wait(10)
            reader.join(10)
