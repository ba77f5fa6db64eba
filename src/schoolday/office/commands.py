"""`schoolday office`, `schoolday work`, `schoolday migrate`: the office's processes and its database."""

import json
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

import click

from schoolday.lib.errors import SchooldayError

if TYPE_CHECKING:
    from schoolday.settings_spec import Settings

_STOP_SECONDS = 5  # requests that take longer than this to finish are cut when the office stops


@click.command()
@click.option("--port", type=int, help="Port on loopback, in place of OFFICE_PORT.")
@click.option("--metrics-token", is_flag=True, help="Print the token that /office/metrics asks for, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object before it serves.")
def office(port: int | None, metrics_token: bool, as_json: bool) -> None:
    """
    Serve the office on loopback until ctrl-C or SIGTERM; the edge stands in front of it.

    OFFICE_WORKERS processes (granian, WSGI). Does not start on a database of another version: run
    'schoolday migrate' first.
    """
    settings = _settings()
    if metrics_token:
        from schoolday.lib import signing

        token = signing.derive(settings["CELL_SECRET"], "metrics").hex()
        click.echo(json.dumps({"metrics_token": token}) if as_json else token)
        return
    _check_database()
    from granian import Granian
    from granian.constants import Interfaces

    from schoolday.settings_spec import THREADS_PER_OFFICE_WORKER

    port = port or settings["OFFICE_PORT"]
    server = Granian(
        target="schoolday.office.serve:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=settings["OFFICE_WORKERS"],
        blocking_threads=THREADS_PER_OFFICE_WORKER,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
        log_access=False,
    )
    if as_json:
        click.echo(json.dumps({"url": f"http://127.0.0.1:{port}", "workers": settings["OFFICE_WORKERS"]}))
    server.serve()


@click.command()
@click.option("--once", is_flag=True, help="Do every job once and end; exit status 1 if one failed.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print how each job went as one JSON object.")
def work(once: bool, as_json: bool) -> None:
    """
    Do what the office does by itself, until ctrl-C or SIGTERM.

    Drains the doors, closes classes that are over into the register, publishes the plan when something changed, runs
    waiting jobs, and sweeps. Writes its heartbeat to SCHOOLDAY_HOME/run/work.json. Two of them at once do no harm.
    docs/operate/work.md tells more.
    """
    settings = _settings()
    _check_database()
    from schoolday.lib import log
    from schoolday.office.console.work.jobs import all_jobs
    from schoolday.office.console.work.worker import Worker

    log.configure(part="work", level=settings["LOG_LEVEL"], pii=settings["LOG_PII"])
    worker = Worker(jobs=all_jobs(settings), run_dir=settings.run_dir)
    if once:
        went_well = worker.once()
        if as_json:
            click.echo(json.dumps(worker.state()))
        sys.exit(0 if went_well else 1)

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    busy = worker.run()
    log.get(__name__).info("work ends", cut_off=busy)
    sys.stdout.flush()
    # Threads that are still in a transaction are not waited for: the database rolls it back, the next start does it.
    os._exit(0)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def migrate(as_json: bool) -> None:
    """Bring the database to the form this version needs. Changes nothing when it has it already."""
    _settings()
    from schoolday.office import boot

    steps = boot.migrate()
    click.echo(json.dumps({"steps": steps}) if as_json else f"{steps} steps done." if steps else "Nothing to do.")


def _settings() -> "Settings":
    from schoolday import settings_spec
    from schoolday.office import boot

    try:
        boot.boot()
        return settings_spec.load()
    except SchooldayError as error:
        raise click.ClickException(error.text) from error


def _check_database() -> None:
    """
    Servers never change the database by themselves, whatever the mode: several may start at once. Leaves no connection
    behind: what follows may fork.

    :raises click.ClickException: if it is gone, or its tables are not those of this version
    """
    from django.db import connection

    from schoolday.office import boot

    try:
        missing = boot.missing_steps()
    except SchooldayError as error:
        raise click.ClickException(error.text) from error
    finally:
        connection.close()
    if missing:
        raise click.ClickException(
            f"The database is not of this version: {missing} migrations missing. Run 'schoolday migrate' first."
        )
