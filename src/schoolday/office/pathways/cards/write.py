"""Writing the pages beside the plan: only what changed, each whole or not at all, and sweeping what is over."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from schoolday.contracts.plan import PlanIndex, SchoolFiles, SchoolPlan
from schoolday.lib.files import sync_folder, write_whole
from schoolday.office.pathways.cards.facts import Site, digest, safe_id
from schoolday.office.pathways.cards.page import STATIC
from schoolday.office.pathways.cards.school_pages import school_facts, school_page, schools_page
from schoolday.office.pathways.cards.section_page import section_facts, section_page
from schoolday.office.pathways.cards.status_pages import next_update_at, school_status_page, status_page
from schoolday.office.pathways.cards.summary import Summary, summary_of
from schoolday.office.pathways.cards.words import LANGUAGES, Say

GO, STATUS = "go", "status"
_MADE = ".made"  # below go/: what each school's pages were made from
# They wait for the disk, not for the processor: several fsyncs at a time share one commit of its journal.
_WRITERS = 8

ReadSchool = Callable[[SchoolFiles], SchoolPlan | None]


@dataclass(frozen=True)
class Written:
    """What a round did: `pages` there are, of them `written` anew and `swept` away; it took `seconds`."""

    pages: int
    written: int
    swept: int
    seconds: float


class _Made(msgspec.Struct, frozen=True, kw_only=True):
    """What one school's pages were made from: digest of the facts by path below the plan folder."""

    plan_sha256: str
    looks: str
    pages: dict[str, str]
    summary: Summary


def write_cards(folder: Path, index: PlanIndex, read_school: ReadSchool) -> Written:
    """
    Write the pages of the plan in force into go/ and status/ of the plan folder.

    Made from the signed contracts alone. About 2 ms for a card that is new, 1 ms for one that changed, 0.1 ms for a
    school of which nothing did. Killed anywhere it leaves whole files; the next run goes on. Two at once take turns.
    `read_school`: opens what the index names; a school whose file is not there keeps the pages it has.
    """
    began = time.monotonic()
    for name in (GO, f"{GO}/{_MADE}", STATUS):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with _only_one(folder), ThreadPoolExecutor(_WRITERS) as pool:
        writer = _Writer(folder, pool)
        site, summaries = Site.of(index), []
        for files in index.schools:
            made = _school(writer, site, files, read_school)
            if made is not None:
                summaries.append(made.summary)
                writer.keep(made.pages)
        site = replace(site, time_zone=summaries[0].time_zone if summaries else "UTC")
        _shared(writer, site, summaries)
        writer.finish()
        swept = writer.sweep({files.org for files in index.schools})
    return Written(writer.pages, writer.written, swept, time.monotonic() - began)


class _Writer:
    """Writes pages, several at a time, and counts."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self.folder, self._pool = folder, pool
        self._waiting: list[Future[None]] = []
        self._kept: set[str] = set()
        self._touched: set[Path] = set()
        self.written = 0

    @property
    def pages(self) -> int:
        return sum(path.endswith(".html") for path in self._kept)

    def keep(self, paths: Iterable[str]) -> None:
        """Mark pages as still in force."""
        self._kept.update(paths)

    def old(self, path: str) -> str:
        """Return a page as it lies there."""
        try:
            return (self.folder / path).read_text()
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    def write(self, path: str, data: bytes) -> None:
        self.written += path.endswith(".html")
        self._touched.add((self.folder / path).parent)
        self._waiting.append(self._pool.submit(write_whole, self.folder / path, data, sync_name=False))

    def write_changed(self, path: str, data: bytes) -> None:
        """Write a file unless it lies there with this content."""
        self.keep([path])
        if self.old(path).encode() != data:
            self.write(path, data)

    def finish(self) -> None:
        """Wait until all is on the disk; an error of any write is raised here."""
        for one in self._waiting:
            one.result()
        for folder in self._touched:
            sync_folder(folder)
        self._waiting.clear()
        self._touched.clear()

    def sweep(self, orgs: set[str]) -> int:
        """Remove the pages that nothing leads to any more, and what killed writers left."""
        swept = 0
        for name in (GO, STATUS):
            for path in (self.folder / name).rglob("*"):
                if path.is_dir():
                    continue
                left = path.name.startswith(".") and path.suffix == ".partial"
                if path.parent.name == _MADE:
                    over = left or (path.suffix == ".json" and path.stem not in orgs)
                else:
                    over = left or (
                        path.suffix == ".html" and path.relative_to(self.folder).as_posix() not in self._kept
                    )
                if over:
                    path.unlink(missing_ok=True)
                    swept += path.suffix == ".html"
        for path in (self.folder / GO).iterdir():
            if path.is_dir() and path.name != _MADE and path.name not in orgs:
                with contextlib.suppress(OSError):  # somebody put a file of his own there
                    path.rmdir()
        return swept


def _school(writer: _Writer, site: Site, files: SchoolFiles, read_school: ReadSchool) -> _Made | None:
    """Write what changed of one school and return what its pages are made from now."""
    org, looks = safe_id(files.org), site.looks()
    record = writer.folder / GO / _MADE / f"{org}.json"
    before = _read_made(record)
    (writer.folder / GO / org).mkdir(exist_ok=True)
    there = _pages_there(writer.folder, org)
    if before and (before.plan_sha256, before.looks) == (files.plan_sha256, looks) and there >= set(before.pages):
        return before
    school = read_school(files)
    if school is None:
        return before
    known = before.pages if before else {}
    pages = {f"{GO}/{org}.html": school_facts(school, looks)}
    pages |= {f"{GO}/{org}/{safe_id(one.id)}.html": section_facts(school, one, looks) for one in school.sections}
    changed = {path for path, facts in pages.items() if known.get(path) != facts or path not in there}
    for section in school.sections:
        path = f"{GO}/{org}/{section.id}.html"
        if path in changed:
            writer.write(path, section_page(site, school, section, old_page=writer.old(path)))
    path = f"{GO}/{org}.html"
    if path in changed:
        writer.write(path, school_page(site, school, old_page=writer.old(path)))
    made = _Made(plan_sha256=files.plan_sha256, looks=looks, pages=pages, summary=summary_of(school))
    if made != before:
        # After its pages: what it says is there, is there whole.
        writer.finish()
        write_whole(record, msgspec.json.encode(made))
    return made


def _pages_there(folder: Path, org: str) -> set[str]:
    found = {f"{GO}/{org}/{path.name}" for path in (folder / GO / org).iterdir()}
    return found | {f"{GO}/{org}.html"} if (folder / GO / f"{org}.html").exists() else found


def _read_made(path: Path) -> _Made | None:
    """Return what was noted; None when nothing was, or it cannot be read: then all is made anew."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Made)
    except (FileNotFoundError, msgspec.MsgspecError, ValueError):
        return None


def _shared(writer: _Writer, site: Site, schools: list[Summary]) -> None:
    """Write what all schools share: scripts, the list of schools, and the status."""
    ordered = sorted(schools, key=lambda school: (school.name.casefold(), school.org))
    for name, folder in (("now.js", GO), ("again.js", STATUS)):
        writer.write_changed(f"{folder}/{name}", (STATIC / name).read_bytes())
    path = f"{GO}/index.html"
    listed = [(school.org, school.name) for school in ordered]
    writer.write_changed(path, schools_page(site, listed, old_page=writer.old(path)))
    shown = digest([site.looks(), site.made_at, ordered])
    for language in LANGUAGES:
        made = status_page(site, ordered, digest=shown, language=language)
        writer.write_changed(f"{STATUS}/{Say(language).file('index')}", made)
    for school in ordered:
        for language in LANGUAGES:
            made = school_status_page(site, school, digest=shown, language=language)
            writer.write_changed(f"{STATUS}/{Say(language).file(school.org)}", made)
    body = {
        "v": 1,
        "digest": shown,
        "portal_name": site.portal_name,
        "updated_at": site.made_at,
        "next_update_at": next_update_at(site, ordered),
        "schools": ordered,
    }
    writer.finish()
    # Last: who asks whether the page changed must find the new one.
    writer.write_changed(f"{STATUS}/status.json", msgspec.json.encode(body))


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Let one writer in at a time, over all processes. Not the publisher's lock, which is held when it calls us."""
    descriptor = os.open(folder / GO / ".writing", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
