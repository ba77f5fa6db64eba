"""Waiting until a server that a test has started answers."""

import contextlib
import subprocess
import time

import httpx

_SECONDS = 60


def wait_for_answer(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until anything answers at this address; fail at once when the process has ended."""
    deadline = time.monotonic() + _SECONDS
    while True:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(url, timeout=5)
            return
        assert process.poll() is None, f"what should serve {url} does not start"
        assert time.monotonic() < deadline, f"nothing answers at {url}"
        time.sleep(0.05)
