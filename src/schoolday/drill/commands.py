"""Commands of the drill."""

import json as json_module
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from schoolday.drill import district
from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError


@click.command()
@click.argument("outdir", type=click.Path(file_okay=False, path_type=Path))
@click.option("--students", default=120, show_default=True, help="how many; at least 39")
@click.option("--seed", default=1, show_default=True, help="another number, another district of that size")
@click.option("--bell-at", metavar="ISO_TIME", help="when a bell must ring, as 2026-11-20T14:05; default: in 2 minutes")
@click.option("--time-zone", default="America/New_York", show_default=True, help="zone of the district, an IANA name")
@click.option("--school-year", type=int, help="year in which the school year begins (1 July); default: the bell's")
@click.option("--json", "as_json", is_flag=True, help="say what was written as JSON")
def demo(
    outdir: Path, students: int, seed: int, bell_at: str | None, time_zone: str, school_year: int | None, as_json: bool
) -> None:
    """
    Write an invented district into OUTDIR.

    OneRoster 1.2 CSV, bells.csv, calendar.csv and logins.json (whom to sign on as). The same arguments write the
    same bytes. docs/use/demo.md tells what is in it.
    """
    try:
        written = district.write_district(
            outdir, students=students, seed=seed, bell_at=_bell(bell_at, time_zone), year=school_year
        )
    except (ValueError, SchooldayError) as error:
        raise click.UsageError(str(error)) from error
    bells = written.bells
    if as_json:
        click.echo(
            json_module.dumps(
                {
                    "folder": str(outdir),
                    "counts": written.counts,
                    "bell_at": bells.bell_at.astimezone(ZoneInfo(bells.time_zone)).isoformat(),
                    "time_zone": bells.time_zone,
                }
            )
        )
        return
    for kind, count in written.counts.items():
        click.echo(f"{count:>10,}  {kind}")
    local = bells.bell_at.astimezone(ZoneInfo(bells.time_zone))
    click.echo(f"The bell rings at {local:%Y-%m-%d %H:%M} ({bells.time_zone}). All in {outdir}.")


def _bell(text: str | None, time_zone: str) -> datetime:
    """Return the minute of the bell in the district's zone; a time without an offset is on that zone's wall."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(
            f"{time_zone!r} is no IANA name such as America/New_York", param_hint="--time-zone"
        ) from error
    if text is None:
        soon = clock.now() + timedelta(minutes=2, seconds=59)
        return soon.replace(second=0, microsecond=0).astimezone(zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no time such as 2026-11-20T14:05", param_hint="--bell-at") from error
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
