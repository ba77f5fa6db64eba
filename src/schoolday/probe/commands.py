"""`schoolday probe`: look at every layer, and name the one that fails."""

import click


@click.command()
@click.option("--once", is_flag=True, help="Look once, print what was found and end: 0 if all is well, else 1.")
@click.option("--json", "as_json", is_flag=True, help="Print each report as a JSON line.")
def probe(once: bool, as_json: bool) -> None:
    """
    Look at line, names, edge, doors, sign-on, database, live, mail and plan every PROBE_EVERY_SECONDS, until ctrl-C.

    Inside (PROBE_VANTAGE=inside, the default) it also reads what probes at other places saw (PROBE_OTHERS), and writes
    what all of it means to status/probes.json beside the plan, where the operator's desk finds it. At another place
    (PROBE_VANTAGE=miami-fiber) it only looks, and serves its report at GET /probes (PROBE_PORT): it pushes nothing.
    """
    import asyncio

    import msgspec

    from schoolday import settings_spec
    from schoolday.contracts.probes import ProbeReport
    from schoolday.lib import log
    from schoolday.lib.errors import BadSettings
    from schoolday.probe.process import run

    def show(report: ProbeReport) -> None:
        if as_json:
            click.echo(msgspec.json.encode(report).decode())
        elif once:
            for one in report.probes:
                click.echo(f"{one.layer:9} {one.part:12} {one.state:8} {one.ms:5} ms  {one.what}".rstrip())

    try:
        settings = settings_spec.load()
        log.configure(part="probe", level=settings["LOG_LEVEL"], pii=settings["LOG_PII"])
        good = asyncio.run(run(settings, once=once, show=show))
    except BadSettings as error:
        raise click.ClickException(error.text) from error
    if once and not good:
        raise SystemExit(1)
