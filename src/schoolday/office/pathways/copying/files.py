"""The files of a plan as a copier sees them: in which order, and how long a cache may keep each."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from schoolday.contracts.plan import INDEX_PATH, ROOT_PATH, PlanIndex, people_path, school_path
from schoolday.office.pathways.copying.errors import PlanMovedOn

# Names that hold their content never change; all others are asked for again each time.
LONG = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

_TYPES = {
    ".plan": "text/plain; charset=utf-8",
    ".public": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".atom": "application/atom+xml",
    ".xml": "application/cap+xml",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".txt": "text/plain; charset=utf-8",
}
# Folders of the public pages, in the order to copy, and what in them is ours. Most people ask for the status; lesson
# packets are large, and a device asks other hosts for one that is not here yet.
_PAGES = ("status", "go", "feeds")
_ENDINGS = {"status": (".html", ".js", ".json"), "go": (".html", ".js"), "feeds": (".atom", ".xml")}
_PACKETS = "packets"
_REPORT = "status/probes.json"  # what the probe of a place found is of that place alone
_PACKET = re.compile(r"(?P<sha256>[0-9a-f]{64})\.(?:pdf|png|jpg|txt)")  # as ways/packet_files.py makes them


@dataclass(frozen=True)
class PlanFile:
    """One file at `path` below plan folder and target. `fixed`: its name holds its content."""

    folder: Path
    path: str
    fixed: bool = False

    @property
    def content_type(self) -> str:
        return _TYPES.get(Path(self.path).suffix, "application/octet-stream")

    @property
    def cache_control(self) -> str:
        return LONG if self.fixed else ASK_AGAIN

    @property
    def sha256_of_name(self) -> str:
        """Return the SHA-256 that a lesson packet's name says, so that megabytes need not be read; else nothing."""
        found = _PACKET.fullmatch(Path(self.path).name)
        return found["sha256"] if found and self.path.startswith(f"{_PACKETS}/") else ""

    def size_bytes(self) -> int:
        """
        Return its size.

        :raises PlanMovedOn: if it is not there any more
        """
        try:
            return (self.folder / self.path).stat().st_size
        except FileNotFoundError as error:
            raise PlanMovedOn(f"{self.path} was swept while it was copied.") from error

    def read(self) -> bytes:
        """
        Return its bytes.

        :raises PlanMovedOn: if it is not there any more
        """
        try:
            return (self.folder / self.path).read_bytes()
        except FileNotFoundError as error:
            raise PlanMovedOn(f"{self.path} was swept while it was copied.") from error


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def named_files(folder: Path, index: PlanIndex, *, with_doors: bool) -> list[PlanFile]:
    """Return the files that the index names by their content."""
    found = [PlanFile(folder, school_path(one.org, one.plan_sha256), fixed=True) for one in index.schools]
    if with_doors:
        found += [PlanFile(folder, people_path(one.org, one.people_sha256), fixed=True) for one in index.schools]
    return found


def newest_files(folder: Path, index: PlanIndex) -> list[PlanFile]:
    """Return the files under the names that devices know."""
    return [PlanFile(folder, ROOT_PATH), *(PlanFile(folder, school_path(one.org)) for one in index.schools)]


def page_files(folder: Path) -> list[PlanFile]:
    """Return the public pages and feeds, then the lesson packets; the status first, its data last of it."""
    found: list[Path] = []
    for name in _PAGES:
        paths = [path for path in sorted((folder / name).rglob("*")) if _is_page(path.relative_to(folder))]
        found += sorted(paths, key=lambda path: path.name == "status.json")
    pages = [PlanFile(folder, path.relative_to(folder).as_posix()) for path in found]
    packets = [path.name for path in sorted((folder / _PACKETS).glob("*")) if _PACKET.fullmatch(path.name)]
    return pages + [PlanFile(folder, f"{_PACKETS}/{name}", fixed=True) for name in packets]


def _is_page(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix in _ENDINGS[path.parts[0]] and not hidden and path.as_posix() != _REPORT


def is_ours(path: str) -> bool:
    """Say whether a path below a target may be swept: it has the form of a plan's file or page, and is no index."""
    place = Path(path)
    if place.parts[:1] and place.parts[0] in _PAGES:
        return _is_page(place)
    if place.parent.as_posix() == _PACKETS:
        return _PACKET.fullmatch(place.name) is not None
    in_plan = place.parent.as_posix() in ("school", "doors/people")
    return in_plan and place.suffix == ".plan" and path != INDEX_PATH and not place.name.startswith(".")
