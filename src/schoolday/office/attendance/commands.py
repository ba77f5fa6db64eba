"""`schoolday register`: the register from a terminal."""

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
