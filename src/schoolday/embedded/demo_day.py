"""The invented district that `schoolday run` loads, so that a newcomer has people, classes and a bell."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schoolday.drill import district
from schoolday.lib import clock
from schoolday.settings_spec import Settings

STUDENTS = 120
SEED = 1
PASSWORD = "good-morning"  # noqa: S105  # of invented people on one machine; printed at the start
_BELL_IN = timedelta(minutes=2)


@dataclass(frozen=True)
class Login:
    """One way in, to print. `secret`: the password or the badge's code."""

    who: str
    user_name: str
    secret: str
    note: str = ""


def next_bell(settings: Settings) -> datetime:
    """Return the minute, two to three from now, at which the demo's next bell rings."""
    soon = clock.now() + _BELL_IN
    bell = soon.replace(second=0, microsecond=0)
    if bell < soon:
        bell += timedelta(minutes=1)
    return bell.astimezone(ZoneInfo(settings["TIME_ZONE"]))


def write_files(folder: Path, *, bell_at: datetime) -> None:
    """Write the district's roster files, once."""
    if not (folder / "manifest.csv").exists():
        district.write_district(folder, students=STUDENTS, seed=SEED, bell_at=bell_at)


def logins(folder: Path) -> Mapping[str, Any]:
    """Return what the generator says of whom to sign on as."""
    found: Mapping[str, Any] = json.loads((folder / "logins.json").read_text())
    return found
