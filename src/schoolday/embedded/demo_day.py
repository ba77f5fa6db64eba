"""The invented district that `schoolday run` loads, so that a newcomer has people, classes and a bell."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from schoolday.contracts import badges
from schoolday.drill import district
from schoolday.embedded.paths import paths_of
from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.boot import boot, migrate
from schoolday.settings_spec import Settings

STUDENTS = 120
SEED = 1
PASSWORD = "good-morning"  # noqa: S105  # of invented people on one machine; printed at the start
BELL_IN = timedelta(minutes=2)
_ALTERNATE = "https://meet.example.org/"


class DemoRefused(SchooldayError):
    """The invented district did not go in; what was in the database stays as it was."""

    code = "demo_refused"


@dataclass(frozen=True)
class Login:
    """One way in, to print. `secret`: the password or the badge's code."""

    who: str
    user_name: str
    secret: str
    note: str


@dataclass
class Day:
    """The day that is being opened. With the demo: its bell and whom to sign on as."""

    settings: Settings
    is_demo: bool
    bell_in: timedelta
    bell_at: datetime | None = None
    logins: list[Login] = field(default_factory=list)

    def finish(self) -> None:
        """Do what needs the hasher, set the demo's bells from now, and publish the plan. Seconds."""
        from schoolday.office.pathways.actions import publish_plan

        if self.is_demo:
            folder = paths_of(self.settings).demo
            self.bell_at = next_bell(self.settings, bell_in=self.bell_in)
            _ring(folder, self.bell_at)
            self.logins = _logins(folder, self.settings)
        publish_plan()


def prepare(settings: Settings, *, console: Console, demo: bool, bell_in: timedelta = BELL_IN) -> Day:
    """
    Make keys and database ready and, where there is nobody yet and `demo` says so, load the invented district.

    :raises DemoRefused: if the district does not go in
    """
    boot()
    with console.status("Preparing the database"):
        migrate()
        _make_keys(settings)
    folder = paths_of(settings).demo
    if demo and not (folder / "loaded").exists() and _nobody_here():
        with console.status(f"Inventing a district of {STUDENTS} students"):
            _load(folder, next_bell(settings, bell_in=bell_in))
    return Day(settings, is_demo=(folder / "loaded").exists(), bell_in=bell_in)


def next_bell(settings: Settings, *, bell_in: timedelta) -> datetime:
    """Return the first whole minute that is at least `bell_in` away."""
    soon = clock.now() + bell_in
    bell = soon.replace(second=0, microsecond=0)
    if bell < soon:
        bell += timedelta(minutes=1)
    return bell.astimezone(ZoneInfo(settings["TIME_ZONE"]))


def _make_keys(settings: Settings) -> None:
    from schoolday.office.signin.keys import KeyFolder

    if not (settings.keys_dir / "root.public").exists():
        KeyFolder(settings.keys_dir, district=settings["DISTRICT"]).create()


def _nobody_here() -> bool:
    from schoolday.office.people.models import Person

    return not Person.objects.exists()


def _load(folder: Path, bell_at: datetime) -> None:
    from schoolday.office.rosters.actions import import_roster

    district.write_district(folder, students=STUDENTS, seed=SEED, bell_at=bell_at)
    outcome = import_roster(folder)
    if outcome.problems:
        raise DemoRefused(f"The invented district did not go in: {outcome.problems[0]}")
    _give_alternates()
    (folder / "loaded").touch()


def _give_alternates() -> None:
    """Every section has somewhere to go; the host is one that exists nowhere (RFC 2606)."""
    from schoolday.office.pathways.models import Alternate
    from schoolday.office.rosters.models import Section

    sections = Section.objects.filter(alternates=None).values_list("id", flat=True)
    Alternate.objects.bulk_create(
        Alternate(section_id=section, rank=1, kind="link", url=f"{_ALTERNATE}{section}") for section in sections
    )


def _ring(folder: Path, bell_at: datetime) -> None:
    from schoolday.office.rosters.actions import import_roster
    from schoolday.office.timetable.actions import import_timetable

    try:
        bells = district.write_bells(folder, bell_at=bell_at)
    except district.DistrictOutOfYear as error:
        raise DemoRefused(
            f"{error.text} The invented district is of another school year: remove SCHOOLDAY_HOME to begin a new one."
        ) from error
    if bells.zone_moved:
        import_roster(folder)  # near midnight the invented schools move west, so that the class fits into the day
    imported = import_timetable(folder)
    if imported.problems:
        raise DemoRefused(f"The invented bells did not go in: {imported.problems[0]}")


def _logins(folder: Path, settings: Settings) -> list[Login]:
    """Give the people to sign on as their passwords, once, and return what to print."""
    from schoolday.office.people.models import Person
    from schoolday.office.signin.actions import set_passwords

    cast: dict[str, Any] = json.loads((folder / "logins.json").read_text())
    twin, other_twin = cast["twins"]
    plays = [
        ("teacher", cast["teacher"], "her class list fills up as children come"),
        ("student", cast["student"], "in her class: join when the bell rings"),
        ("student (twin)", twin, "same class; two of one name"),
        ("student (twin)", other_twin, ""),
        ("student (outsider)", cast["outsider"], "in another class"),
        ("guardian", cast["guardian"], "of two children"),
        ("principal", cast["principal"], "register, badges, timetable"),
        ("operator", cast["operator"], "rosters, and everything above"),
    ]
    names = [play["user_name"] for _, play, _ in plays]
    people = {p.user_name: p for p in Person.objects.filter(user_name__in=names)}
    set_passwords((people[name], PASSWORD) for name in names if not people[name].has_usable_password())
    logins = [Login(who, play["user_name"], PASSWORD, note) for who, play, note in plays]
    child = Person.objects.get(user_name=cast["kindergartner"]["user_name"])
    code = badges.typed_code(child.badge_number or 0, cell_secret=settings["CELL_SECRET"])
    logins.insert(2, Login("kindergartner", child.user_name, code, "choose 'I have a badge'"))
    return logins
