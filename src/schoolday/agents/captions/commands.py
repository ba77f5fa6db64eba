"""`schoolday captions serve`: captions for classes that ask for them."""

import click


@click.group()
def captions() -> None:
    """Live captions by an engine of your own machine."""


@captions.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; default: the setting CAPTIONS_PORT.")
@click.option("--json", "as_json", is_flag=True, help="Say what will be served as one JSON object on standard output.")
def serve(host: str, port: int | None, as_json: bool) -> None:
    """
    Serve captions, until ctrl-C: a class that asks is joined within seconds, and left when its grown-ups are gone.

    Needs the plan folder, CELL_SECRET, the root key and LIVE_API_*, and a way to the live servers; no office, no
    database. At most CAPTIONS_AT_MOST classes at a time: beyond that it says that it is busy.
    """
    import asyncio

    import msgspec

    from schoolday import settings_spec
    from schoolday.agents.captions.process import run
    from schoolday.lib import log

    settings = settings_spec.load()
    log.configure(part="captions", level=settings["LOG_LEVEL"], pii=settings["LOG_PII"])
    port = port or settings["CAPTIONS_PORT"]
    if as_json:
        shown = {"host": host, "port": port, "engine": settings["CAPTIONS_ENGINE"]}
        click.echo(msgspec.json.encode(shown).decode())
    asyncio.run(run(settings, host=host, port=port))
