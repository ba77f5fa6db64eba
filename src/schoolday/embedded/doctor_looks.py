"""What the doctor looks at: one part each, and one finding of it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import httpx
import msgspec

from schoolday.embedded import live_server
from schoolday.embedded.edge import AGENTS
from schoolday.embedded.paths import APP_DIST, paths_of
from schoolday.embedded.sites import Site, sites
from schoolday.lib import clock, signing
from schoolday.settings_spec import Settings

_DISK_WANTED_BYTES = 2**30
_HEARTBEAT_SECONDS = 60
_PLAN_LATE_SECONDS = 26 * 3600  # one is made at 18:00 and at midnight, whatever happens
_PULL_LATE_ROUNDS = 6
_READY_PERCENT = 95  # below it somebody should look; our judgement
_PLAN_STAYS = "The plan in force stays. See that 'schoolday work' runs, and 'schoolday pull' beside this door."


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: `todo` says what to do when it is not well."""

    part: str
    state: Literal["well", "look", "ill"]
    text: str
    todo: str = ""


def disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    if free < _DISK_WANTED_BYTES:
        return Finding("disk", "ill", f"{free / 2**20:.0f} MiB free", f"Make room where {settings.home} lies.")
    return Finding("disk", "well", f"{free / 2**30:.0f} GiB free")


def app(_: Settings) -> Finding:
    if not (APP_DIST / "index.html").exists():
        return Finding("app", "ill", "the device app is not built", "Run 'make setup'.")
    return Finding("app", "well", "the device app is built")


def database(settings: Settings) -> Finding:
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


def keys(settings: Settings) -> Finding:
    signing.unb64(settings.root_public_key)
    private = settings.keys_dir / "root.private"
    if private.exists() and settings["MODE"] == "district":
        return Finding("keys", "look", "the root key lies on this machine", f"Take {private} away, to a safe place.")
    return Finding("keys", "well", "root key and office keys are there")


def office(settings: Settings) -> Finding:
    return _answers("office", f"http://127.0.0.1:{settings['OFFICE_PORT']}/api/health", "schoolday office")


def edge(settings: Settings) -> Finding:
    return _answers("edge", f"{settings['PUBLIC_URL']}/api/health", "schoolday run (or your own nginx)")


def doors(found: list[Finding]) -> Finding:
    """Return how many doors answer: one is enough to come in, one more is what makes a dead one no trouble."""
    answer = sum(finding.state != "ill" for finding in found)
    text = f"{answer} of {len(found)} answer"
    if not answer:
        return Finding("doors", "ill", text, "Nobody gets in but by spare ticket. Start them: schoolday door")
    if answer < len(found):
        return Finding("doors", "look", text, "Devices go to those that answer. Start the others: schoolday door")
    return Finding("doors", "well", text)


def door(name: str, url: str, _: Settings) -> Finding:
    part = f"door {name}"
    try:
        response = httpx.get(f"{url}/health", timeout=3)
        health = response.json()
    except (httpx.HTTPError, ValueError) as error:
        todo = "Start it: schoolday door"
        return Finding(part, "ill", f"{url}/health does not answer: {type(error).__name__} {error}", todo)
    if response.status_code != 200 or health.get("door") != name:
        todo = (
            "Publish a plan ('schoolday plan publish'), let 'schoolday pull' fetch it; see that DOORS_DRAIN is right."
        )
        return Finding(part, "ill", f"{url} says {response.status_code}: {response.text[:200]}", todo)
    age_seconds = int(health["plan_age_seconds"])
    text = (
        f"answers; plan {health['plan_version']} is {_age(age_seconds)} old; "
        f"{int(health['spool_pending']):,} events wait for the office"
    )
    if health["plan_trouble"]:
        return Finding(part, "look", f"{text}; its next plan is refused: {health['plan_trouble']}", _PLAN_STAYS)
    if age_seconds > _PLAN_LATE_SECONDS:
        return Finding(part, "look", text, _PLAN_STAYS)
    if health["spool_failed"] or health.get("spool_damaged"):
        return Finding(
            part, "look", f"{text}; its disk did not take some", "Look at that machine's disk and the door's log."
        )
    return Finding(part, "well", text)


def drain(settings: Settings) -> Finding:
    """Say how long ago the office last read each door's spool."""
    from schoolday.office.boot import boot

    boot()
    from schoolday.office.console.queries import state_of

    doors = state_of(settings).doors
    late = [door for door in doors if door.is_late]
    if late:
        names = ", ".join(
            f"{door.door} ({'never' if door.lag_seconds is None else _age(door.lag_seconds) + ' ago'})" for door in late
        )
        todo = "Nothing is lost: doors keep their events. Start 'schoolday work', and see that it reaches DOORS_DRAIN."
        return Finding("drain", "look", f"not read lately: {names}", todo)
    worst = max((door.lag_seconds or 0 for door in doors), default=0)
    return Finding("drain", "well", f"{len(doors)} doors read, the longest ago {worst} s")


def readiness(settings: Settings) -> Finding:
    from schoolday.office.boot import boot

    boot()
    from schoolday.office.console.readiness.figures import figures_of
    from schoolday.office.people.models import Org

    figures = figures_of(list(Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True)))
    students, adults = figures.students, figures.adults
    if not students.enrolled:
        return Finding("readiness", "look", "no student is enrolled", "Import a roster: schoolday roster import PATH")
    text = (
        f"{students.ready:,} of {students.enrolled:,} students are ready for the next school day "
        f"({students.percent} %), {adults.ready:,} of {adults.enrolled:,} teachers and aides"
    )
    if students.percent < _READY_PERCENT or adults.missing:
        todo = f"Families to call: {figures.calls.to_call:,}. {settings['PUBLIC_URL']}/office/readiness/ lists them."
        return Finding("readiness", "look", text, todo)
    return Finding("readiness", "well", text)


def pulling(settings: Settings) -> list[str]:
    """Return the doors on this machine whose plan is fetched, or should be."""
    found = {path.parent.parent.name for path in settings.home.glob("doors/*/pull/status.json")}
    if settings.plan_sources:
        found.add(settings["DOOR_ID"])
    return sorted(found)


def pull(door: str, settings: Settings) -> Finding:
    """Say when the plan was last asked for beside a door, and which sources are good."""
    from schoolday.door.pull.status import PullStatus

    part = f"pull {door}"
    path = settings.home / "doors" / door / "pull" / "status.json"
    if not path.exists():
        return Finding(part, "ill", "has never run, and PLAN_SOURCES says it should", "Start it: schoolday pull")
    status = msgspec.json.decode(path.read_bytes(), type=PullStatus)
    age_seconds = max(0, clock.now_seconds() - status.written_at)
    good = sum(source.ok for source in status.sources)
    text = f"asked {_age(age_seconds)} ago; {good} of {len(status.sources)} sources are good; plan {status.version}"
    if age_seconds > _PULL_LATE_ROUNDS * settings["PLAN_PULL_SECONDS"] + _HEARTBEAT_SECONDS:
        return Finding(part, "ill", text, "The door keeps the plan it has. Start it: schoolday pull")
    bad = next((source for source in status.sources if not source.ok), None)
    if bad is not None:
        return Finding(part, "look" if good else "ill", text, f"{bad.source}: {bad.reason}")
    return Finding(part, "well", text)


def district(settings: Settings) -> Iterator[Finding]:
    """Yield a sentence for each thing that a district needs and this installation lacks."""
    if settings.database_url.startswith("sqlite"):
        todo = "Set DATABASE_URL=postgres://…: SQLite is one file on one machine, with one writer at a time."
        yield Finding("district", "ill", "the office keeps its data in SQLite", todo)
    if not settings["PUBLIC_URL"].startswith("https://"):
        todo = "Set PUBLIC_URL=https://…: without TLS browsers give neither camera nor device keys."
        yield Finding("district", "ill", f"people would reach {settings['PUBLIC_URL']}", todo)
    for name, what in (("DOORS", "doors"), ("LIVE_NODES", "live servers")):
        named = settings[name]
        if not named:
            todo = f"Set {name}=id=url,…: otherwise devices are told of the {what} of the embedded default."
            yield Finding("district", "ill", f"no {what} are named", todo)
        elif len(named) == 1:
            yield Finding(
                "district", "look", f"there is one in {name}", f"Name a second of the {what}, at another site."
            )
        elif len({settings.site_of(one) for one in named}) == 1:
            todo = "Set SITE_OF=id=site,…: devices try another site next, and can only when they know which is which."
            yield Finding("district", "look", f"all {what} are at one site, as far as SITE_OF tells", todo)
    if settings["DOORS"] and not settings["DOORS_DRAIN"]:
        todo = "Set DOORS_DRAIN=id=url,…: the addresses at which the office reaches them, not through the edge."
        yield Finding("district", "ill", "the office does not know where to read the doors' spools", todo)
    if not settings["PLAN_HOSTS"]:
        todo = "Set PLAN_HOSTS: a static host at another provider keeps the plan readable when this edge is gone."
        yield Finding("district", "look", "the plan lies at the edge and the doors only", todo)


def _age(seconds: int) -> str:
    """Return a length of time as one says it."""
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _answers(part: str, url: str, command: str) -> Finding:
    try:
        response = httpx.get(url, timeout=3)
    except httpx.HTTPError as error:
        return Finding(part, "ill", f"{url} does not answer: {error}", f"Start it: {command}")
    if response.status_code != 200:
        return Finding(part, "ill", f"{url} says {response.status_code}: {response.text[:200]}")
    return Finding(part, "well", f"{url} answers")


def worker(settings: Settings) -> Finding:
    beat = settings.run_dir / "work.json"
    if not beat.exists():
        return Finding("worker", "ill", "has never run", "Start it: schoolday work")
    age = clock.now().timestamp() - beat.stat().st_mtime
    if age > _HEARTBEAT_SECONDS:
        return Finding("worker", "ill", f"last seen {age:.0f} s ago", "Start it: schoolday work")
    return Finding("worker", "well", f"last seen {age:.0f} s ago")


def live(settings: Settings) -> Finding:
    if settings["LIVE_NODES"]:
        dead = [name for name, url in settings.live_nodes.items() if not _live_answers(url)]
        if dead:
            answer = len(settings.live_nodes) - len(dead)
            text = f"{answer} of {len(settings.live_nodes)} answer, not {', '.join(dead)}"
            return Finding("live", "ill", text, "Look at LIVE_NODES and those servers.")
        return Finding("live", "well", f"{len(settings.live_nodes)} servers answer")
    for site in sites(settings):
        found = _embedded_live(settings, site)
        if found.state != "well":
            return found
    return Finding("live", "well", "the embedded live servers answer")


def agents(settings: Settings) -> Finding:
    """Captions and practice classes: a school day is open without them, so none of them is ever ill."""
    silent = [name for name in AGENTS if not _agent_answers(name, settings)]
    if silent:
        todo = " and ".join(f"'schoolday {name} serve'" for name in silent)
        return Finding("agents", "look", f"{', '.join(silent)} not running", f"For these, start {todo}.")
    return Finding("agents", "well", f"{', '.join(AGENTS)} answer")


def _agent_answers(name: str, settings: Settings) -> bool:
    try:
        url = f"http://127.0.0.1:{settings[f'{name.upper()}_PORT']}/agents/{name}/health"
        return httpx.get(url, timeout=3).status_code == 200
    except httpx.HTTPError:
        return False


def _embedded_live(settings: Settings, site: Site) -> Finding:
    state = live_server.read_state(paths_of(settings), site.node)
    if state and state.state == "building":
        return Finding("live", "look", f"{state.text} ({state.done} of {state.total})", "Wait: it is built once.")
    if state and state.state == "missing":
        todo = (
            "Put livekit-server on the PATH, or install Go 1.21 or later and start again, "
            "or name servers of your own in LIVE_NODES. Until then classes show their alternate link."
        )
        return Finding("live", "ill", state.text, todo)
    if not _live_answers(f"http://127.0.0.1:{site.live_port}"):
        todo = f"Start it: schoolday live --site {site.name}"
        return Finding("live", "ill", f"the embedded live server {site.node} does not answer", todo)
    return Finding("live", "well", f"the embedded live server {site.node} answers")


def _live_answers(url: str) -> bool:
    try:
        return httpx.get(url.replace("ws", "http", 1) if url.startswith("ws") else url, timeout=3).status_code == 200
    except httpx.HTTPError:
        return False
