"""
The sites of the embedded default: each an edge, a door and a live server of its own, on ports of its own.

Two of them on one machine are no second data centre. They keep a school day open when one process dies, and they
show on a laptop what several sites do in a district.
"""

from dataclasses import dataclass
from pathlib import Path

from schoolday.settings_spec import Settings


@dataclass(frozen=True)
class Site:
    """One site. `url`: where people reach its edge; `plan_dir`: the plan that its door and edge read."""

    name: str
    url: str
    door: str
    node: str
    plan_dir: Path
    edge_port: int
    door_port: int
    live_port: int
    live_tcp_port: int
    live_udp_port: int

    @property
    def pages_dir(self) -> Path:
        """Where this site's public pages, feeds and packets lie: beside the plan, or in a copy of our own."""
        return self.plan_dir if self.is_first else self.plan_dir.with_name("public")

    @property
    def is_first(self) -> bool:
        """Whether the office publishes into this site's plan folder; the others fetch the plan from there."""
        return self.door == "d1"

    def named(self, part: str) -> str:
        """Return the name of a part of this site among all: `door`, and of the second site `door-b`."""
        return part if self.is_first else f"{part}-{self.name}"


def sites(settings: Settings) -> tuple[Site, ...]:
    """Return the sites of this installation, one or two."""
    return tuple(
        Site(
            name=name,
            url=url,
            door=f"d{number}",
            node=f"n{number}",
            plan_dir=settings.plan_dir if number == 1 else settings.home / f"site-{name}" / "plan",
            edge_port=settings[f"EDGE{infix}_PORT"],
            door_port=settings[f"DOOR{infix}_PORT"],
            live_port=settings[f"LIVE{infix}_PORT"],
            live_tcp_port=settings[f"LIVE{infix}_TCP_PORT"],
            live_udp_port=settings[f"LIVE{infix}_UDP_PORT"],
        )
        for number, name, infix, url in zip((1, 2), "ab", ("", "_B"), settings.site_urls, strict=False)
    )
