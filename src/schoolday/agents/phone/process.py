"""The phone's process: a turn every few seconds."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from dataclasses import asdict

import msgspec

from schoolday.agents import common
from schoolday.agents.phone.bridge import Bridge
from schoolday.agents.phone.callers_of import ways
from schoolday.lib import clock, log
from schoolday.lib.errors import BadSettings
from schoolday.settings_spec import Settings


async def run(settings: Settings, *, once: bool, show: Callable[[str], None]) -> None:
    """
    Keep the rules in step until SIGTERM or SIGINT. A bridge that does not answer is asked again at the next turn.

    :raises BadSettings: if no number is set
    """
    from livekit import api

    numbers = tuple(settings["PHONE_NUMBERS"].split())
    if not numbers:
        raise BadSettings("PHONE_NUMBERS is empty: set the numbers of your SIP trunk, e.g. +13055550100.")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    plans = common.plans_of(settings)
    url = settings["PHONE_LIVE_URL"] or next(iter(settings.live_nodes.values()))
    lk = api.LiveKitAPI(url.replace("ws", "http", 1), settings["LIVE_API_KEY"], settings["LIVE_API_SECRET"])
    bridge = Bridge(lk, numbers=numbers)
    try:
        while not stop.is_set():
            wanted = ways(
                plans,
                orgs=tuple(settings["PHONE_SCHOOLS"].split()),
                now=clock.now_seconds(),
                opens_seconds=settings["JOIN_OPENS_MINUTES"] * 60,
                cell_secret=settings["CELL_SECRET"],
            )
            try:
                step = await bridge.keep(wanted)
                show(msgspec.json.encode(asdict(step)).decode())
            except Exception as error:
                if once:
                    raise
                log.get(__name__).warning("the SIP service did not answer", reason=type(error).__name__)
            if once:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), settings["PHONE_EVERY_SECONDS"])
    finally:
        await lk.aclose()
