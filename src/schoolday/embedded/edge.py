"""An edge: one port, the app's files, the plan's files, and a way to each process behind it. Each site has one."""

import os
import pwd
import resource
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from schoolday.embedded.paths import APP_DIST, paths_of
from schoolday.embedded.sites import Site, sites
from schoolday.settings_spec import Settings

_SOURCE = Path(__file__).with_name("nginx.conf.template")


def write_edge(settings: Settings, site: Site) -> Path:
    """Write nginx's configuration and return its path. The same template serves a district's own nginx."""
    run = paths_of(settings).run / site.named("edge")
    run.mkdir(exist_ok=True)
    path = run / "nginx.conf"
    path.write_text(edge_configuration(settings, site, run=run))
    for folder in ("client_body_temp", "proxy_temp"):
        (run / folder).mkdir(exist_ok=True)
    return path


def edge_configuration(settings: Settings, site: Site, *, run: Path) -> str:
    """Return nginx's configuration as text: every edge leads to every door and live server of this machine."""
    # nginx started by root gives its workers to `nobody`, who cannot read an installation made by root.
    user = f"user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
    nodes = {one.node: f"http://127.0.0.1:{one.live_port}" for one in sites(settings) if not settings["LIVE_NODES"]}
    return Template(_SOURCE.read_text()).substitute(
        user=user,
        connections=_connections(),
        run=run,
        port=site.edge_port,
        app=APP_DIST,
        plan=site.plan_dir,
        pages=site.pages_dir,
        office=f"http://127.0.0.1:{settings['OFFICE_PORT']}",
        doors="\n".join(_door(name, url) for name, url in settings.doors_drain.items()),
        agents="\n".join(_AGENT.substitute(name=name, port=settings[f"{name.upper()}_PORT"]) for name in AGENTS),
        live="\n".join(_LIVE.substitute(node=name, url=url) for name, url in nodes.items()),
        connect=_origins(settings),
    )


def _connections() -> int:
    """As many as a worker's open files allow, two for each proxied request; the supervisor raises the soft limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(8192, hard // 2) if hard != resource.RLIM_INFINITY else 8192


def _door(name: str, url: str) -> str:
    return _DOOR.substitute(name=name, url=url)


def _origins(settings: Settings) -> str:
    """Where the app may connect to: itself, the doors, plan hosts and live servers of the plan."""
    urls = [*settings.doors.values(), *settings.plan_hosts, *settings.live_nodes.values()]
    found = {f"{u.scheme}://{u.netloc}" for u in map(urlsplit, urls)}
    found |= {o.replace("ws", "http", 1) for o in found if o.startswith("ws")}
    return " ".join(["'self'", *sorted(found)])


# Programs that take part in classes: asked by teachers' devices, at any edge of this machine.
AGENTS = ("captions", "practice")

_AGENT = Template("""
        location /agents/$name {
            proxy_pass http://127.0.0.1:$port;
            client_max_body_size 16k;
        }""")

_DOOR = Template("""
        location ~ ^/door/$name/(metrics|drain|live-hook|plan/doors) { return 404; }
        location /door/$name/ {
            proxy_pass $url/;
            proxy_request_buffering on;
        }""")

_LIVE = Template("""
        location /live/$node/ {
            proxy_pass $url/;
            proxy_set_header Upgrade $$http_upgrade;
            proxy_set_header Connection $$connection_upgrade;
            proxy_read_timeout 1h;
            proxy_buffering off;
        }""")
