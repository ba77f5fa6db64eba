"""How much JavaScript a device loads before Today shows."""

import re
import subprocess
from pathlib import Path

from tests import figures

APP = Path(__file__).parents[2] / "app"
BUDGET_BYTES = 80_000


def test_today_is_small() -> None:
    done = subprocess.run(["node", "scripts/measure.mjs"], cwd=APP, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d+)\s+bytes of compressed", done.stdout)
    assert found, done.stdout
    figures.say("today-size", f"{int(found[1]) / 1000:.1f} KB")
    assert int(found[1]) <= BUDGET_BYTES
