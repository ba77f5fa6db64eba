"""One import at a time: a lock that the operating system or the database drops when its holder dies."""

import contextlib
import fcntl
from collections.abc import Iterator
from http import HTTPStatus

from django.conf import settings
from django.db import connection

from schoolday.lib.errors import SchooldayError

_ADVISORY_KEY = 0x5C_0001  # any number, the same everywhere; PostgreSQL keeps such locks per database


class ImportRunning(SchooldayError):
    """Another process imports a roster."""

    code = "busy"
    status = HTTPStatus.CONFLICT
    text = "Another import is running. Wait until it is done, then try again."
    retryable = True
    retry_after_seconds = 60


@contextlib.contextmanager
def one_import_at_a_time() -> Iterator[None]:
    """
    Hold the lock of this district.

    PostgreSQL: an advisory lock of the connection, so it holds between machines. SQLite: a file lock, as the
    database is on this machine.

    :raises ImportRunning: at once, if somebody holds it
    """
    with _in_database() if connection.vendor == "postgresql" else _in_file():
        yield


@contextlib.contextmanager
def _in_database() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_KEY])
        row = cursor.fetchone()
        if not (row and row[0]):
            raise ImportRunning
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_KEY])


@contextlib.contextmanager
def _in_file() -> Iterator[None]:
    run_dir = settings.SCHOOLDAY.run_dir
    run_dir.mkdir(parents=True, exist_ok=True)
    with (run_dir / "roster-import.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportRunning from None
        yield
