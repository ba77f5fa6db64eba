"""`schoolday classbook`: what happened in classes, from a terminal."""

import json
from datetime import datetime

import click


@click.group()
def classbook() -> None:
    """The class book: what happened in each meeting."""


@classbook.command()
@click.option("--section", required=True, metavar="SOURCED_ID", help="the section, by its sourcedId in the roster")
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]), help="the first day, as 2026-09-01")
@click.option("--until", "last", required=True, type=click.DateTime(["%Y-%m-%d"]), help="the last day")
@click.option("--json", "as_json", is_flag=True, help="one JSON object a meeting and line, in place of CSV")
def export(section: str, first: datetime, last: datetime, as_json: bool) -> None:
    """
    Write what happened in a section's meetings to standard output.

    docs/use/class-book.md explains the columns. That it was exported is in the audit.
    """
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    from schoolday.office.classbook import export as file
    from schoolday.office.people import audit
    from schoolday.office.rosters.models import Section

    found = Section.objects.select_related("school__parent").filter(sourced_id=section).first()
    if found is None:
        raise click.ClickException(f"No section has the sourcedId {section!r}. The roster's classes.csv lists them.")
    if last < first:
        raise click.ClickException("--until is before --from.")
    days = {"first": first.date(), "last": last.date()}
    audit.record(None, "classbook.export", "section", found.id, **{name: on.isoformat() for name, on in days.items()})
    head = True
    for book in file.books_of(found, **days):
        if as_json:
            click.echo(json.dumps(file.as_dict(book), ensure_ascii=False))
            continue
        text = file.as_csv(book)
        click.echo(text if head else text.split("\r\n", 1)[1], nl=False)
        head = False
