"""What the worker does with recordings: finish what a device left behind, drop what is no longer kept."""

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.recordings import actions, files
from schoolday.office.recordings.models import CHUNK_SECONDS, Recording

EVERY_SECONDS = 600.0
_AT_ONCE = 50


def clean() -> object:
    """
    Drop recordings whose time is over and files that belong to none; finish those of which nothing came for a day.

    Killed anywhere, the next round goes on.
    """
    now = clock.now()
    over = list(Recording.objects.filter(keep_until__lte=now)[:_AT_ONCE])
    actions.delete(over, by=None, why="retention")
    finished = sum(_finish(one) for one in _silent())
    strays = files.ids_on_disk() - set(Recording.objects.values_list("id", flat=True))
    for stray in strays:
        files.forget(stray)
    return {"deleted": len(over), "finished": finished, "strays": len(strays)} if over or finished or strays else None


def _silent() -> list[Recording]:
    left = Recording.objects.filter(finished_at=None, heard_at__lt=clock.now() - actions.SILENT_FOR)
    return list(left.order_by("heard_at")[:_AT_ONCE])


def _finish(recording: Recording) -> bool:
    """Finish with the pieces that follow one another from the first; without any there is nothing to keep."""
    there = set(recording.chunks.values_list("number", flat=True))
    chunks = next(number for number in range(len(there) + 1) if number not in there)
    if chunks == 0:
        actions.delete([recording], by=None, why="empty")
        return False
    try:
        actions.finish(recording, chunks=chunks, seconds=chunks * CHUNK_SECONDS, by=None)
    except SchooldayError:
        return False  # no room: the pieces stay for the next round
    return True
