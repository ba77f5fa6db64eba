"""The ticket that a visitor holds: nobody makes, alters, lends or keeps one for ever, and it tells nothing."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolday.lib import clock, signing
from schoolday.office.signin.hasher_protocol import Visitor
from schoolday.office.signin.line.ticket import GOOD_FOR_MS, BadLine, account_of, open_ticket, seal

SECRET, OTHER_SECRET = bytes(range(32)), bytes(32)
NAIKA = account_of("naika.p", secret=SECRET)


def visitor(account: bytes = NAIKA, *, rank: int = 1, known: bool = True, told: int = 17) -> Visitor:
    now = clock.now_ms()
    return Visitor(
        account=account, rank=rank, bell_at=1_800_000_000, arrived_at_ms=now, is_known=known, told=told, told_at_ms=now
    )


def test_what_was_sealed_comes_out() -> None:
    held = visitor()
    assert open_ticket(seal(held, secret=SECRET), secret=SECRET, account=NAIKA) == held
    assert seal(held, secret=SECRET) != seal(held, secret=SECRET), "two tickets cannot be told to be of one person"
    assert len(seal(held, secret=SECRET)) < 200


@pytest.mark.parametrize("text", ["", "x", "====", "v4.public.abc", "\0", "ñ" * 40, "A" * 5_000, "A" * 120])
def test_what_somebody_made_up_is_refused(text: str) -> None:
    with pytest.raises(BadLine) as caught:
        open_ticket(text, secret=SECRET)
    assert (caught.value.code, caught.value.status) == ("bad_line", 403)


@given(st.data())
def test_altered_anywhere_it_is_refused(data: st.DataObject) -> None:
    raw = bytearray(signing.unb64(seal(visitor(), secret=SECRET)))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BadLine):
        open_ticket(signing.b64(bytes(raw)), secret=SECRET)
    cut = random.randrange(len(raw))
    with pytest.raises(BadLine):
        open_ticket(signing.b64(bytes(raw[:cut])), secret=SECRET)


def test_another_cells_and_another_accounts_ticket_are_refused() -> None:
    with pytest.raises(BadLine):
        open_ticket(seal(visitor(), secret=OTHER_SECRET), secret=SECRET)
    with pytest.raises(BadLine):
        open_ticket(seal(visitor(), secret=SECRET), secret=SECRET, account=account_of("leo.g", secret=SECRET))


def test_it_ends_after_a_morning_and_is_not_of_tomorrow() -> None:
    ticket = seal(visitor(), secret=SECRET)
    with clock.shifted(timedelta(milliseconds=GOOD_FOR_MS - 5_000)):
        assert open_ticket(ticket, secret=SECRET)
    for off in (timedelta(milliseconds=GOOD_FOR_MS + 1_000), timedelta(hours=-1)):
        with clock.shifted(off), pytest.raises(BadLine):
            open_ticket(ticket, secret=SECRET)


def test_it_says_nothing_of_who_holds_it() -> None:
    teacher = seal(visitor(rank=0), secret=SECRET)
    nobody = seal(visitor(account_of("nobody.here", secret=SECRET), known=False), secret=SECRET)
    assert len(teacher) == len(nobody)
    for ticket in (teacher, nobody):
        raw = signing.unb64(ticket)
        assert NAIKA not in raw
        assert b"naika" not in raw


def test_an_account_is_the_name_however_it_is_typed() -> None:
    assert account_of(" Naika.P ", secret=SECRET) == NAIKA
    assert account_of("naika.p2", secret=SECRET) != NAIKA
    assert account_of("naika.p", secret=OTHER_SECRET) != NAIKA
