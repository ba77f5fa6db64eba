"""`schoolday bench`: how many joins a second one door makes durable."""

import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--short", is_flag=True, help="A smaller plan and shorter rounds: half a minute, for CI. Ratios still count."
)
@click.option("--json", "as_json", is_flag=True, help="Write the figures as one JSON object on standard output.")
@click.option("--output", type=click.Path(dir_okay=False), help="Also write the JSON into this file.")
def bench(short: bool, as_json: bool, output: str | None) -> None:
    """
    Measure one door next to the plain-HTTP ceiling of the same server in the same run.

    Starts a door of its own on one core, with an invented plan, and loads it with wrk from another: a plain
    answer, first contacts (distinct passes, keys, proofs and nonces) and joins with a day session, in turn.
    Then it counts the arrivals in the door's spool: an acknowledged one that is missing there is lost.

    Exit status: 0 all aims met; 1 one is not; 2 it could not be run.
    """
    import msgspec

    from schoolday.drill.bench import report
    from schoolday.drill.bench.door_process import BenchFailed
    from schoolday.drill.bench.load import need_tools
    from schoolday.drill.bench.run import FULL, SHORT, run

    try:
        need_tools()
        figures = run(SHORT if short else FULL, say=lambda text: click.echo(f"bench: {text}", err=True))
    except BenchFailed as error:
        click.echo(f"bench: {error.text}", err=True)
        sys.exit(2)
    written = msgspec.json.format(msgspec.json.encode(figures), indent=2)
    if output:
        Path(output).write_bytes(written + b"\n")
    click.echo(written.decode() if as_json else report.table(figures))
    sys.exit(0 if figures.good else 1)
