"""Seeing that a detour begins, ends, or was declared or undone by somebody whose publish failed."""

from schoolday.lib import clock
from schoolday.office.pathways.detours import queries
from schoolday.office.pathways.detours.publishing import publish_detours

EVERY_SECONDS = 2.0


class PublishWhenDue:
    """
    Publish whenever the detours of this moment are not those of the last round: one small query each time.

    At its start it publishes once, which writes nothing when nothing changed. A round that fails is done again.
    """

    def __init__(self) -> None:
        self._published: tuple[tuple[str, str], ...] | None = None

    def __call__(self) -> object:
        seen = queries.moment(clock.now())
        if seen == self._published:
            return None
        release = publish_detours()
        self._published = seen
        return {"version": release.version} if release else None
