"""`schoolday prove`: run the claims of one area with real parts, or show what was last proven."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import click
import msgspec
from rich.console import Console

from schoolday.claims.areas import AREAS
from schoolday.claims.claim import Claim, Proof, Shown
from schoolday.claims.proofs import last_shown, record
from schoolday.claims.tests_of_claims import ROOT, run_tests
from schoolday.lib import clock

_SHOWN_VERSIONS = ("django", "granian", "livekit", "cryptography")


@click.command()
@click.argument("name", required=False)
@click.option("--short", is_flag=True, help="A few minutes instead of up to an hour; what CI runs.")
@click.option(
    "--claim", "only", help="Run this claim of the area alone, by its id; only its full form is recorded then."
)
@click.option("--json", "as_json", is_flag=True, help="Print the proof as JSON.")
def prove(name: str | None, short: bool, only: str | None, as_json: bool) -> None:
    """Run the claims of NAME and record them in proofs/NAME.json; without NAME list what was last proven."""
    console = Console(highlight=False, stderr=as_json)
    if name is None:
        for area in AREAS:
            _list(console, area)
        return
    if name not in AREAS:
        raise click.ClickException(f"There is no area {name}: choose one of {', '.join(AREAS)}.")
    claims = tuple(claim for claim in AREAS[name] if only in (None, claim.id))
    if not claims:
        known = ", ".join(claim.id for claim in AREAS[name])
        raise click.ClickException(f"There is no claim {only} in {name}: choose one of {known}.")
    proof = _run(name, claims, short=short)
    if not short or (only is None and os.environ.get("CI") != "true"):
        record(proof, only=only)
    for shown in proof.claims:
        console.print(f"{shown.state}  {shown.claim}: [bold]{shown.figure}[/] (aim: {shown.aim})", soft_wrap=True)
    if as_json:
        click.echo(msgspec.json.encode(proof).decode())
    sys.exit(any(shown.state != "PASS" for shown in proof.claims))


def _run(name: str, claims: Sequence[Claim], *, short: bool) -> Proof:
    """Run the claims' tests: all tests of a file together, or of one claim alone only its own."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="schoolday-proof-") as folder:
        failed: set[str] = set()
        tests = [test for claim in claims for test in claim.tests]
        for test in dict.fromkeys(tests if len(claims) == 1 else [test.partition("::")[0] for test in tests]):
            failed |= run_tests(test, figures=Path(folder), short=short)
        shown = tuple(_shown(claim, failed, Path(folder)) for claim in claims)
    return Proof(
        name=name,
        date=clock.now().date().isoformat(),
        commit=_commit(),
        form="short" if short else "full",
        machine=_machine(),
        versions={"python": platform.python_version(), **{p: metadata.version(p) for p in _SHOWN_VERSIONS}},
        seconds=int(time.monotonic() - started),
        claims=shown,
    )


def _shown(claim: Claim, failed: set[str], folder: Path) -> Shown:
    said = folder / f"{claim.id}.txt"
    figure = said.read_text() if said.exists() else "no figure"
    broken = any(one.startswith(test) or test.startswith(one) for test in claim.tests for one in failed)
    return Shown(
        id=claim.id,
        claim=claim.text,
        aim=claim.aim,
        figure=figure,
        state="PASS" if said.exists() and not broken else "FAIL",
    )


def _list(console: Console, area: str) -> None:
    found = last_shown(area)
    if not found:
        console.print(f"[bold]{area}[/]: not yet proven. make prove NAME={area}")
    before = None
    for shown, proof in found.values():
        if proof != before:
            console.print(f"[bold]{area}[/]  {proof.date}, commit {proof.commit}, {proof.form} form, {proof.machine}")
        before = proof
        console.print(f"  {shown.state}  {shown.claim}: {shown.figure}", soft_wrap=True)


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "none"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
