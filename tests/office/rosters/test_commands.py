import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from schoolday.office.people.models import Person
from schoolday.office.rosters.commands import roster
from schoolday.office.rosters.locks import one_import_at_a_time
from tests.office.rosters.files import Roster, small_12, without_leo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def call(files: Roster, folder: Path, *options: str) -> Result:
    return CliRunner().invoke(roster, ["import", str(files.write(folder / "r")), *options])


def test_imported_is_zero_and_says_what_changed(tmp_path: Path) -> None:
    result = call(small_12(), tmp_path)
    assert result.exit_code == 0
    assert "people" in result.output
    assert "Imported." in result.output
    assert "nothing had changed" in call(small_12(), tmp_path).output


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    said = json.loads(call(small_12(), tmp_path, "--json").stdout)
    assert said["state"] == "imported"
    assert said["counts"]["people"] == {"added": 7, "changed": 0, "removed": 0, "held": 0}
    assert said["problems"] == []


def test_a_dry_run_is_zero_and_writes_nothing(tmp_path: Path) -> None:
    result = call(small_12(), tmp_path, "--dry-run")
    assert (result.exit_code, Person.objects.count()) == (0, 0)
    assert "Nothing was written" in result.output


def test_refused_is_two_and_names_file_and_line(tmp_path: Path) -> None:
    files = small_12()
    files.find("users", "u-leo")["enabledUser"] = ""
    result = call(files, tmp_path)
    assert result.exit_code == 2
    assert "users.csv:4: enabledUser is empty. Fill it in." in result.stderr
    said = json.loads(call(files, tmp_path, "--json").stdout)
    assert said["problems"] == [
        {"file": "users.csv", "line": 4, "code": "empty_value", "text": "enabledUser is empty. Fill it in."}
    ]


def test_many_problems_are_counted_not_all_printed(tmp_path: Path) -> None:
    files = small_12()
    for number in range(250):
        files.add("courses", sourcedId=f"x{number}")
    result = call(files, tmp_path)
    assert result.stderr.count("courses.csv:") == 200
    assert "… and 300 more." in result.stderr
    assert "500 problems" in result.stderr


def test_held_is_three_until_accepted(tmp_path: Path) -> None:
    call(small_12(), tmp_path)
    held = call(without_leo(), tmp_path)
    assert held.exit_code == 3
    assert "--accept-deletes" in held.stderr
    assert call(without_leo(), tmp_path, "--dry-run").exit_code == 3
    assert call(without_leo(), tmp_path, "--accept-deletes").exit_code == 0


def test_a_wrong_path_is_a_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(roster, ["import", str(tmp_path / "nowhere")])
    assert result.exit_code == 2
    assert "There is no such file or folder." in result.stderr


@pytest.mark.django_db(transaction=True)
def test_a_second_import_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        # The lock is the connection's own; here both would be the same connection.
        from schoolday.office.rosters import locks

        monkeypatch.setattr(locks, "_in_database", locks._in_file)
    with one_import_at_a_time():
        assert call(small_12(), tmp_path).exit_code == 4
        assert json.loads(call(small_12(), tmp_path, "--json").stdout)["state"] == "busy"


def test_help_says_how_it_ends() -> None:
    said = CliRunner().invoke(roster, ["import", "--help"]).output
    for word in ("--dry-run", "--accept-deletes", "--json", "Exit status"):
        assert word in said
