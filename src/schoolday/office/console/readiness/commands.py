"""`schoolday readiness`: who is ready, on a terminal."""

import json
import sys

import click


@click.command()
@click.option("--school", metavar="SOURCED_ID", help="one school, by its sourcedId in the roster; default: all")
@click.option(
    "--at-least", type=click.FloatRange(0, 100), help="exit status 1 when fewer percent of students are ready"
)
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def readiness(school: str | None, at_least: float | None, as_json: bool) -> None:
    """
    Say how many students and teachers hold a pass for their next school day, the worst school first.

    The same figures as /office/readiness/. With --at-least for the evening's alarm; nobody enrolled is 0 percent.
    docs/use/readiness.md tells what counts as ready.
    """
    from schoolday.office.boot import boot_with_database

    boot_with_database()
    from schoolday.office.console.readiness.figures import Calls, SchoolLine, Tally, figures_of
    from schoolday.office.people.models import Org

    schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).order_by("name")
    if school is not None:
        schools = schools.filter(sourced_id=school)
        if not schools:
            raise click.ClickException(f"No school has the sourcedId {school!r}. The roster's orgs.csv lists them.")
    figures = figures_of(list(schools))

    def tally(value: Tally) -> dict[str, int]:
        return {
            "enrolled": value.enrolled,
            "ready": value.ready,
            "can_come": value.can_come,
            "nobody_knows": value.nobody_knows,
        }

    def calls(value: Calls) -> dict[str, int]:
        return {"families_to_call": value.to_call, "families_called": value.called, "without_number": value.no_number}

    def row(line: SchoolLine) -> dict[str, object]:
        return {
            "school": line.school.sourced_id,
            "name": line.school.name,
            "on": line.day.on.isoformat() if line.day else None,
            "students": tally(line.students),
            "adults": tally(line.adults),
            **calls(line.calls),
        }

    students = figures.students
    percent = 100 * students.ready / students.enrolled if students.enrolled else 0.0
    if as_json:
        total = {"students": tally(students), "adults": tally(figures.adults), **calls(figures.calls)}
        click.echo(
            json.dumps({"ready_percent": round(percent, 2), **total, "schools": [row(x) for x in figures.lines]})
        )
    else:
        for line in figures.lines:
            on = line.day.on.isoformat() if line.day else "no day  "
            ready = f"{line.students.ready:>7,} of {line.students.enrolled:>7,} ready"
            click.echo(
                f"{line.students.percent:>3} %  {ready}  {line.calls.to_call:>6,} to call  {on}  {line.school.name}"
            )
        click.echo(
            f"{students.ready:,} of {students.enrolled:,} students are ready ({percent:.1f} %). "
            f"{figures.adults.missing:,} of {figures.adults.enrolled:,} teachers and aides are not. "
            f"{figures.calls.to_call:,} families to call."
        )
    if at_least is not None and percent < at_least:
        sys.exit(1)
