"""The one place that tells the time, so that a drill can live in tomorrow."""

import contextlib
import contextvars
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_offset_seconds: contextvars.ContextVar[float] = contextvars.ContextVar("clock_offset_seconds", default=0.0)


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.fromtimestamp(now_ms() / 1000, UTC)


def now_ms() -> int:
    """Return the current time in milliseconds since 1970 UTC; the form in which times cross a process."""
    return int((time.time() + _offset_seconds.get()) * 1000)


def now_seconds() -> int:
    """Return the current time in whole seconds since 1970 UTC."""
    return now_ms() // 1000


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let this context live at `moment` (aware); time goes on from there."""
    token = _offset_seconds.set(moment.timestamp() - time.time())
    try:
        yield
    finally:
        _offset_seconds.reset(token)


@contextlib.contextmanager
def shifted(offset: timedelta) -> Iterator[None]:
    """Let this context live `offset` away from the real time."""
    token = _offset_seconds.set(_offset_seconds.get() + offset.total_seconds())
    try:
        yield
    finally:
        _offset_seconds.reset(token)
