"""
What happened, and whether it may have happened: a history of operations and its checker, in the manner of Jepsen.

An operation tells one event. It ends `ok` (acknowledged), `failed` (no try can have kept it) or stays `unknown`: then
it may be in the register or not. Source: https://github.com/jepsen-io/jepsen, three outcomes of an operation.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

Outcome = Literal["ok", "failed", "unknown"]
SLACK_MS = 50  # two processes of one machine round the same clock


@dataclass
class Operation:
    """One event that one writer told, perhaps several times, to several doors."""

    writer: int
    kind: str
    event: str
    person: str
    meeting: str
    began_ms: int
    ended_ms: int = 0
    outcome: Outcome = "unknown"
    tries: int = 0


@dataclass(frozen=True)
class Row:
    """One event as the office has it; `received_ms` by the door that heard it first."""

    event: str
    kind: str
    person: str
    meeting: str
    received_ms: int


@dataclass
class Verdict:
    """What cannot have happened, by event; empty when the promise holds."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    phantoms: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def holds(self) -> bool:
        return not (self.lost or self.twice or self.phantoms or self.altered)

    def figure(self) -> str:
        counts = ", ".join(f"{self.outcomes[outcome]:,} {outcome}" for outcome in ("ok", "failed", "unknown"))
        wrong = f"{len(self.lost)} lost, {len(self.twice)} twice, {len(self.phantoms)} from nowhere"
        return f"{counts}; {wrong}, {len(self.altered)} altered"


def check(history: Sequence[Operation], rows: Iterable[Row]) -> Verdict:
    """
    Compare a history with the office's rows, taken after everything was drained.

    Each acknowledged event must be there; each event there must have been told, not be known to have failed, be there
    once, and say what was told, received between the first try and the end of the last.
    """
    told = {operation.event: operation for operation in history}
    assert len(told) == len(history), "two operations told one event: the history itself is wrong"
    listed = list(rows)
    there = {row.event: row for row in listed}
    verdict = Verdict(outcomes=Counter(operation.outcome for operation in history))
    verdict.lost = [one.event for one in history if one.outcome == "ok" and one.event not in there]
    verdict.twice = [event for event, count in Counter(row.event for row in listed).items() if count > 1]
    for event, row in there.items():
        operation = told.get(event)
        if operation is None or operation.outcome == "failed":
            verdict.phantoms.append(event)
        elif not _is_what_was_told(row, operation):
            verdict.altered.append(event)
    return verdict


def _is_what_was_told(row: Row, operation: Operation) -> bool:
    if (row.kind, row.person, row.meeting) != (operation.kind, operation.person, operation.meeting):
        return False
    latest = operation.ended_ms + SLACK_MS if operation.outcome == "ok" else row.received_ms
    return operation.began_ms - SLACK_MS <= row.received_ms <= latest


def keep(history: Sequence[Operation], path: Path) -> None:
    """Write a history, one operation per line, to look at what a checker complained of."""
    path.write_text("".join(json.dumps(asdict(operation)) + "\n" for operation in history))
