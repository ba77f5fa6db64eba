"""Opaque ids: they say nothing about the person or thing they stand for."""

import secrets

import uuid_utils

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
ID_BITS = 60
ID_LENGTH = ID_BITS // 5
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


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
    value = 0
    for letter in text:
        try:
            value = value * 32 + _VALUES[letter]
        except KeyError:
            raise ValueError("not an id") from None
    return value


def is_id(text: str) -> bool:
    """Say whether `text` has the form of an opaque id."""
    return len(text) == ID_LENGTH and all(letter in _VALUES for letter in text)


def read_typed(text: str) -> str:
    """Return what a person typed in our alphabet: any case, spaces and hyphens dropped, o as 0, i and l as 1."""
    return text.lower().translate({ord(" "): None, ord("-"): None, ord("o"): "0", ord("i"): "1", ord("l"): "1"})


def new_event_id() -> str:
    """Return a new UUIDv7, the id of one evidence event; sorts by time."""
    return str(uuid_utils.uuid7())
