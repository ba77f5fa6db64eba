"""Ids: made, read back, typed by people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolday.lib import ids


@given(st.integers(0, 2**ids.ID_BITS - 1))
def test_an_id_and_its_integer_are_one(value: int) -> None:
    text = ids.from_int(value)
    assert ids.is_id(text)
    assert ids.to_int(text) == value


@given(st.text(max_size=14))
def test_only_letters_of_the_alphabet_are_read(text: str) -> None:
    if set(text) <= set(ids.ALPHABET):
        value = 0
        for letter in text:
            value = value * 32 + ids.ALPHABET.index(letter)
        assert ids.to_int(text) == value
    else:
        with pytest.raises(ValueError):  # noqa: PT011, whatever it says: callers turn it into their own error
            ids.to_int(text)
        assert not ids.is_id(text)


@pytest.mark.parametrize("text", ["i", "l", "o", "u", "A", "_1", "1_0", "+1", "-1", " 1", "1 ", "٣", "0o1"])
def test_what_python_would_read_as_a_number_is_no_id(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011, as above
        ids.to_int(text)


def test_what_a_person_types_is_read_kindly() -> None:
    assert ids.read_typed("K7QP-3m2x OI l") == "k7qp3m2x011"


def test_new_ids_differ_and_event_ids_sort_by_time() -> None:
    assert len({ids.new_id() for _ in range(1000)}) == 1000
    events = [ids.new_event_id() for _ in range(100)]
    assert events == sorted(events)
