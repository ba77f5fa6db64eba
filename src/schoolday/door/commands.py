"""`schoolday door`: serve one door."""

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; default: the setting DOOR_PORT.")
@click.option("--json", "as_json", is_flag=True, help="Say what will be served as one JSON object on standard output.")
def door(host: str, port: int | None, as_json: bool) -> None:
    """
    Serve one door, until ctrl-C: it lets people in at the bell.

    A door is one process with one spool; to use more cores, start more doors, each with its own DOOR_ID and
    DOOR_PORT. It needs the plan folder (PLAN_DIR), CELL_SECRET, the root key and LIVE_API_*; it needs no office,
    no database and no network. Without a plan it starts, and lets people in as soon as one comes.
    """
    import msgspec

    from schoolday import settings_spec
    from schoolday.door.server import serve
    from schoolday.lib import log
    from schoolday.lib.errors import BadSettings

    try:
        settings = settings_spec.load()
        log.configure(part="door", level=settings["LOG_LEVEL"], pii=settings["LOG_PII"], at_first_use=True)
        port = port or settings["DOOR_PORT"]
        if as_json:
            shown = {"door": settings["DOOR_ID"], "host": host, "port": port, "plan_dir": str(settings.plan_dir)}
            click.echo(msgspec.json.encode(shown).decode())
        serve(settings, host=host, port=port)
    except BadSettings as error:
        raise click.ClickException(error.text) from error
