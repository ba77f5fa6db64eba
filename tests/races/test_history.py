"""
Fifty writers, three doors, two drainers; doors and drainers are killed at random. Then the history is checked.

`SCHOOLDAY_SEED=… pytest tests/races/test_history.py` repeats the wishes and the kills of a run.
"""

import asyncio
import os
import random
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import figures
from tests.door.process import Door
from tests.faults.doors import addresses_of, running_doors
from tests.faults.fleet import Fleet
from tests.faults.office import Office
from tests.races.history import Operation, Row, check, keep
from tests.races.writers import Writer
from tests.school_day import wait_until

WRITERS = 50
SECONDS = 180.0 if figures.full_form() else 8.0
KILL_EVERY_SECONDS = 0.5  # on average
_DOWN_SECONDS = (0.05, 1.0)
_DRAINERS = ("drainer", "drainer:2")


@pytest.mark.timeout(600)
def test_no_history_is_impossible(tmp_path: Path) -> None:
    seed = int(os.environ.get("SCHOOLDAY_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"\nSCHOOLDAY_SEED={seed}")  # noqa: T201  # to repeat it
    dice = random.Random(seed)
    with running_doors(tmp_path, names=("d1", "d2", "d3")) as doors:
        fleet = Fleet(doors["d1"].district, addresses_of(doors), dice)
        writers = [
            Writer(number, student, fleet.district, fleet.addresses, random.Random(f"{seed}.{number}"))
            for number, student in enumerate(fleet.enroll(WRITERS))
        ]
        office = Office.of(fleet, addresses_of(doors), tmp_path / "office", keys=False)
        try:
            office.start(*_DRAINERS)
            kills = asyncio.run(race(writers, doors, office, random.Random(f"{seed}.kills")))
            history = [operation for writer in writers for operation in writer.history]
            keep(history, tmp_path / "history.jsonl")
            for door in doors.values():
                door.wait()
            office.start(*(name for name in _DRAINERS if name not in office.processes))
            wait_until(
                lambda: all(door.wait()["spool_pending"] == 0 for door in doors.values()), seconds=60, what="drained"
            )
            rows = rows_of(office)
        finally:
            office.close()
    verdict = check(history, rows)
    figures.say("history-checked", f"{WRITERS} writers, {kills} kills, seed {seed}: {verdict.figure()}")
    assert verdict.holds, f"SCHOOLDAY_SEED={seed}: {verdict.figure()}; see {tmp_path / 'history.jsonl'}"
    assert verdict.outcomes["ok"] > WRITERS
    assert kills > 2


async def race(writers: list[Writer], doors: dict[str, Door], office: Office, dice: random.Random) -> int:
    """Let all write while doors and drainers die; return how many died."""
    await asyncio.gather(*(writer.sign_on() for writer in writers))
    until = time.monotonic() + SECONDS
    results = await asyncio.gather(killer(doors, office, dice, until), *(one.write(until=until) for one in writers))
    return results[0] or 0


async def killer(doors: dict[str, Door], office: Office, dice: random.Random, until: float) -> int:
    """Kill one after another, sometimes two at once; each comes back soon, as under a supervisor."""
    kills = 0
    while time.monotonic() < until:
        await asyncio.sleep(dice.expovariate(1 / KILL_EVERY_SECONDS))
        victims = dice.sample([*doors, *_DRAINERS], dice.choice((1, 1, 2)))
        down = dice.uniform(*_DOWN_SECONDS)
        for name in victims:
            if name in doors:
                doors[name].process.kill()
            else:
                office.kill(name)
        kills += len(victims)
        await asyncio.sleep(down)
        for name in victims:
            if name in doors:
                doors[name].process.wait()
                doors[name].start()
            else:
                office.start(name)
    return kills


def rows_of(office: Office) -> list[Row]:
    asked = "SELECT id, kind, person_id, meeting_id, received_at FROM attendance_evidenceevent"
    return [
        Row(str(uuid.UUID(str(id_))), str(kind), str(person), str(meeting), ms_of(str(received)))
        for id_, kind, person, meeting, received in office.home.ask(asked)
    ]


def ms_of(text: str) -> int:
    """Return the ms of a time as Django writes it into SQLite: UTC without saying so."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_the_history_can_be_kept_and_read(tmp_path: Path) -> None:
    one = Operation(1, "tried", "e", "p", "m", 1)
    keep([one, one], tmp_path / "history.jsonl")
    assert (tmp_path / "history.jsonl").read_text().count('"outcome": "unknown"') == 2
