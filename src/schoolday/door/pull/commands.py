"""`schoolday pull`: keep the plan beside a door."""

import click


@click.command()
@click.option("--once", is_flag=True, help="Ask every source once and end: 0 if a whole plan is in force, else 1.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the status as a JSON line: at the end, or at each new plan."
)
def pull(once: bool, as_json: bool) -> None:
    """
    Fetch the plan for a door into PLAN_DIR, from each of PLAN_SOURCES, until ctrl-C.

    A door never connects to anybody; this runs beside it. Every PLAN_PULL_SECONDS the whole index is fetched from every
    source and checked as a door checks it, then the files that are missing here; only a plan that is whole and newer
    comes into PLAN_DIR, in one step. A source may be any static host, or any door (https://…/door/d1/plan).
    """
    import asyncio

    import msgspec

    from schoolday import settings_spec
    from schoolday.door.pull.process import run
    from schoolday.door.pull.status import PullStatus
    from schoolday.lib import log
    from schoolday.lib.errors import BadSettings

    def show(status: PullStatus) -> None:
        if as_json:
            click.echo(msgspec.json.encode(status).decode())
        elif once:
            click.echo(f"Plan {status.version} is in force in {status.plan_dir}." if status.version else "No plan.")
            for one in status.sources:
                click.echo(f"  {one.source}: {'good' if one.ok else one.reason}")

    try:
        settings = settings_spec.load()
        log.configure(part="pull", level=settings["LOG_LEVEL"], pii=settings["LOG_PII"])
        good = asyncio.run(run(settings, once=once, show=show))
    except BadSettings as error:
        raise click.ClickException(error.text) from error
    if not good:
        raise SystemExit(1)
