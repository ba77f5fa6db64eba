"""The worker's part: each target of PLAN_COPIES is its own job, so that a dead one delays no other."""

from collections.abc import Callable

from schoolday.contracts.plan import INDEX_PATH
from schoolday.office.pathways.copying.copy import copy_plan
from schoolday.office.pathways.copying.places import target_of
from schoolday.settings_spec import Settings

EVERY_SECONDS = 2.0

_Stamp = tuple[int, ...]


def all_copies(settings: Settings) -> dict[str, Callable[[], object]]:
    """Return a round for each target, by the name of its job. Never with doors/: these targets are public."""
    places = dict.fromkeys(settings["PLAN_COPIES"].split())
    return {f"copy:{number}": CopyWhenNew(settings, place) for number, place in enumerate(places, 1)}


class CopyWhenNew:
    """Copy the plan when its index or its public pages are others than at the last copy. A few stats when not."""

    def __init__(self, settings: Settings, place: str) -> None:
        self._settings, self._place = settings, place
        self._copied: _Stamp = ()

    def __call__(self) -> object:
        stamp = self._stamp()
        if not stamp or stamp == self._copied:
            return None
        target = target_of(self._place, self._settings)
        done = copy_plan(self._settings.plan_dir, target, root_public=self._settings.root_public_key)
        self._copied = stamp
        return {"target": done.target, "version": done.version, "written": done.written, "swept": done.swept}

    def _stamp(self) -> _Stamp:
        """
        Return what changes when something is to be copied.

        In go/.made is noted what each school's pages were made from; status is the last to be written. A file that
        comes to a folder, or takes another's place in it, changes the folder's time.
        """
        folder = self._settings.plan_dir
        if not (folder / INDEX_PATH).exists():
            return ()
        looked_at = (INDEX_PATH, "go/.made", "status/status.json", "feeds", "packets")
        paths = [path for name in looked_at if (path := folder / name).exists()]
        return tuple(number for path in paths for number in (path.stat().st_mtime_ns, path.stat().st_ino))
