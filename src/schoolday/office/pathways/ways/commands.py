"""`schoolday alternates`: which sections have no Plan B that would help, on a terminal."""

import json

import click


@click.group()
def alternates() -> None:
    """Where classes go when the live class cannot open."""


@alternates.command()
@click.option("--school", metavar="SOURCED_ID", help="One school, by its sourcedId in the roster; default: all.")
@click.option("--list", "with_sections", is_flag=True, help="Name each section, with its teachers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def missing(school: str | None, with_sections: bool, as_json: bool) -> None:
    """
    Count sections without any alternate, with none that stands on another sign-on, or with a link that failed.

    The same figures as /office/alternates/missing/, the school with most missing first.
    """
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    from schoolday.office.pathways.ways.missing import count_missing, missing_in
    from schoolday.office.people.models import Org

    schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).order_by("name")
    if school is not None:
        schools = schools.filter(sourced_id=school)
        if not schools:
            raise click.ClickException(f"No school has the sourcedId {school!r}. The roster's orgs.csv lists them.")
    lines = count_missing(list(schools))
    found = missing_in(list(schools)) if with_sections else []
    if as_json:
        shown: dict[str, object] = {
            "schools": [
                {
                    "school": line.school.sourced_id,
                    "name": line.school.name,
                    "sections": line.sections,
                    "missing": line.missing,
                    "none": line.none,
                    "same_sign_on": line.same_sign_on,
                    "link_failed": line.link_failed,
                }
                for line in lines
            ],
            "sections": sum(line.sections for line in lines),
            "missing": sum(line.missing for line in lines),
        }
        if with_sections:
            shown["list"] = [
                {"section": one.id, "title": one.title, "problems": one.problems, "teachers": one.teachers}
                for one in found
            ]
        click.echo(json.dumps(shown))
        return
    for line in lines:
        click.echo(
            f"{line.school.name}: {line.missing} of {line.sections} sections; {line.none} without any,"
            f" {line.same_sign_on} on one sign-on, {line.link_failed} with a link that failed"
        )
    for one in found:
        click.echo(f"  {one.title} ({', '.join(one.teachers) or 'no teacher'}): {', '.join(one.problems)}")
