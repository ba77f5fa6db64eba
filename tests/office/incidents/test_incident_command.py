import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from schoolday.office.incidents.commands import incident
from schoolday.office.incidents.models import Incident, TimelineEntry
from tests.cast import Cast

REVIEW = ("--happened", "A switch failed.", "--change", "A second one.", "--who", "Network, by May.")


def run(*words: str) -> Result:
    return CliRunner().invoke(incident, words)


def said(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_whole_incident_from_a_terminal(cast: Cast) -> None:
    assert run("list").output == "Nothing is broken that we know of.\n"
    made = said("declare", "--layer", "live", "--title", "Live fails", "--school", "s1", "--severity", "critical")
    found = Incident.objects.get()
    assert (made["id"], made["severity"], made["closed_at"]) == (found.id, "critical", None)
    assert list(found.schools.all()) == [cast.school]
    due = made["next_update_at"]
    assert said("note", found.id, "Both nodes are up.", "--kind", "told", "--next", "60")["kind"] == "told"
    assert said("list")["incidents"][0]["next_update_at"] > due
    assert TimelineEntry.objects.get().author_id == ""
    assert "Live fails" in run("list").output
    assert said("close", found.id, *REVIEW)["closed_at"]
    assert said("list")["incidents"] == []
    assert said("list", "--all")["incidents"][0]["id"] == found.id
    late = run("note", found.id, "too late")
    assert (late.exit_code, "Open it again first" in late.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("declare", "--layer", "moon", "--title", "x"), "Say which part is broken"),
        (("declare", "--layer", "live", "--title", "x", "--school", "nowhere"), "No school has the sourcedId nowhere"),
        (("declare", "--layer", "live", "--title", "x", "--region", "moon"), "No class is meant by this"),
        (("note", "nothing", "x"), "There is no incident 'nothing'"),
        (("close", "nothing", *REVIEW), "There is no incident 'nothing'"),
    ],
)
def test_what_makes_no_sense_ends_with_a_sentence(cast: Cast, words: tuple[str, ...], sentence: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert sentence in result.output
    assert not Incident.objects.exists()
