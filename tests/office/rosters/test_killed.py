"""A real import, killed with SIGKILL while it writes: nothing of it is there, and the next one brings it all."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.office.rosters.files import big

STUDENTS = 600
PROGRAM = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, skip_checks=True)
from pathlib import Path
from schoolday.office.rosters.actions import import_roster
def said(step, percent):
    print(step, percent, flush=True)
    if step == "writing" and percent >= int(sys.argv[2]):
        sys.stdin.read()  # until somebody kills us
print(import_roster(Path(sys.argv[1]), on_progress=said).run.state, flush=True)
"""


def start(home: Path, roster: Path, stop_at_percent: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(roster), str(stop_at_percent)],
        env={**os.environ, "SCHOOLDAY_HOME": str(home), "DATABASE_URL": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def rows(home: Path, table: str) -> int:
    database = sqlite3.connect(home / "office.sqlite3")
    try:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # our own tables
    finally:
        database.close()


def test_killed_while_it_writes_nothing_is_half_there(tmp_path: Path) -> None:
    roster = big(tmp_path / "roster", students=STUDENTS)
    with start(tmp_path, roster, 50) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("writing") and int(line.split()[1]) >= 50:
                break
        process.kill()
    assert [rows(tmp_path, table) for table in ("people_person", "people_org", "rosters_enrollment")] == [0, 0, 0]
    with start(tmp_path, roster, 101) as process:
        assert process.stdout is not None
        assert process.stdout.read().splitlines()[-1] == "imported"
    assert rows(tmp_path, "people_person") >= 2 * STUDENTS
    database = sqlite3.connect(tmp_path / "office.sqlite3")
    states = [state for (state,) in database.execute("SELECT state FROM rosters_importrun ORDER BY started_at")]
    database.close()
    assert states == ["failed", "imported"]
