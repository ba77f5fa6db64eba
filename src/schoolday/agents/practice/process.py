"""Practice classes as a process. LiveKit's SDK (20 MB) is loaded with the first class, not at the start."""

from schoolday.agents import common, rim
from schoolday.agents.practice.desk import PracticeDesk
from schoolday.settings_spec import Settings


async def run(settings: Settings, *, host: str, port: int) -> None:
    """
    Serve until SIGTERM or SIGINT.

    :raises BadSettings: if the port is taken
    """
    common.stand_back()
    desk = PracticeDesk(
        callers=common.callers_of(settings, common.plans_of(settings)),
        places=common.places_of(settings),
        cell_secret=settings["CELL_SECRET"],
        at_most=settings["PRACTICE_AT_MOST"],
    )
    try:
        await rim.serve(desk.calls, host=host, port=port, port_setting="PRACTICE_PORT")
    finally:
        await desk.close()
