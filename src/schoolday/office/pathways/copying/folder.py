"""Copies in a folder: another disk, a network drive, the folder of a static host's own server."""

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from schoolday.contracts.plan import INDEX_PATH
from schoolday.lib.files import sync_folder, write_whole
from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed
from schoolday.office.pathways.copying.files import PlanFile

_LOCK = ".copying"


class FolderTarget:
    """`folder` is made when it is not there; what is above it must be."""

    at_once = 4

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.shown = str(folder)
        self._touched: set[Path] = set()
        self._lock: int | None = None

    def look(self) -> None:
        self.close()
        if not self.folder.parent.is_dir():
            raise BadTarget(f"{self.folder.parent} is not there: is its disk mounted?")
        with self._errors():
            self.folder.mkdir(exist_ok=True)
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CopyFailed(f"{self.shown}: another copy is under way there.") from error
            for left in self.folder.rglob(".*.partial"):  # by one that was killed
                left.unlink(missing_ok=True)

    def index_text(self) -> str | None:
        try:
            return (self.folder / INDEX_PATH).read_text()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            return ""

    def holds(self, file: PlanFile) -> bool:
        try:
            if file.sha256_of_name:
                return (self.folder / file.path).stat().st_size == file.size_bytes()
            return (self.folder / file.path).read_bytes() == file.read()
        except OSError:
            return False

    def begin(self, paths: Iterable[str]) -> None:
        with self._errors():
            for parent in {(self.folder / path).parent for path in paths}:
                parent.mkdir(parents=True, exist_ok=True)

    def put(self, file: PlanFile) -> None:
        data, path = file.read(), self.folder / file.path
        with self._errors():
            self._touched.add(path.parent)
            write_whole(path, data, sync_name=False)

    def put_index(self, text: str) -> None:
        with self._errors():
            write_whole(self.folder / INDEX_PATH, text.encode())

    def settle(self) -> None:
        with self._errors():
            for folder in self._touched:
                sync_folder(folder)
        self._touched.clear()

    def lies_there(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}

    def remove(self, paths: Iterable[str]) -> None:
        with self._errors():
            for path in paths:
                (self.folder / path).unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # other files are still in it
                    (self.folder / path).parent.rmdir()

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CopyFailed(f"{self.shown}: {error.strerror}.") from error
