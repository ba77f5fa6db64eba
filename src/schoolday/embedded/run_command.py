"""`schoolday run`: a school day at one URL, all on this machine."""

import contextlib
import fcntl
import signal
import socket
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import FrameType

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from schoolday import settings_spec
from schoolday.embedded import demo_day, live_server
from schoolday.embedded.banner import print_banner
from schoolday.embedded.parts import Part, parts
from schoolday.embedded.paths import APP_DIST, Paths, paths_of
from schoolday.embedded.ports import check_ports
from schoolday.embedded.sites import sites
from schoolday.embedded.supervise import supervised, write_configuration
from schoolday.lib import log
from schoolday.lib.errors import BadSettings, SchooldayError

_READY_SECONDS = 60
_POLL_SECONDS = 0.2
_WIDTH_OF_A_FILE = 140  # letters; no terminal to fit in


class NotReady(SchooldayError):
    """A part did not begin to serve."""

    code = "not_ready"


@click.command()
@click.option("--demo/--no-demo", default=True, help="Load the invented district when the database is empty.")
@click.option("--bell-in", default=2, show_default=True, help="Minutes until the invented district's next bell.")
def run(demo: bool, bell_in: int) -> None:
    """Start a school day: office, door, edge and live class, under one supervisor. Ctrl-C stops it all."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
    signal.signal(signal.SIGTERM, _as_interrupt)
    signal.signal(signal.SIGINT, _as_interrupt)  # a shell's background job begins with it ignored
    try:
        _run(console, demo=demo, bell_in=timedelta(minutes=bell_in))
    except KeyboardInterrupt:
        console.print("Stopped. Everything you did is kept; 'make run' goes on from here.")
    except SchooldayError as error:
        raise click.ClickException(error.text) from error


def _run(console: Console, *, demo: bool, bell_in: timedelta) -> None:
    settings = settings_spec.load()
    if settings["MODE"] != "embedded":
        raise BadSettings("MODE is district: there each part is started by itself (docs/operate/district.md).")
    if not (APP_DIST / "index.html").exists():
        raise BadSettings(f"The device app is not built ({APP_DIST} has no index.html): run 'make setup'.")
    log.configure(part="run", level="WARNING", pii=settings["LOG_PII"])
    paths = paths_of(settings)
    paths.make()
    with _only_one(paths):
        check_ports(settings)
        for site in sites(settings):
            paths.live_state(site.node).unlink(missing_ok=True)
        day = demo_day.prepare(settings, console=console, demo=demo, bell_in=bell_in)
        found = parts(settings)
        with supervised(write_configuration(paths, found)) as supervisor:
            with console.status("Starting the parts"):
                for part in found:
                    if part.name == "hasher":
                        _wait_for(part, paths)
                        day.finish()
                for part in found:
                    _wait_for(part, paths)
            print_banner(console, settings, day)
            for site in sites(settings):
                if not _show_live_server(console, paths, site.node):
                    break
            else:
                console.print("[green]Live classes are open.[/]  (ctrl-C stops everything)")
            code = supervisor.wait()
    raise NotReady(f"The supervisor stopped by itself (status {code}); {paths.log}/supervisor.log says why.")


@contextlib.contextmanager
def _only_one(paths: Paths) -> Iterator[None]:
    with (paths.run / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadSettings(f"A school day is running already from {paths.home}.") from None
        yield


def _wait_for(part: Part, paths: Paths) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        if _is_ready(part):
            return
        time.sleep(_POLL_SECONDS)
    raise NotReady(
        f"{part.name} did not begin to serve within {_READY_SECONDS} s. Its last words, "
        f"from {paths.log}/{part.name}.log: {_last_words(paths.log / f'{part.name}.log')}"
    )


def _is_ready(part: Part) -> bool:
    with contextlib.suppress(OSError, httpx.HTTPError):
        if part.ready_socket is not None:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(part.ready_socket))
        if part.ready_url is not None:
            return httpx.get(part.ready_url, timeout=2).status_code == 200
        return True
    return False


def _last_words(log_file: Path) -> str:
    lines = log_file.read_text(errors="replace").splitlines() if log_file.exists() else []
    return " | ".join(lines[-3:]) or "none"


def _show_live_server(console: Console, paths: Paths, node: str) -> bool:
    """Show what a live server is doing until it serves (True) or cannot be had; the day is up meanwhile."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Live classes: starting", total=None)
        said = ""
        while True:
            state = live_server.read_state(paths, node)
            if state and state.state == "running":
                return True
            if state and state.state == "missing":
                console.print(f"[yellow]No live server:[/] {state.text}")
                console.print("Classes show their alternate link. 'schoolday doctor' says more.")
                return False
            if state:
                bar.update(task, description=state.text, completed=state.done, total=state.total or None)
                tenth = f" {state.done * 10 // state.total * 10} %" if state.total else ""
                if not console.is_terminal and said != state.text + tenth:
                    said = state.text + tenth
                    console.print(f"Live classes: {said}")
            time.sleep(1)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
