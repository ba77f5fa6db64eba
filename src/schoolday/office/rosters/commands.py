"""`schoolday roster`: rosters from the command line."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from schoolday.lib import log

if TYPE_CHECKING:
    from schoolday.office.rosters.actions import Outcome

SHOWN_AT_MOST = 200
EXITS = {"imported": 0, "previewed": 0, "refused": 2, "held": 3}
BUSY_EXIT = 4


@click.group()
def roster() -> None:
    """Rosters: who is in which class, from the district's files."""


@roster.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check and compare only; write nothing.")
@click.option("--accept-deletes", is_flag=True, help="Also import what would take more than 10 % out at once.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_(path: Path, dry_run: bool, accept_deletes: bool, as_json: bool) -> None:
    """
    Import OneRoster CSV files (1.1 or 1.2) from PATH, a folder or a zip.

    The roster is checked whole first; if anything is wrong, every problem is printed and nothing is written.
    The same files twice change nothing. docs/use/roster.md explains every problem.

    \b
    Exit status: 0 imported (with --dry-run: would be), 2 refused, 3 held: it would remove more
    than 10 % of the people, sections or enrollments and waits for --accept-deletes,
    4 another import is running.
    """
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    log.configure(part="roster", level="WARNING")  # the result is printed; standard output is the caller's
    from schoolday.office.rosters.actions import import_roster
    from schoolday.office.rosters.locks import ImportRunning

    errors = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=errors,
        disable=as_json or not errors.is_terminal,
    )
    try:
        with bar:
            tasks = {"reading": bar.add_task("Reading", total=100), "writing": bar.add_task("Writing", total=100)}
            outcome = import_roster(
                path,
                dry_run=dry_run,
                accept_deletes=accept_deletes,
                on_progress=lambda step, percent: bar.update(tasks[step], completed=percent),
            )
    except ImportRunning as error:
        click.echo(json.dumps({"state": "busy", **error.as_dict()}) if as_json else error.text, err=not as_json)
        sys.exit(BUSY_EXIT)
    if as_json:
        click.echo(json.dumps(outcome.as_dict(), ensure_ascii=False))
    else:
        _print(outcome)
    sys.exit(EXITS[outcome.run.state])


def _print(outcome: "Outcome") -> None:
    run = outcome.run
    if run.state == "refused":
        for problem in outcome.problems[:SHOWN_AT_MOST]:
            click.echo(str(problem), err=True)
        more = run.problem_count - min(len(outcome.problems), SHOWN_AT_MOST)
        if more:
            click.echo(f"… and {more:,} more.", err=True)
        noun = "problem" if run.problem_count == 1 else "problems"
        click.echo(f"Refused: {run.problem_count:,} {noun}, nothing was written.", err=True)
        return
    _print_counts(run.counts)
    if run.state == "held":
        click.echo(
            "Held: more than 10 % would leave at once, nothing was written. "
            "If that is right, run it again with --accept-deletes.",
            err=True,
        )
    elif run.state == "previewed":
        click.echo("This is what an import would do. Nothing was written.")
    elif any(count for of_kind in run.counts.values() for count in of_kind.values()):
        click.echo("Imported.")
    else:
        click.echo("Imported: nothing had changed.")


def _print_counts(counts: dict[str, dict[str, int]]) -> None:
    columns = ("added", "changed", "removed", "held")
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right")
    for kind, of_kind in counts.items():
        table.add_row(kind, *(f"{of_kind[column]:,}" if of_kind[column] else "·" for column in columns))
    Console().print(table)
