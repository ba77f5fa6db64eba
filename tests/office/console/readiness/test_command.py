import json

import pytest
from click.testing import CliRunner, Result

from schoolday.office.console.readiness.commands import readiness
from tests.cast import Cast
from tests.office.console.readiness.evening import give_pass, give_phones


def run(*words: str) -> Result:
    return CliRunner().invoke(readiness, words)


def test_it_says_what_the_page_says(bells: Cast) -> None:
    give_phones(bells)
    give_pass(bells.student)
    result = run()
    assert result.exit_code == 0
    worst, better, total = result.output.splitlines()
    assert "Mangrove Middle" in worst
    assert "Olinda Middle" in better
    assert "2026-09-15" in better
    assert total == ("1 of 3 students are ready (33.3 %). 2 of 2 teachers and aides are not. 2 families to call.")


def test_the_same_as_json_for_one_school(bells: Cast) -> None:
    give_pass(bells.student)
    found = json.loads(run("--school", "s1", "--json").output)
    assert found["ready_percent"] == 50
    assert found["students"] == {"enrolled": 2, "ready": 1, "can_come": 0, "nobody_knows": 1}
    assert found["adults"]["ready"] == 0
    (school,) = found["schools"]
    assert (school["school"], school["on"], school["without_number"]) == ("s1", "2026-09-15", 1)
    assert "Naïka" not in run("--json").output


@pytest.mark.parametrize(("at_least", "status"), [("50", 0), ("50.1", 1), ("0", 0)])
def test_below_the_share_asked_for_it_fails(bells: Cast, at_least: str, status: int) -> None:
    give_pass(bells.student)
    assert run("--school", "s1", "--at-least", at_least).exit_code == status
    assert run("--school", "s1", "--at-least", at_least, "--json").exit_code == status


def test_nobody_enrolled_is_not_ready(bells: Cast) -> None:
    bells.other_student.roles.all().delete()
    assert run("--school", "s2", "--at-least", "1").exit_code == 1


def test_an_unknown_school_is_a_sentence(bells: Cast) -> None:
    result = run("--school", "nowhere")
    assert result.exit_code == 1
    assert "No school has the sourcedId 'nowhere'" in result.output
