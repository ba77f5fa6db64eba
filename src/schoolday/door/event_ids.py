"""What a device says of an event, before it is believed: its id and its times."""

import re

from schoolday.lib.errors import BadRequest

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_LAST_MS = 4_102_444_800_000  # the year 2100: beyond it, a device's clock says nothing


def is_event_id(text: str) -> bool:
    """Say whether it is a UUID in its one canonical form: lower case, so that one event never has two ids."""
    return _UUID(text) is not None


def check_event_id(text: str) -> None:
    """
    :raises BadRequest: if it is not an event's id
    """
    if _UUID(text) is None:
        raise BadRequest("The event's id is not a UUID in lower case.")


def sane_ms(value: int) -> int:
    """Return a device's time, or 0 (unknown) when its clock is beyond reason: never a reason to keep a child out."""
    return value if 0 <= value <= _LAST_MS else 0
