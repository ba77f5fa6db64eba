"""
Structured logs: one JSON object a line on standard error.

The pii rule: a message never holds personal data. What must be logged of a person goes into an attribute
whose name has a `pii` segment (`pii_name`, `user.pii.mail`); such attributes are dropped unless the setting
LOG_PII is on. Opaque ids are not personal data.

structlog is imported where it is used: it takes 100 ms (it brings rich), which a door would pay before it listens.
"""

import functools
import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

_later: Callable[[], None] | None = None
_PII = re.compile(r"(^|[._])pii([._]|$)")


def drop_pii(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every attribute with a `pii` segment in its name."""
    for key in [key for key in event if _PII.search(key)]:
        del event[key]
    return event


def configure(*, part: str, level: str = "INFO", pii: bool = False, at_first_use: bool = False) -> None:
    """
    Set up the log of this process; `part` (office, door, work, ...) is in every line, of every thread.

    `at_first_use`: when `get` is first called, for a process that must listen before it loads structlog.
    """
    global _later
    _later = functools.partial(_configure, part=part, level=level, pii=pii)
    if not at_first_use:
        _apply()


def get(name: str) -> Any:
    """Return the logger of one module."""
    import structlog

    _apply()
    return structlog.get_logger(name)


def _apply() -> None:
    global _later
    if _later is not None:
        _later()
        _later = None


def _configure(*, part: str, level: str, pii: bool) -> None:
    import structlog

    def add_part(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("part", part)
        return event

    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        add_part,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    if not pii:
        processors.append(drop_pii)
    processors.append(structlog.processors.JSONRenderer())
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
