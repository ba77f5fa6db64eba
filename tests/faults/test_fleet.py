"""The fleet's own book-keeping: a wrong one would find losses that are none, or miss some."""

import asyncio

import pytest

from tests.faults.fleet import History, Outcome
from tests.faults.liars import LIES, lying_door
from tests.faults.wire import Address, Unanswered, ask

pytestmark = pytest.mark.alone


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (["failed"], "failed"),
        (["failed", "unknown"], "unknown"),
        (["unknown", "failed"], "unknown"),
        (["unknown", "ok"], "ok"),
        (["ok", "failed", "unknown"], "ok"),
    ],
)
def test_what_is_known_of_an_event(ends: list[Outcome], expected: Outcome) -> None:
    history = History()
    for end in ends:
        history.asked("e")
        assert "e" not in history.those("failed"), "while it is on its way, nobody knows"
        history.answered("e", end)
    assert history.those(expected) == {"e"}


def test_while_one_of_two_tries_is_open_nothing_is_sure() -> None:
    history, whole = History(), History()
    history.asked("e")
    history.asked("e")
    history.answered("e", "failed")
    assert history.those("unknown") == {"e"}
    history.answered("e", "failed")
    whole.add(history)
    assert whole.those("failed") == {"e"}


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_is_taken_for_an_answer(lie: str) -> None:
    with lying_door(lie) as stranger, pytest.raises(Unanswered) as trouble:
        asyncio.run(ask(stranger, "GET", "/nonce", needs=("nonce", "server_at"), timeout_seconds=0.5))
    assert trouble.value.layer in ("stranger", "line", "slow")


def test_nobody_there_is_a_sure_failure() -> None:
    with pytest.raises(Unanswered) as trouble:
        asyncio.run(ask(Address("127.0.0.1", 9), "GET", "/nonce", needs=(), timeout_seconds=2))
    assert (trouble.value.layer, trouble.value.reached) == ("line", False)
