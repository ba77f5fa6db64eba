"""`schoolday plan`: publish the signed plan, and show the one in force."""

import click
import msgspec

from schoolday.lib.errors import SchooldayError

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def plan() -> None:
    """The signed day plan: who meets when and where, who serves, who is denied."""


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

    try:
        release = publish_plan()
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    body = {
        "version": release.version,
        "made_at": int(release.made_at.timestamp()),
        "from_date": release.from_date.isoformat(),
        "until_date": release.until_date.isoformat(),
        "schools": release.schools,
        "meetings": release.meetings,
        "index_sha256": release.index_sha256,
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
