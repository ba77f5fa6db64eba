"""`schoolday register`, `schoolday evidence`: the register and what it is made of, from a terminal."""

import json
from datetime import datetime

import click


@click.group()
def register() -> None:
    """The register: who came, and when."""


@register.command()
@click.option("--school", required=True, metavar="SOURCED_ID", help="the school, by its sourcedId in the roster")
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="the day, as 2026-09-01")
@click.option("--json", "as_json", is_flag=True, help="a JSON array in place of CSV")
def export(school: str, on: datetime, as_json: bool) -> None:
    """
    Write the register of one school's day to standard output.

    One row per student and meeting; docs/use/register.md explains the columns. That it was exported is in the audit.
    """
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    from schoolday.office.attendance import export as file
    from schoolday.office.people import audit
    from schoolday.office.people.models import Org

    org = Org.objects.select_related("parent").filter(sourced_id=school, kind=Org.Kind.SCHOOL).first()
    if org is None:
        raise click.ClickException(f"No school has the sourcedId {school!r}. The roster's orgs.csv lists them.")
    audit.record(None, "register.export", "org", org.id, on=on.date().isoformat())
    if as_json:
        click.echo(json.dumps(list(file.rows(org, on.date())), ensure_ascii=False))
        return
    for line in file.csv_lines(org, on.date()):
        click.echo(line, nl=False)


@click.group()
def evidence() -> None:
    """What devices, doors and live servers told: the register is made of it."""


@evidence.command()
@click.option("--door", "doors", multiple=True, metavar="ID", help="Only this door; may be said several times.")
@click.option("--days", default=3, show_default=True, type=click.IntRange(1, 400), help="Spools begun in these days.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, by door.")
def reconcile(doors: tuple[str, ...], days: int, as_json: bool) -> None:
    """
    Compare what the doors keep with the office's evidence, event by event, and bring what is missing.

    'schoolday work' does it each night. Doing it again changes nothing. Ends with status 1 if a door did not answer;
    docs/operate/work.md says what the numbers mean.
    """
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    from dataclasses import asdict

    from django.conf import settings

    from schoolday.office.attendance.reconcile import reconcile_door
    from schoolday.office.attendance.spools import DoorClient, DoorTrouble

    known = settings.SCHOOLDAY.doors_drain
    unknown = sorted(set(doors) - set(known))
    if unknown:
        raise click.ClickException(
            f"DOORS_DRAIN knows no door {', '.join(unknown)}; it has {', '.join(sorted(known))}."
        )
    told: dict[str, dict[str, int | str]] = {}
    for door in doors or sorted(known):
        client = DoorClient(door, known[door])
        try:
            told[door] = dict(asdict(reconcile_door(client, days=days)))
        except DoorTrouble as error:
            told[door] = {"trouble": error.text}
        finally:
            client.close()
    if as_json:
        click.echo(json.dumps(told))
    else:
        for door, found in told.items():
            click.echo(f"{door}: " + ", ".join(f"{name} {value}" for name, value in found.items()))
    if any("trouble" in found for found in told.values()):
        raise SystemExit(1)
