"""`schoolday live`: the embedded live server as one supervised process."""

import os
import sys
import time

import click

from schoolday import settings_spec
from schoolday.embedded import live_server
from schoolday.embedded.live_server import LiveState, NoLiveServer
from schoolday.embedded.paths import paths_of
from schoolday.lib import log

_TRY_AGAIN_SECONDS = 600


@click.command()
@click.option("--build-only", is_flag=True, help="Build the server if there is none, and stop.")
def live(build_only: bool) -> None:
    """Serve live classes: livekit-server from the PATH, else built once from its Go module."""
    settings = settings_spec.load()
    log.configure(part="live", level=settings["LOG_LEVEL"])
    paths = paths_of(settings)
    paths.make()

    def progress(text: str, done: int, total: int) -> None:
        LiveState("building", text, done, total).write(paths)
        if build_only:
            click.echo(f"{text} {done} of {total}" if total else text)

    program = live_server.find(paths)
    if program is None:
        try:
            program = live_server.build(paths, progress=progress)
        except NoLiveServer as error:
            LiveState("missing", error.text).write(paths)
            log.get(__name__).error("no live server", reason=error.text)
            if not build_only:
                time.sleep(_TRY_AGAIN_SECONDS)  # the supervisor starts us again: the network may be back
            sys.exit(1)
    if build_only:
        click.echo(program)
        return
    door_url = next(iter(settings.doors_drain.values()))
    text = live_server.configuration(
        port=settings["LIVE_PORT"],
        tcp_port=settings["LIVE_TCP_PORT"],
        udp_port=settings["LIVE_UDP_PORT"],
        key=settings["LIVE_API_KEY"],
        secret=settings["LIVE_API_SECRET"],
        hook_url=f"{door_url}/live-hook?node=n1",
    )
    LiveState("running", str(program)).write(paths)
    # By environment, not by file or argument: it holds the API secret.
    os.execve(program, [str(program)], {**os.environ, "LIVEKIT_CONFIG": text})  # noqa: S606  # there is no shell to want
