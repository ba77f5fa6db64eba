"""Opaque ids: they say nothing about the person or thing they stand for."""

import secrets

import uuid_utils

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
ID_BITS = 60
ID_LENGTH = ID_BITS // 5
_LETTERS = frozenset(ALPHABET)
# To the digits of Python's int(…, 32); every other byte becomes one that it refuses.
_TO_PYTHON = bytearray(b"!" * 256)
for _value, _letter in enumerate(ALPHABET):
    _TO_PYTHON[ord(_letter)] = b"0123456789abcdefghijklmnopqrstuv"[_value]


def new_id() -> str:
    """
    Return a new opaque id of 12 letters (60 random bits).

    60 bits so that a door can keep an id as one 64-bit integer; 10 million ids collide with chance 4e-5,
    and the database's unique key catches it.
    """
    return from_int(secrets.randbits(ID_BITS))


def from_int(value: int, length: int = ID_LENGTH) -> str:
    """Return `value` in base 32, `length` letters; the inverse of `to_int`."""
    letters = []
    for _ in range(length):
        value, digit = divmod(value, 32)
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))


def to_int(text: str) -> int:
    """
    Return the integer an id stands for.

    :raises ValueError: for a letter outside the alphabet
    """
    # Python reads base 32 too, with other letters: 0.4 us instead of 2, and a door does it three times a join.
    return int(text.encode("ascii").translate(_TO_PYTHON), 32) if text else 0


def is_id(text: str) -> bool:
    """Say whether `text` has the form of an opaque id."""
    return len(text) == ID_LENGTH and _LETTERS.issuperset(text)


def read_typed(text: str) -> str:
    """Return what a person typed in our alphabet: any case, spaces and hyphens dropped, o as 0, i and l as 1."""
    return text.lower().translate({ord(" "): None, ord("-"): None, ord("o"): "0", ord("i"): "1", ord("l"): "1"})


def new_event_id() -> str:
    """Return a new UUIDv7, the id of one evidence event; sorts by time."""
    return str(uuid_utils.uuid7())
