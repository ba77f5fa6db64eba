"""What every agent's process is made of, from the settings."""

import os

from schoolday.agents.callers import Callers
from schoolday.agents.live_places import LivePlaces
from schoolday.agents.plans import PlanReader
from schoolday.lib import signing
from schoolday.settings_spec import Settings

_NICENESS = 5


def plans_of(settings: Settings) -> PlanReader:
    """
    :raises BadSettings: if there is no root key yet
    """
    return PlanReader(
        settings.plan_dir,
        root_public=signing.unb64(settings.root_public_key),
        district=settings["DISTRICT"],
    )


def stand_back() -> None:
    """Let doors and live servers go first on a busy core: the day goes on without captions, not without them."""
    os.nice(_NICENESS)


def callers_of(settings: Settings, plans: PlanReader) -> Callers:
    return Callers(cell_secret=settings["CELL_SECRET"], plans=plans)


def places_of(settings: Settings) -> LivePlaces:
    return LivePlaces(
        api_key=settings["LIVE_API_KEY"], api_secret=settings["LIVE_API_SECRET"].encode(), urls=settings.live_nodes
    )
