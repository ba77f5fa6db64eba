"""`schoolday practice serve`: practice classes for teachers."""

import click


@click.group()
def practice() -> None:
    """Practice classes: a class of a teacher's own, whose students are programs."""


@practice.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; default: the setting PRACTICE_PORT.")
@click.option("--json", "as_json", is_flag=True, help="Say what will be served as one JSON object on standard output.")
def serve(host: str, port: int | None, as_json: bool) -> None:
    """
    Serve practice classes, until ctrl-C: at most PRACTICE_AT_MOST at a time, one a teacher, 30 minutes each.

    Needs the plan folder, CELL_SECRET, the root key and LIVE_API_*, and a way to a live server. Nothing that happens
    in a practice class is kept anywhere.
    """
    import asyncio

    import msgspec

    from schoolday import settings_spec
    from schoolday.agents.practice.process import run
    from schoolday.lib import log

    settings = settings_spec.load()
    log.configure(part="practice", level=settings["LOG_LEVEL"], pii=settings["LOG_PII"])
    port = port or settings["PRACTICE_PORT"]
    if as_json:
        click.echo(msgspec.json.encode({"host": host, "port": port}).decode())
    asyncio.run(run(settings, host=host, port=port))
