"""
Calling into a class: its number, and a PIN for each child, of one school week. Only office and agents derive them.

A caller dials the school's number and types class number and PIN as one (11 digits, then #). Both are derived from
the cell secret, so nothing has to be handed around. Neither is ever in the public plan; a PIN is shown to the child's
guardians, and on the slip that her school prints for them. Guessing: a caller's bridge hangs up after each wrong try
(livekit/sip, pinPrompt), and 30 PINs of 1,000,000 are right in a class of 30, once one knows its number.
"""

import datetime
import functools

from schoolday.lib import signing

CLASS_DIGITS = 5
PIN_DIGITS = 6
_KEPT = 4_096


def week_of(at_seconds: int) -> str:
    """Return the week whose PINs hold at a moment: `2026W47`, by UTC, from Monday on."""
    year, week, _ = datetime.datetime.fromtimestamp(at_seconds, datetime.UTC).isocalendar()
    return f"{year}W{week:02}"


def class_number(section: str, *, cell_secret: bytes) -> str:
    """Return a class's number: the same all year. Two classes may share one: class and child together decide."""
    return _digits(_key(cell_secret, "class"), section, CLASS_DIGITS)


def child_pin(sub: str, *, cell_secret: bytes, week: str) -> str:
    """Return a child's PIN of one week, the same in all of her classes; 3 microseconds."""
    return _digits(_key(cell_secret, week), sub, PIN_DIGITS)


def dialled(*, section: str, sub: str, cell_secret: bytes, week: str) -> str:
    """Return what a child types after the prompt, without the #."""
    return class_number(section, cell_secret=cell_secret) + child_pin(sub, cell_secret=cell_secret, week=week)


def _digits(key: bytes, of: str, count: int) -> str:
    # 128 bits modulo 10^6: no digit is likelier than another by more than 1 in 10^32.
    return str(int.from_bytes(signing.mac(key, of.encode())) % 10**count).rjust(count, "0")


@functools.lru_cache(_KEPT)
def _key(cell_secret: bytes, what: str) -> bytes:
    return signing.derive(cell_secret, "phone-pin", what)
