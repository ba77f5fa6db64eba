"""Office and database are killed while students come: joins do not notice, and afterwards everything is there once."""

import random
import time
from functools import partial
from pathlib import Path

import psycopg
import pytest

from schoolday.office.console.work.worker import read_heartbeat
from tests import figures
from tests.faults.bells import SHARE_AT_LEAST, after, figure, ring, together
from tests.faults.doors import addresses_of, running_doors
from tests.faults.fleet import Fleet
from tests.faults.office import Database, Office, database
from tests.faults.register import compare
from tests.school_day import wait_until

STUDENTS = 2_000 if figures.full_form() else 150
BELL_SECONDS = 10.0 if figures.full_form() else 2.0
BACK_WITHIN_SECONDS = 10.0  # shared/RELIABILITY.md, promise 4


@pytest.mark.timeout(300)
def test_office_and_database_are_killed_at_the_bell(tmp_path: Path) -> None:
    with running_doors(tmp_path, names=("d1", "d2", "d3")) as doors, database() as server:
        waves = [Fleet(doors["d1"].district, addresses_of(doors), random.Random(number)) for number in range(3)]
        for wave in waves:
            wave.enroll(STUDENTS)
        office = Office.of(together(waves), addresses_of(doors), tmp_path / "office", database=server)
        try:
            office.start("office", "work")
            ring(waves[0], over_seconds=BELL_SECONDS)
            wait_for_more_than(server, 0, seconds=60)
            settled = wait_for_all(server, waves)

            # The database alone; the worker lives, and must find it again by itself.
            ring(waves[1], over_seconds=BELL_SECONDS, fault=after(BELL_SECONDS / 3, server.kill))
            server.start()
            database_back = wait_for_more_than(server, settled, seconds=60)
            settled = wait_for_all(server, waves)

            def kill_all() -> None:
                server.kill()
                office.kill("office", "work")

            ring(waves[2], over_seconds=BELL_SECONDS, fault=after(BELL_SECONDS / 3, kill_all))
            server.start()
            office.start("office", "work")
            wait_until(partial(beats, office), seconds=60, what="the worker has started")
            all_back = wait_for_more_than(server, settled, seconds=60)
            wait_for_all(server, waves)
            whole = together(waves)
            found = compare(whole, office.rows())
        finally:
            office.close()
    figures.say(
        "office-and-database-dead",
        f"{figure(whole)}; drained again {database_back:.1f} s after the database's return,"
        f" {all_back:.1f} s after the worker's; {found.figure()}",
    )
    assert whole.share_in_class() >= SHARE_AT_LEAST
    found.check()
    assert max(database_back, all_back) <= BACK_WITHIN_SECONDS


def beats(office: Office) -> bool:
    """Say whether the worker that was started last has said that it runs."""
    heartbeat = read_heartbeat(office.home.home / "run")
    return heartbeat is not None and heartbeat["pid"] == office.processes["work"].pid


def count(server: Database) -> int:
    with psycopg.connect(server.url) as line:
        found = line.execute("SELECT count(*) FROM attendance_evidenceevent").fetchone()
    assert found is not None
    return int(found[0])


def wait_for_more_than(server: Database, before: int, *, seconds: float) -> float:
    """Return how long it took until the office had taken something new."""
    began = time.monotonic()
    wait_until(lambda: count(server) > before, seconds=seconds, what="the drain goes on")
    return time.monotonic() - began


def wait_for_all(server: Database, fleets: list[Fleet]) -> int:
    """Wait until everything acknowledged so far is at the office; return how many events it has."""
    wanted = len(together(fleets).history.those("ok"))
    wait_until(lambda: count(server) >= wanted, seconds=60, what="everything is drained")
    return count(server)
