"""What the worker does for alternates, and how often."""

from collections.abc import Callable

from schoolday.live.bbb import server_of
from schoolday.office.pathways.ways import bigbluebutton, links, packets
from schoolday.settings_spec import Settings


def all_rounds(settings: Settings) -> dict[str, tuple[float, Callable[[], object]]]:
    """Return the rounds by name, with the seconds between them."""
    rounds: dict[str, tuple[float, Callable[[], object]]] = {
        "links": (links.EVERY_SECONDS, links.LookAtLinks(settings)),
        "packets": (packets.SWEEP_SECONDS, packets.sweep_packets),
    }
    server = server_of(settings)
    if server is not None:
        keep = bigbluebutton.KeepMeetings(server, cell_secret=settings["CELL_SECRET"])
        rounds["bbb"] = (bigbluebutton.EVERY_SECONDS, keep)
    return rounds
