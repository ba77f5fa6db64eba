"""A large district's roster: how long, how much memory, and the same answer from both databases."""

from pathlib import Path

import pytest

from tests import figures
from tests.claims.commands import schoolday
from tests.postgres import postgres

SHORT, FULL = 3_000, 50_000

pytestmark = [pytest.mark.timeout(1800), pytest.mark.alone]


def test_a_large_roster_goes_in_and_both_databases_say_the_same(tmp_path: Path) -> None:
    students = FULL if figures.full_form() else SHORT
    files = tmp_path / "district"
    assert schoolday("demo", str(files), "--students", str(students), environment={}).status == 0
    sqlite = {"SCHOOLDAY_HOME": str(tmp_path / "sqlite"), "DATABASE_URL": ""}
    assert _migrate(sqlite)
    first = schoolday("roster", "import", str(files), environment=sqlite)
    again = schoolday("roster", "import", str(files), environment=sqlite)
    with postgres() as url:
        other = {"SCHOOLDAY_HOME": str(tmp_path / "postgres"), "DATABASE_URL": url}
        assert _migrate(other)
        on_postgres = schoolday("roster", "import", str(files), environment=other)
    assert first.status == again.status == on_postgres.status == 0, first.said
    assert first.said["counts"] == on_postgres.said["counts"]
    assert first.said["counts"]["people"]["added"] > students
    assert not any(n for kind in again.said["counts"].values() for n in kind.values()), "the same file changes nothing"
    enrollments = first.said["counts"]["enrollments"]["added"]
    figures.say(
        "roster-scale",
        f"{students:,} students, {enrollments:,} enrollments: SQLite {first.seconds:.0f} s, {first.peak_mib:.0f} MiB "
        f"(again, unchanged: {again.seconds:.0f} s), PostgreSQL {on_postgres.seconds:.0f} s, same counts",
    )
    assert first.peak_mib < 1024
    if figures.full_form():
        assert first.seconds < 60


def _migrate(environment: dict[str, str]) -> bool:
    return schoolday("migrate", environment=environment).status == 0
