"""Running the tests of claims, a file at a time: what several claims share is done once."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[3]
_SECONDS = 3600


def run_tests(tests: str, *, figures: Path, short: bool) -> set[str]:
    """Run a file of tests or one test; returns those that failed, as `file::name`, or `tests` if they did not run."""
    file = tests.partition("::")[0]
    report = figures / "report.xml"
    report.unlink(missing_ok=True)
    environment = {**os.environ, "PROVE_FIGURES": str(figures), "PROVE_FORM": "short" if short else "full"}
    command = [sys.executable, "-m", "pytest", "--timeout", str(_SECONDS), f"--junitxml={report}", tests]
    status = subprocess.run(command, cwd=ROOT, env=environment).returncode
    if not report.exists():
        return {tests}
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314  # pytest wrote it a moment ago
    failed = {f"{file}::{case.get('name')}" for case in cases if any(c.tag in ("failure", "error") for c in case)}
    return failed or ({tests} if status else set())
