"""
Where a roster's files come from: a folder, or a zip that is read in place and never unpacked.

Names in a zip are therefore never used as paths; odd ones are refused all the same, for they mean a trap.
A zip that is one folder inside, or holds a Mac's `__MACOSX`, is read as people make them.
"""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from schoolday.office.rosters.oneroster.problems import Report

UNPACKED_AT_MOST_BYTES = 4 * 2**30  # New York: a million students, ten million enrollments of 120 bytes
RATIO_AT_MOST = 400  # enrollments pack 10 to 40 times; deflate's end is 1,032
SMALL_BYTES = 2**20  # below this any ratio is harmless
ENTRIES_AT_MOST = 2000
_ENCRYPTED = 0x1


class Source(Protocol):
    """The files of one roster, by their standard names (`users.csv`), whatever case they have."""

    sizes_bytes: dict[str, int]

    def open(self, name: str) -> contextlib.AbstractContextManager[IO[bytes]]:
        """Open one file of `sizes_bytes`; raises OSError, zipfile.BadZipFile or zlib.error, also while reading."""


READ_ERRORS = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Folder:
    """A folder of CSV files."""

    def __init__(self, path: Path) -> None:
        self._paths = {_standard(entry.name): entry for entry in sorted(path.iterdir()) if entry.is_file()}
        self.sizes_bytes = {name: entry.stat().st_size for name, entry in self._paths.items()}

    def open(self, name: str) -> contextlib.AbstractContextManager[IO[bytes]]:
        return self._paths[name].open("rb")


class Zip:
    """A zip file, open while it is used."""

    def __init__(self, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._entries = entries
        self.sizes_bytes = {name: entry.file_size for name, entry in entries.items()}

    def open(self, name: str) -> contextlib.AbstractContextManager[IO[bytes]]:
        return self._archive.open(self._entries[name])


@contextlib.contextmanager
def open_source(path: Path, report: Report) -> Iterator[Source | None]:
    """Give the files at `path`, or None with the reason in `report`."""
    with contextlib.ExitStack() as stack:
        try:
            yield _open(path, report, stack)
        except (NotImplementedError, RuntimeError) as error:  # a way of packing or locking we do not know
            report.add(path.name, 0, "damaged_zip", what=error)
            yield None


def _open(path: Path, report: Report, stack: contextlib.ExitStack) -> Source | None:
    try:
        if path.is_dir():
            return Folder(path)
        if not path.exists():
            report.add(str(path), 0, "no_such_path")
        elif not zipfile.is_zipfile(path):
            report.add(path.name, 0, "not_a_roster")
        else:
            archive = stack.enter_context(zipfile.ZipFile(path))
            entries = _entries_of(archive, path.name, report)
            return Zip(archive, entries) if not len(report) else None
    except OSError as error:
        report.add(str(path), 0, "unreadable", what=error.strerror or type(error).__name__)
    except zipfile.BadZipFile as error:
        report.add(path.name, 0, "damaged_zip", what=error)
    return None


def _entries_of(archive: zipfile.ZipFile, name: str, report: Report) -> dict[str, zipfile.ZipInfo]:
    """Return the CSV files of the zip by standard name; traps go into `report`."""
    infos = [info for info in archive.infolist() if not info.is_dir() and not _is_litter(info.filename)]
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        report.add(name, 0, "encrypted_zip")
    if len(infos) > ENTRIES_AT_MOST or any(_is_unsafe(info.filename) for info in infos):
        report.add(name, 0, "unsafe_zip")
    size_bytes = sum(info.file_size for info in infos)
    bomb = any(info.file_size > max(SMALL_BYTES, RATIO_AT_MOST * info.compress_size) for info in infos)
    if size_bytes > UNPACKED_AT_MOST_BYTES or bomb:
        limit = f"{UNPACKED_AT_MOST_BYTES >> 20} MB and {RATIO_AT_MOST} times its size"
        report.add(name, 0, "too_large", size=f"{size_bytes >> 20} MB", limit=limit)
    folders = {PurePosixPath(info.filename).parent for info in infos}
    top = folders.pop() if len(folders) == 1 else PurePosixPath()
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = PurePosixPath(info.filename)
        standard = _standard(path.name)
        if path.parent == top and standard in entries:
            report.add(standard, 0, "twice_in_zip")
        elif path.parent == top:
            entries[standard] = info
    return entries


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def _is_unsafe(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts


def _standard(name: str) -> str:
    """Return the standard's spelling of a file name: AcademicSessions.CSV is academicSessions.csv."""
    return _STANDARD_NAMES.get(name.lower(), name)


_STANDARD_NAMES = {
    name.lower(): name
    for name in (
        "manifest.csv", "orgs.csv", "academicSessions.csv", "courses.csv", "classes.csv", "users.csv", "roles.csv",
        "enrollments.csv",
    )
}  # fmt: skip
