"""
The plan folder beside a door, as `schoolday pull` fills it: one whole version at any moment, also after a kill.

Schools' files come first, under names that hold their content; the index that names them comes last, in one
step. What the index before named stays one version longer, for a door that is in the middle of reading it.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from schoolday.contracts.plan import (
    FILE_AT_MOST_BYTES,
    INDEX_AT_MOST_BYTES,
    INDEX_PATH,
    ROOT_PATH,
    PlanIndex,
    SchoolFiles,
    people_path,
    school_path,
)
from schoolday.door import plan_checks, plan_store
from schoolday.door.plan_checks import CheckedIndex, Floor, PlanRefused
from schoolday.lib import signing
from schoolday.lib.errors import BadSettings
from schoolday.lib.files import link_whole, sync_folder, write_whole

_FOLDERS = ("", "school", "doors", "doors/people")
_LOCK = ".pulling"

_Stamp = tuple[int, int, int]


class PulledFolder:
    """`folder`: PLAN_DIR; `floor_path`: where the lowest version that may come into force is kept."""

    def __init__(self, folder: Path, *, floor_path: Path, root_public: bytes, district: str) -> None:
        self.folder = folder
        self.in_force: CheckedIndex | None = None
        self._floor_path = floor_path
        self._root_public, self._district = root_public, district
        self._whole: dict[str, _Stamp] = {}  # files whose content was checked, as they were on the disk then
        for name in _FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)

    def hold(self) -> int:
        """
        Return a descriptor that keeps any other `schoolday pull` from this folder for as long as it is open.

        :raises BadSettings: if another one is at work here
        """
        descriptor = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise BadSettings(f"Another 'schoolday pull' fills {self.folder}: set a PLAN_DIR for each.") from None
        for name in _FOLDERS:
            for left in (self.folder / name).glob(".*.partial"):  # by one that was killed
                left.unlink()
        return descriptor

    def look(self, *, now: int) -> None:
        """Find out what is in force: the index in the folder, if a door would take it."""
        try:
            text = plan_store.read_text(self.folder / INDEX_PATH, at_most_bytes=INDEX_AT_MOST_BYTES)
            if self.in_force and self.in_force.text == text:
                return
            self.in_force = None
            self.in_force = self.check(text, now=now)
        except PlanRefused:
            self.in_force = None  # damaged, or none: the next good one of any source mends it

    def check(self, text: str, *, now: int) -> CheckedIndex:
        """
        Return an index, if it may come into force here.

        :raises PlanRefused: as a door would
        """
        kept = plan_store.read_floor(self._floor_path)
        here = self.in_force.floor if self.in_force else Floor()
        floor = Floor(max(kept.version, here.version), max(kept.keys_issued_at, here.keys_issued_at))
        return plan_checks.check_index(
            text,
            root_public=self._root_public,
            district=self._district,
            now=now,
            floor=floor,
            in_force=(self.in_force.index.version, self.in_force.sha256) if self.in_force else None,
        )

    def missing(self, index: PlanIndex) -> list[tuple[str, SchoolFiles]]:
        """Return (path, school) of each file that is not here whole. A stat for each; read once, and when changed."""
        named = list(paths_of(index))
        self._whole = {path: self._whole[path] for path, _, _ in named if path in self._whole}
        return [(path, files) for path, sha256, files in named if not self._is_whole(path, sha256)]

    def take(self, path: str, text: str, files: SchoolFiles, index: CheckedIndex) -> None:
        """
        Check a file as a door does, and put it here.

        :raises PlanRefused: if a door would not take it
        """
        if path.startswith("doors/"):
            plan_checks.read_people(text, files, index.verifier, district=self._district)
        else:
            plan_checks.read_meetings(text, files, index.verifier, district=self._district)
        write_whole(self.folder / path, text.encode())

    def put_in_force(self, checked: CheckedIndex, *, wanted: Iterable[str] = ()) -> None:
        """
        Replace the index, in one step, when all that it names is here. `wanted`: names not to be swept.

        :raises PlanRefused: if something of it is missing
        """
        if self.missing(checked.index):
            raise PlanRefused(f"{INDEX_PATH}: not all of its files are here.")
        self._show_schools(checked.index)
        self._show_root()
        write_whole(self.folder / INDEX_PATH, checked.text.encode())
        plan_store.keep_floor(self._floor_path, checked.floor)
        before, self.in_force = self.in_force, checked
        self._sweep(checked.index, before.index if before else None, wanted=wanted)

    def _is_whole(self, path: str, sha256: str) -> bool:
        file = self.folder / path
        try:
            stat = file.stat()
        except FileNotFoundError:
            return False
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if self._whole.get(path) != stamp:
            try:
                text = plan_store.read_text(file, at_most_bytes=FILE_AT_MOST_BYTES)
            except PlanRefused:
                return False
            if hashlib.sha256(text.encode()).hexdigest() != sha256:
                return False
            self._whole[path] = stamp
        return True

    def _show_schools(self, index: PlanIndex) -> None:
        """Let the name that devices know mean the newest plan of each school."""
        linked = [
            link_whole(self.folder / school_path(one.org), target=self.folder / school_path(one.org, one.plan_sha256))
            for one in index.schools
        ]
        if any(linked):
            sync_folder(self.folder / "school")

    def _show_root(self) -> None:
        path, text = self.folder / ROOT_PATH, signing.b64(self._root_public).encode()
        if not path.exists() or path.read_bytes() != text:
            write_whole(path, text)

    def _sweep(self, *indexes: PlanIndex | None, wanted: Iterable[str]) -> None:
        """Remove what none of these names, and what a kill left behind."""
        named = {INDEX_PATH, *wanted}
        for index in filter(None, indexes):
            named |= {path for path, _, _ in paths_of(index)}
            named |= {school_path(files.org) for files in index.schools}
        for name in _FOLDERS:
            for path in (self.folder / name).glob("*"):
                is_ours = path.suffix == ".plan" or (path.name.startswith(".") and path.suffix == ".partial")
                if is_ours and path.relative_to(self.folder).as_posix() not in named:
                    path.unlink(missing_ok=True)


def paths_of(index: PlanIndex) -> Iterator[tuple[str, str, SchoolFiles]]:
    """Give (path, SHA-256, school) of every file that an index names."""
    for files in index.schools:
        yield school_path(files.org, files.plan_sha256), files.plan_sha256, files
        yield people_path(files.org, files.people_sha256), files.people_sha256, files
