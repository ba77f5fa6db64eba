"""Commands of the timetable. Django is imported when one runs, so that `--help` is quick."""

import json as json_module
from pathlib import Path

import click


@click.group()
def timetable() -> None:
    """Bells and calendar."""


@timetable.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="check, and say what would change; write nothing")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object: state, counts, problems")
def import_(path: Path, dry_run: bool, as_json: bool) -> None:
    """
    Import bells.csv and calendar.csv from PATH, a folder or a zip.

    docs/use/timetable.md describes both files. All problems are in one report, and then nothing is written. Exit
    status: 0 imported, 2 refused.
    """
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    from schoolday.office.timetable.actions import import_timetable

    done = import_timetable(path, is_dry_run=dry_run)
    state = "refused" if done.problems else "previewed" if dry_run else "imported"
    if as_json:
        answer = {"state": state, "problems": [problem.as_dict() for problem in done.problems], **done.counts}
        click.echo(json_module.dumps(answer, ensure_ascii=False))
    else:
        for problem in done.problems:
            click.echo(str(problem), err=True)
        if done.problems:
            more = done.problem_count - len(done.problems)
            rest = f" and {more} more like them" if more else ""
            click.echo(f"Refused: {len(done.problems)} problems{rest}. Nothing was written.", err=True)
        else:
            click.echo("Nothing written; this would change:" if dry_run else "Imported:")
            for kind, counts in done.counts.items():
                click.echo(f"  {kind:<10}" + "  ".join(f"{count} {verb}" for verb, count in counts.items()))
    if done.problems:
        raise SystemExit(2)
