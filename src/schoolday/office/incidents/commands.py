"""`schoolday incident`: declare, note, close and list, from a terminal."""

import json
from typing import TYPE_CHECKING

import click

from schoolday.lib.errors import SchooldayError

if TYPE_CHECKING:
    from schoolday.office.incidents.models import Incident

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def incident() -> None:
    """Incidents: what is broken, what was seen, decided and told."""


@incident.command()
@click.option("--layer", required=True, help="line, dns, edge, door, sign_on, database, live, mail or plan")
@click.option("--title", required=True, help="what people call it")
@click.option("--severity", default="major", show_default=True, type=click.Choice(["minor", "major", "critical"]))
@click.option("--band", "bands", multiple=True, type=click.Choice(["PK-5", "6-8", "9-12"]), help="only these grades")
@click.option("--region", "regions", multiple=True, help="only these regions")
@click.option("--school", "schools", multiple=True, metavar="SOURCED_ID", help="only these schools")
@click.option(
    "--next",
    "next_minutes",
    default=15,
    show_default=True,
    type=click.IntRange(1, 1440),
    help="minutes to the next word",
)
@_JSON
def declare(
    layer: str,
    title: str,
    severity: str,
    bands: tuple[str, ...],
    regions: tuple[str, ...],
    schools: tuple[str, ...],
    next_minutes: int,
    as_json: bool,
) -> None:
    """Declare an incident, for the whole district unless something narrows it down."""
    _set_up()
    from datetime import timedelta

    from schoolday.lib import clock
    from schoolday.office.attendance.scope import Scope
    from schoolday.office.incidents import actions
    from schoolday.office.people.models import Org

    known = dict(Org.objects.filter(sourced_id__in=schools, kind=Org.Kind.SCHOOL).values_list("sourced_id", "id"))
    unknown = sorted(set(schools) - set(known))
    if unknown:
        raise click.ClickException(
            f"No school has the sourcedId {', '.join(unknown)}. The roster's orgs.csv lists them."
        )
    try:
        found = actions.declare(
            None,
            layer=layer,
            title=title,
            severity=severity,
            scope=Scope(bands=bands, regions=regions, schools=tuple(known.values())),
            next_update_at=clock.now() + timedelta(minutes=next_minutes),
        )
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    _say(_body(found), as_json=as_json)


@incident.command()
@click.argument("incident_id")
@click.argument("text")
@click.option("--kind", default="seen", show_default=True, type=click.Choice(["seen", "decided", "told", "changed"]))
@click.option(
    "--next", "next_minutes", type=click.IntRange(1, 1440), help="minutes to the next word; default: as it stands"
)
@_JSON
def note(incident_id: str, text: str, kind: str, next_minutes: int | None, as_json: bool) -> None:
    """Write TEXT into the timeline of an incident. Write no child's name: the board reads it."""
    _set_up()
    from datetime import timedelta

    from schoolday.lib import clock
    from schoolday.office.incidents import actions

    due = clock.now() + timedelta(minutes=next_minutes) if next_minutes else None
    found = _known(incident_id)
    try:
        entry = actions.write(None, found.id, kind=kind, text=text, next_update_at=due)
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    _say({"incident": incident_id, "kind": kind, "at": entry.at.isoformat()}, as_json=as_json)


@incident.command()
@click.argument("incident_id")
@click.option("--happened", required=True, help="what happened")
@click.option("--change", required=True, help="what we change")
@click.option("--who", required=True, help="who does it, and by when")
@_JSON
def close(incident_id: str, happened: str, change: str, who: str, as_json: bool) -> None:
    """Close an incident with its review; its amnesties without an end end now."""
    _set_up()
    from schoolday.office.incidents import actions

    found = _known(incident_id)
    try:
        found = actions.close(None, found.id, {"happened": happened, "change": change, "who": who})
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    _say(_body(found), as_json=as_json)


@incident.command(name="list")
@click.option("--all", "also_closed", is_flag=True, help="also those that are closed, the newest 100")
@_JSON
def list_(also_closed: bool, as_json: bool) -> None:
    """List the open incidents, the worst first."""
    _set_up()
    from schoolday.office.incidents import queries
    from schoolday.office.incidents.models import Incident

    found = list(queries.open_incidents())
    if also_closed:
        found += queries.closed_incidents(among=Incident.objects.all())[:100]
    bodies = [_body(one) for one in found]
    if as_json:
        click.echo(json.dumps({"incidents": bodies}, ensure_ascii=False))
        return
    for body in bodies:
        click.echo("  ".join(str(body[name]) for name in ("id", "severity", "layer", "started_at", "title")))
    if not bodies:
        click.echo("Nothing is broken that we know of.")


def _set_up() -> None:
    from schoolday.office.boot import boot_with_database

    boot_with_database()


def _known(incident_id: str) -> "Incident":
    from schoolday.office.incidents.models import Incident

    found = Incident.objects.filter(id=incident_id).first()
    if found is None:
        raise click.ClickException(f"There is no incident {incident_id!r}. 'schoolday incident list --all' shows them.")
    return found


def _body(found: "Incident") -> dict[str, object]:
    return {
        "id": found.id,
        "title": found.title,
        "layer": found.layer,
        "severity": found.severity,
        "scope": found.scope,
        "started_at": found.started_at.isoformat(),
        "next_update_at": found.next_update_at.isoformat() if found.next_update_at else None,
        "closed_at": found.closed_at.isoformat() if found.closed_at else None,
    }


def _say(body: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(body, ensure_ascii=False))
        return
    for name, value in body.items():
        click.echo(f"{name:16} {value}")
