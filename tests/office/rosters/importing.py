"""How tests import a roster, and look at what came of it."""

from pathlib import Path

from schoolday.office.people.models import Person
from schoolday.office.rosters.actions import Outcome, import_roster
from tests.office.rosters.files import Roster

NOTHING = {"added": 0, "changed": 0, "removed": 0, "held": 0}


def run(roster: Roster, folder: Path, *, accept_deletes: bool = False, dry_run: bool = False) -> Outcome:
    return import_roster(roster.write(folder / "roster"), accept_deletes=accept_deletes, dry_run=dry_run)


def person(sourced_id: str) -> Person:
    return Person.objects.get(sourced_id=sourced_id)


def roles(sourced_id: str) -> set[tuple[str, str]]:
    return set(person(sourced_id).roles.values_list("role", "org__sourced_id"))


def news(outcome: Outcome) -> dict[str, dict[str, int]]:
    """The counts that are not nothing."""
    return {
        kind: {what: n for what, n in counts.items() if n}
        for kind, counts in outcome.run.counts.items()
        if counts != NOTHING
    }
