"""`schoolday hasher`: runs the process that hashes passwords. Imports no Django."""

import os

import click
import msgspec

from schoolday.lib.errors import SchooldayError


@click.command()
@click.option("--check", is_flag=True, help="Ask the running hasher how it is, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (with --check) or one when it listens.")
def hasher(check: bool, as_json: bool) -> None:
    """
    Hash passwords for the office, one at a time per core (setting HASHER_SLOTS).

    Listens on SCHOOLDAY_HOME/run/hasher.sock until ctrl-C or SIGTERM. Without it nobody can sign on with a password;
    passes, badges and classes need no password and go on.
    """
    from schoolday import settings_spec
    from schoolday.lib import log
    from schoolday.office.signin import hasher_protocol as protocol

    try:
        settings = settings_spec.load()
        path = protocol.socket_path(settings.run_dir)
        if check:
            found = protocol.ask(path, protocol.Request(do="stats"), timeout_seconds=5).stats
            shown = msgspec.to_builtins(found)
            if as_json:
                click.echo(msgspec.json.encode(shown).decode())
            else:
                for name, value in shown.items():
                    click.echo(f"{name:14} {value}")
            return
    except SchooldayError as error:
        raise click.ClickException(error.text) from error

    import asyncio

    from schoolday.office.signin.hasher import Hasher, serve

    log.configure(part="hasher", level=settings["LOG_LEVEL"], pii=settings["LOG_PII"])
    process = Hasher(
        slots=settings["HASHER_SLOTS"] or len(os.sched_getaffinity(0)),
        # Passwords hold at most half of the office's threads, so that the other pages are served in a storm.
        forward_at_most=settings["OFFICE_WORKERS"] * settings_spec.THREADS_PER_OFFICE_WORKER // 2,
    )
    process.measure()

    def ready() -> None:
        if as_json:
            click.echo(msgspec.json.encode({"listens": str(path), "slots": process.slots}).decode())

    try:
        asyncio.run(serve(path, process, ready=ready))
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
