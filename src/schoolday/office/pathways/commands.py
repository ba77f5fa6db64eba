"""`schoolday plan`: publish the signed plan, and show the one in force."""

from pathlib import Path

import click
import msgspec

from schoolday.lib.errors import SchooldayError
from schoolday.office.pathways.copying.commands import copy

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def plan() -> None:
    """The signed day plan: who meets when and where, who serves, who is denied."""


plan.add_command(copy)


@plan.command()
@_JSON
def publish(as_json: bool) -> None:
    """
    Publish the plan of the next school days (setting PLAN_SCHOOL_DAYS) into the plan folder (PLAN_DIR).

    Run it as often as you like: when nothing changed since the last one, nothing is written and the version stays.
    Doors and devices take a new version within a minute. Two at once take turns.
    """
    _set_up()
    from schoolday.office.pathways.actions import publish_plan
    from schoolday.office.pathways.cards.here import write_pages

    try:
        release = publish_plan()
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    written = write_pages()
    body = {
        "version": release.version,
        "made_at": int(release.made_at.timestamp()),
        "from_date": release.from_date.isoformat(),
        "until_date": release.until_date.isoformat(),
        "schools": release.schools,
        "meetings": release.meetings,
        "index_sha256": release.index_sha256,
        "pages": written.pages,
        "pages_written": written.written,
    }
    _print(body, as_json=as_json)


@plan.command()
@_JSON
def show(as_json: bool) -> None:
    """
    Show the plan in force, as a door would read it: signatures and every file's SHA-256 are checked.

    Exit status 1 when there is none, or when a file is missing or altered; the schools it concerns are named.
    """
    _set_up()
    from schoolday.lib import clock
    from schoolday.office.pathways.actions import open_plan_folder

    try:
        folder = open_plan_folder()
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    index = folder.index()
    if index is None:
        raise click.ClickException(
            f"There is no plan that a door would take in {folder.folder}: 'schoolday plan publish'."
        )
    bad, meetings, people = [], 0, 0
    for files in index.schools:
        school, of_doors = folder.school(files), folder.people(files)
        if school is None or of_doors is None:
            bad.append(files.org)
            continue
        meetings += sum(len(section.meetings) for section in school.sections)
        people += len(of_doors.people)
    body = {
        "version": index.version,
        "made_at": index.made_at,
        "age_seconds": clock.now_seconds() - index.made_at,
        "from_date": index.from_date,
        "until_date": index.until_date,
        "schools": len(index.schools),
        "meetings": meetings,
        "students": people,
        "denied_epochs": len(index.deny.epochs),
        "denied_passes": len(index.deny.jtis),
        "removed_from_sections": len(index.deny.removed),
        "doors": [door.id for door in index.doors],
        "live": [node.id for node in index.live],
        "damaged_schools": bad,
    }
    _print(body, as_json=as_json)
    if bad:
        raise click.exceptions.Exit(1)


@plan.command()
@click.option(
    "--plan", "plan_dir", required=True, type=click.Path(path_type=Path, file_okay=False), help="The plan folder."
)
@click.option("--root", type=click.Path(path_type=Path, exists=True), help="File with the public root key.")
@_JSON
def cards(plan_dir: Path, root: Path | None, as_json: bool) -> None:
    """
    Write the public pages (where to go, status) beside a plan, from the signed plan alone: no office, no database.

    The root key is the file --root, else ROOT_PUBLIC_KEY, else keys/root.public in SCHOOLDAY_HOME, else the one beside
    the plan, which then is trusted as it lies there. Only what changed is written.
    """
    from schoolday.office.pathways.cards import write_cards
    from schoolday.office.pathways.cards.opening import find_root, open_plan

    try:
        root_public, beside = find_root(plan_dir, root)
        opened = open_plan(plan_dir, root_public=root_public)
        done = write_cards(opened.folder, opened.index, opened.school)
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or plan_dir}: {error.strerror}.") from error
    if beside:
        click.echo("The root key beside the plan was trusted as it lies there; name another with --root.", err=True)
    body: dict[str, object] = {
        "version": opened.index.version,
        "pages": done.pages,
        "written": done.written,
        "swept": done.swept,
        "seconds": round(done.seconds, 2),
    }
    _print(body, as_json=as_json)


def _set_up() -> None:
    from schoolday.lib import log
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    from django.conf import settings

    log.configure(part="plan", level=settings.SCHOOLDAY["LOG_LEVEL"], pii=settings.SCHOOLDAY["LOG_PII"])


def _print(body: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(body).decode())
        return
    for name, value in body.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        click.echo(f"{name:22} {shown}")
