"""Captions as a process: what is made in which order."""

from schoolday.agents import common, rim
from schoolday.agents.captions.desk import CaptionsDesk
from schoolday.agents.captions.engine import load
from schoolday.settings_spec import Settings


async def run(settings: Settings, *, host: str, port: int) -> None:
    """
    Serve until SIGTERM or SIGINT.

    :raises BadSettings: if the port is taken, or CAPTIONS_ENGINE names none
    """
    common.stand_back()
    plans = common.plans_of(settings)
    desk = CaptionsDesk(
        callers=common.callers_of(settings, plans),
        plans=plans,
        places=common.places_of(settings),
        engine=load(settings["CAPTIONS_ENGINE"]),
        cell_secret=settings["CELL_SECRET"],
        at_most=settings["CAPTIONS_AT_MOST"],
        opens_seconds=settings["JOIN_OPENS_MINUTES"] * 60,
    )
    try:
        await rim.serve(desk.calls, host=host, port=port, port_setting="CAPTIONS_PORT")
    finally:
        await desk.close()
