"""Pulling as a process: what is made, and how it ends."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

from schoolday.door.pull.folder import PulledFolder
from schoolday.door.pull.puller import Puller
from schoolday.door.pull.source import Source
from schoolday.door.pull.status import PullStatus
from schoolday.lib import log, signing
from schoolday.lib.errors import BadSettings
from schoolday.settings_spec import Settings


async def run(settings: Settings, *, once: bool, show: Callable[[PullStatus], None]) -> bool:
    """
    Pull once, or until SIGTERM or SIGINT. Return whether all is well.

    :raises BadSettings: without sources, or if another process fills this folder
    """
    if not settings.plan_sources:
        raise BadSettings("PLAN_SOURCES is not set: say where the plan is fetched from, bases separated by spaces.")
    if settings["PLAN_PULL_SECONDS"] < 1:
        raise BadSettings(f"PLAN_PULL_SECONDS: {settings['PLAN_PULL_SECONDS']} will not do: say 1 or more.")
    sources = [Source(base) for base in settings.plan_sources]
    state = settings.home / "doors" / settings["DOOR_ID"] / "pull"
    state.mkdir(parents=True, exist_ok=True)
    folder = PulledFolder(
        settings.plan_dir,
        floor_path=state / "floor.json",
        root_public=signing.unb64(settings.root_public_key),
        district=settings["DISTRICT"],
    )
    lock = folder.hold()
    puller = Puller(folder, sources, state=state, door=settings["DOOR_ID"], cell_secret=settings["CELL_SECRET"])
    try:
        if once:
            good = await puller.once()
            show(puller.status())
            return good
        await _until_told(puller, every_seconds=settings["PLAN_PULL_SECONDS"], show=show)
        return True
    finally:
        await puller.close()
        os.close(lock)


async def _until_told(puller: Puller, *, every_seconds: float, show: Callable[[PullStatus], None]) -> None:
    following = asyncio.ensure_future(puller.follow(every_seconds=every_seconds, told=show))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, following.cancel)
    log.get(__name__).info("pulling the plan", every_seconds=every_seconds, sources=len(puller.status().sources))
    with contextlib.suppress(asyncio.CancelledError):
        await following
