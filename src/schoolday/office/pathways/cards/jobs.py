"""The worker's part: pages follow each new index, whoever published it, and delay no publishing."""

from schoolday.contracts.plan import INDEX_PATH
from schoolday.office.pathways.cards.opening import open_plan
from schoolday.office.pathways.cards.write import write_cards
from schoolday.settings_spec import Settings

EVERY_SECONDS = 2.0

_Stamp = tuple[int, int]


class WriteWhenNew:
    """Write the pages when the index in PLAN_DIR is another one than at the last round. A stat when it is not."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._written: _Stamp | None = None

    def __call__(self) -> object:
        path = self._settings.plan_dir / INDEX_PATH
        if not path.exists():
            return None
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp == self._written:
            return None
        opened = open_plan(self._settings.plan_dir, root_public=self._settings.root_public_key)
        done = write_cards(opened.folder, opened.index, opened.school)
        self._written = stamp
        return {"pages": done.pages, "written": done.written, "seconds": round(done.seconds, 1)}
