"""`schoolday doctor`: what is there, what is missing, and how to get it."""

import functools
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click
from rich.console import Console

from schoolday import settings_spec
from schoolday.embedded import doctor_looks as looks
from schoolday.embedded.doctor_looks import Finding
from schoolday.lib.errors import SchooldayError
from schoolday.settings_spec import Settings


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
    parts: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
        ("disk", looks.disk),
        ("app", looks.app),
        ("database", looks.database),
        ("keys", looks.keys),
        ("office", looks.office),
        ("worker", looks.worker),
        ("edge", looks.edge),
        ("live", looks.live),
        ("agents", looks.agents),
        ("drain", looks.drain),
        ("readiness", looks.readiness),
    )
    for name, look in parts:
        yield _looked(name, look, settings)
    doors = [
        _looked(f"door {door}", functools.partial(looks.door, door, url), settings)
        for door, url in settings.doors_drain.items()
    ]
    yield looks.doors(doors)
    yield from doors
    yield from (
        _looked(f"pull {door}", functools.partial(looks.pull, door), settings) for door in looks.pulling(settings)
    )
    if settings["MODE"] == "district":
        yield from looks.district(settings)


def _looked(name: str, look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except SchooldayError as error:
        return Finding(name, "ill", error.text)
    except Exception as error:  # a doctor who dies of one patient helps none of the others
        return Finding(name, "ill", f"could not be looked at: {type(error).__name__}: {error}")
