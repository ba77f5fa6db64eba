"""`schoolday doctor`: what is there, what is missing, and how to get it."""

import functools
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import click
import httpx
from rich.console import Console

from schoolday import settings_spec
from schoolday.embedded import live_server
from schoolday.embedded.paths import APP_DIST, paths_of
from schoolday.lib import clock, signing
from schoolday.lib.errors import SchooldayError
from schoolday.settings_spec import Settings

_DISK_WANTED_BYTES = 2**30
_HEARTBEAT_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: `todo` says what to do when it is not well."""

    part: str
    state: Literal["well", "look", "ill"]
    text: str
    todo: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Say what is well, what is missing, and how to get it. Exit status 1 when something is ill."""
    findings = list(examine())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        console = Console(highlight=False)
        marks = {"well": "[green]well[/]", "look": "[yellow]look[/]", "ill": "[red]ill [/]"}
        for finding in findings:
            console.print(f"{marks[finding.state]}  [bold]{finding.part}[/]: {finding.text}", soft_wrap=True)
            if finding.todo:
                console.print(f"      {finding.todo}", soft_wrap=True)
    sys.exit(any(finding.state == "ill" for finding in findings))


def examine() -> Iterator[Finding]:
    """Look at one part after the other; one that breaks the look never hides the others."""
    try:
        settings = settings_spec.load()
    except SchooldayError as error:
        yield Finding("settings", "ill", error.text, "docs/operate/settings.md lists every setting.")
        return
    yield Finding("settings", "well", f"{settings['MODE']}, state in {settings.home}")
    looks: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
        ("disk", _disk),
        ("app", _app),
        ("database", _database),
        ("keys", _keys),
        ("office", _office),
        ("worker", _worker),
        ("edge", _edge),
        ("live", _live),
    )
    for name, look in looks:
        yield _looked(name, look, settings)
    for door, url in settings.doors_drain.items():
        yield _looked(f"door {door}", functools.partial(_door, door, url), settings)


def _looked(name: str, look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except SchooldayError as error:
        return Finding(name, "ill", error.text)
    except Exception as error:  # a doctor who dies of one patient helps none of the others
        return Finding(name, "ill", f"could not be looked at: {type(error).__name__}: {error}")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    if free < _DISK_WANTED_BYTES:
        return Finding("disk", "ill", f"{free / 2**20:.0f} MiB free", f"Make room where {settings.home} lies.")
    return Finding("disk", "well", f"{free / 2**30:.0f} GiB free")


def _app(_: Settings) -> Finding:
    if not (APP_DIST / "index.html").exists():
        return Finding("app", "ill", "the device app is not built", "Run 'make setup'.")
    return Finding("app", "well", "the device app is built")


def _database(settings: Settings) -> Finding:
    from schoolday.office import boot

    boot.boot()
    missing = boot.missing_steps()
    if missing:
        return Finding("database", "ill", f"{missing} migrations are missing", "Run 'schoolday migrate'.")
    from django.db import connection

    from schoolday.office.people.models import Person

    people = Person.objects.filter(is_active=True).count()
    todo = "" if people else "Import a roster: schoolday roster import PATH"
    return Finding("database", "well" if people else "look", f"{connection.vendor}, {people} people", todo)


def _keys(settings: Settings) -> Finding:
    signing.unb64(settings.root_public_key)
    private = settings.keys_dir / "root.private"
    if private.exists() and settings["MODE"] == "district":
        return Finding("keys", "look", "the root key lies on this machine", f"Take {private} away, to a safe place.")
    return Finding("keys", "well", "root key and office keys are there")


def _office(settings: Settings) -> Finding:
    return _answers("office", f"http://127.0.0.1:{settings['OFFICE_PORT']}/api/health", "schoolday office")


def _edge(settings: Settings) -> Finding:
    return _answers("edge", f"{settings['PUBLIC_URL']}/api/health", "schoolday run (or your own nginx)")


def _door(name: str, url: str, _: Settings) -> Finding:
    return _answers(f"door {name}", f"{url}/health", "schoolday door")


def _answers(part: str, url: str, command: str) -> Finding:
    try:
        response = httpx.get(url, timeout=3)
    except httpx.HTTPError as error:
        return Finding(part, "ill", f"{url} does not answer: {error}", f"Start it: {command}")
    if response.status_code != 200:
        return Finding(part, "ill", f"{url} says {response.status_code}: {response.text[:200]}")
    return Finding(part, "well", f"{url} answers")


def _worker(settings: Settings) -> Finding:
    beat = settings.run_dir / "work.json"
    if not beat.exists():
        return Finding("worker", "ill", "has never run", "Start it: schoolday work")
    age = clock.now().timestamp() - beat.stat().st_mtime
    if age > _HEARTBEAT_SECONDS:
        return Finding("worker", "ill", f"last seen {age:.0f} s ago", "Start it: schoolday work")
    return Finding("worker", "well", f"last seen {age:.0f} s ago")


def _live(settings: Settings) -> Finding:
    if settings["LIVE_NODES"]:
        dead = [name for name, url in settings.live_nodes.items() if not _live_answers(url)]
        if dead:
            return Finding("live", "ill", f"no answer from {', '.join(dead)}", "Look at LIVE_NODES and those servers.")
        return Finding("live", "well", f"{len(settings.live_nodes)} servers answer")
    state = live_server.read_state(paths_of(settings))
    if state and state.state == "building":
        return Finding("live", "look", f"{state.text} ({state.done} of {state.total})", "Wait: it is built once.")
    if state and state.state == "missing":
        todo = (
            "Put livekit-server on the PATH, or install Go 1.21 or later and start again, "
            "or name servers of your own in LIVE_NODES. Until then classes show their alternate link."
        )
        return Finding("live", "ill", state.text, todo)
    if not _live_answers(f"http://127.0.0.1:{settings['LIVE_PORT']}"):
        return Finding("live", "ill", "the embedded live server does not answer", "Start it: schoolday live")
    return Finding("live", "well", f"the embedded live server answers ({state.text if state else 'started by hand'})")


def _live_answers(url: str) -> bool:
    try:
        return httpx.get(url.replace("ws", "http", 1) if url.startswith("ws") else url, timeout=3).status_code == 200
    except httpx.HTTPError:
        return False
