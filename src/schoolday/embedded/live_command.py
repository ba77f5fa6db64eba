"""`schoolday live`: the embedded live server as one supervised process."""

import fcntl
import os
import sys
import time
from pathlib import Path

import click

from schoolday import settings_spec
from schoolday.embedded import live_server
from schoolday.embedded.live_server import LiveState, NoLiveServer, Progress
from schoolday.embedded.paths import Paths, paths_of
from schoolday.embedded.sites import sites
from schoolday.lib import log

_TRY_AGAIN_SECONDS = 600


@click.command()
@click.option("--build-only", is_flag=True, help="Build the server if there is none, and stop.")
@click.option("--site", "name", default="a", show_default=True, help="Whose live server: of site a or b.")
def live(build_only: bool, name: str) -> None:
    """Serve live classes: livekit-server from the PATH, else built once from its Go module."""
    settings = settings_spec.load()
    log.configure(part="live", level=settings["LOG_LEVEL"])
    site = next((site for site in sites(settings) if site.name == name), None)
    if site is None:
        raise click.ClickException(f"There is no site {name!r}: SITES is {settings['SITES']}.")
    paths = paths_of(settings)
    paths.make()

    def progress(text: str, done: int, total: int) -> None:
        LiveState("building", text, done, total).write(paths, site.node)
        if build_only:
            click.echo(f"{text} {done} of {total}" if total else text)

    program = live_server.find(paths)
    if program is None:
        try:
            program = _build(paths, progress)
        except NoLiveServer as error:
            LiveState("missing", error.text).write(paths, site.node)
            log.get(__name__).error("no live server", reason=error.text)
            if not build_only:
                time.sleep(_TRY_AGAIN_SECONDS)  # the supervisor starts us again: the network may be back
            sys.exit(1)
    if build_only:
        click.echo(program)
        return
    text = live_server.configuration(
        port=site.live_port,
        tcp_port=site.live_tcp_port,
        udp_port=site.live_udp_port,
        key=settings["LIVE_API_KEY"],
        secret=settings["LIVE_API_SECRET"],
        hook_urls=[f"{url}/live-hook?node={site.node}" for url in settings.doors_drain.values()],
    )
    LiveState("running", str(program)).write(paths, site.node)
    # By environment, not by file or argument: it holds the API secret.
    os.execve(program, [str(program)], {**os.environ, "LIVEKIT_CONFIG": text})  # noqa: S606  # there is no shell to want


def _build(paths: Paths, progress: Progress) -> Path:
    """Build the server, once: the second site waits for the first and takes what it has built."""
    progress("Waiting for the other site's build", 0, 0)
    with (paths.run / "live-build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return live_server.find(paths) or live_server.build(paths, progress=progress)
