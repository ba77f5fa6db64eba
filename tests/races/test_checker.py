"""The checker finds what it is there to find: each kind of wrong history, and none in a right one."""

import dataclasses
import random

from hypothesis import given
from hypothesis import strategies as st

from schoolday.lib import ids
from tests.races.history import Operation, Row, check


def operation(outcome: str, number: int = 0) -> Operation:
    return Operation(
        writer=number,
        kind="tried",
        event=ids.new_event_id(),
        person="p" * 12,
        meeting="",
        began_ms=1_000,
        ended_ms=2_000,
        outcome=outcome,  # type: ignore[arg-type]  # one of the three
    )


def row_of(one: Operation, **changed: object) -> Row:
    row = Row(one.event, one.kind, one.person, one.meeting, received_ms=1_500)
    return dataclasses.replace(row, **changed)  # type: ignore[arg-type]  # of the field's type


def test_unknown_may_be_either() -> None:
    one, other = operation("unknown"), operation("unknown")
    assert check([one, other], [row_of(one)]).holds


def test_what_was_acknowledged_must_be_there() -> None:
    one = operation("ok")
    assert check([one], []).lost == [one.event]


def test_what_failed_must_not_and_nothing_comes_from_nowhere() -> None:
    failed, stranger = operation("failed"), operation("ok")
    assert check([failed], [row_of(failed), row_of(stranger)]).phantoms == [failed.event, stranger.event]


def test_once_is_once() -> None:
    one = operation("ok")
    assert check([one], [row_of(one), row_of(one)]).twice == [one.event]


def test_what_is_there_is_what_was_told_when_it_was_told() -> None:
    one = operation("ok")
    for changed in ({"person": "q" * 12}, {"kind": "left"}, {"received_ms": 500}, {"received_ms": 9_000}):
        assert check([one], [row_of(one, **changed)]).altered == [one.event]


@given(st.lists(st.sampled_from(["ok", "failed", "unknown"]), max_size=40), st.integers())
def test_a_drain_that_moves_its_cursor_first_is_found(outcomes: list[str], seed: int) -> None:
    """Every history of a right system holds; drop any acknowledged event of it, and it no longer does."""
    dice = random.Random(seed)
    history = [operation(outcome, number) for number, outcome in enumerate(outcomes)]
    kept = [one for one in history if one.outcome == "ok" or (one.outcome == "unknown" and dice.random() < 0.5)]
    rows = [row_of(one) for one in kept]
    assert check(history, rows).holds
    acknowledged = [one for one in kept if one.outcome == "ok"]
    if acknowledged:
        gone = dice.choice(acknowledged).event
        assert check(history, [row for row in rows if row.event != gone]).lost == [gone]
