"""Real parts that tests of the office start: the hasher's process, and keys."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from schoolday.lib import clock
from schoolday.office.signin import hasher_protocol as protocol
from schoolday.office.signin.hasher_protocol import HasherDown, Request
from schoolday.office.signin.hashers import hasher_socket
from schoolday.office.signin.keys import KeyFolder, key_folder

_HASHER = "from schoolday.office.signin.hasher_commands import hasher; hasher()"


def keys_in_force() -> KeyFolder:
    """Make the keys of this test run, once; good for the whole school year that tests live in."""
    folder = key_folder()
    if not folder.office_keys.exists():
        with clock.at(datetime(2026, 7, 1, tzinfo=UTC)):
            folder.create()
    return folder


@contextlib.contextmanager
def running_hasher() -> Iterator["subprocess.Popen[bytes]"]:
    """Run the real hasher on the socket of this test run's SCHOOLDAY_HOME."""
    process = start_hasher()
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def start_hasher() -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", _HASHER], env=environment(settings.SCHOOLDAY.home))
    until = time.monotonic() + 20
    while True:
        try:
            protocol.ask(hasher_socket(), Request(do="stats"), timeout_seconds=1)
        except HasherDown:
            if time.monotonic() > until or process.poll() is not None:
                process.kill()
                raise
            time.sleep(0.05)
        else:
            return process


def environment(home: Path) -> dict[str, str]:
    return {"SCHOOLDAY_HOME": str(home), "PATH": "/usr/bin:/bin", "LOG_LEVEL": "ERROR"}
