"""
Copying one plan to one target, so that a reader there finds a whole version at any moment.

What an index will name comes first, then the names that devices know, then the index; the public pages follow, since
nothing names them and a detour must not wait for them. What no index of now or before names is swept at the end.
"""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from schoolday.contracts.plan import INDEX_PATH, PlanIndex
from schoolday.lib.errors import SchooldayError
from schoolday.office.pathways.cards.opening import NoPlan, OpenedPlan, index_of, open_plan
from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed, PlanMovedOn
from schoolday.office.pathways.copying.files import (
    PlanFile,
    is_ours,
    named_files,
    newest_files,
    page_files,
)
from schoolday.office.pathways.copying.target import Target

T = TypeVar("T")

# Five tries over up to 15 s: a host that restarts is back by then, and a dead one is known as dead soon.
_TRIES = 5
_FIRST_REST_SECONDS = 0.5
_REST_AT_MOST_SECONDS = 8.0
_BEGINNINGS = 3  # a plan that is published anew in the middle is begun again that often

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Copied:
    """What one copy did; `files` there are, of them `written`. `version` is in force at the target now."""

    target: str
    version: int
    files: int
    written: int
    swept: int
    seconds: float


def copy_plan(
    folder: Path,
    target: Target,
    *,
    root_public: str,
    with_doors: bool = False,
    progress: Progress | None = None,
    rest_seconds: float = _FIRST_REST_SECONDS,
) -> Copied:
    """
    Bring the plan in force in `folder` to a target; only what is not there yet is written, then the index is read back.

    `root_public`: the public root key, base64. `with_doors`: students' ids and badge numbers, too: never to a
    public target. `progress`: told (done, all) files.

    :raises NoPlan: if there is no plan here
    :raises CopyFailed: if the target does not take it now; what was in force there still is
    :raises BadTarget: if it never will, or has a newer plan, or another district's
    """
    began = time.monotonic()
    try:
        for beginning in range(_BEGINNINGS):
            opened = open_plan(folder, root_public=root_public)
            copier = _Copier(opened, target, root_public, with_doors, progress, rest_seconds)
            try:
                return copier.copy(began)
            except PlanMovedOn:
                if beginning == _BEGINNINGS - 1:
                    raise
        raise AssertionError("unreachable")
    finally:
        target.close()


class _Copier:
    def __init__(
        self,
        opened: OpenedPlan,
        target: Target,
        root_public: str,
        with_doors: bool,
        progress: Progress | None,
        rest_seconds: float,
    ) -> None:
        self._opened, self._target, self._root_public = opened, target, root_public
        self._with_doors, self._rest_seconds = with_doors, rest_seconds
        self._progress = progress or (lambda done, of: None)
        self._done = self._written = 0

    def copy(self, began: float) -> Copied:
        target, index, folder = self._target, self._opened.index, self._opened.folder
        self._again(target.look)
        before = self._in_force_there()
        named = named_files(folder, index, with_doors=self._with_doors)
        newest, pages = newest_files(folder, index), page_files(folder)
        with ThreadPoolExecutor(target.at_once) as pool:
            files = [*named, *newest, *pages]
            holds = list(pool.map(lambda file: self._again(lambda: target.holds(file)), files))
            lacking = {file.path for file, there in zip(files, holds, strict=True) if not there}
            text_there = self._again(target.index_text)
            self._done = len(files) - len(lacking)
            self._progress(self._done, len(files))
            if lacking:
                self._again(lambda: target.begin(sorted(lacking)))
            self._put(pool, [file for file in named if file.path in lacking], len(files))
            self._put(pool, [file for file in newest if file.path in lacking], len(files))
            if text_there != self._opened.text:
                self._check_not_newer(self._in_force_there())
                self._again(lambda: target.put_index(self._opened.text))
            self._verify()
            self._put(pool, [file for file in pages if file.path in lacking], len(files))
        kept = {file.path for file in files} | self._named_by(before)
        over = {path for path in target.lies_there() - kept if is_ours(path)}
        if over:
            self._again(lambda: target.remove(sorted(over)))
        return Copied(
            target=target.shown,
            version=index.version,
            files=len(files) + 1,
            written=self._written + (text_there != self._opened.text),
            swept=len(over),
            seconds=time.monotonic() - began,
        )

    def _put(self, pool: ThreadPoolExecutor, files: list[PlanFile], of: int) -> None:
        """Write some files, several at a time; all of them are there when this returns."""
        if not files:
            return
        waiting = [pool.submit(self._again, lambda file=file: self._target.put(file)) for file in files]
        try:
            for one in waiting:
                one.result()
                self._written += 1
                self._done += 1
                self._progress(self._done, of)
        finally:
            for one in waiting:
                one.cancel()
        self._again(self._target.settle)

    def _in_force_there(self) -> PlanIndex | None:
        """
        Return the plan that is in force there; None if there is none that a reader would take.

        :raises BadTarget: if it is newer than ours, or of another district
        """
        text = self._again(self._target.index_text)
        if not text:
            return None
        try:
            index = index_of(text, root_public=self._root_public)
        except NoPlan:
            return None  # damaged, or of a root key before: ours takes its place
        self._check_not_newer(index)
        return index

    def _check_not_newer(self, there: PlanIndex | None) -> None:
        if there is None:
            return
        ours, shown = self._opened.index, self._target.shown
        if there.district != ours.district:
            raise BadTarget(f"{shown} holds the plan of another district ({there.district}).")
        if there.version > ours.version:
            raise BadTarget(f"{shown} has plan {there.version}, which is newer than {ours.version} here.")

    def _named_by(self, before: PlanIndex | None) -> set[str]:
        """What the index before names stays one version longer, for readers in the middle of it."""
        if before is None:
            return set()
        named = named_files(self._opened.folder, before, with_doors=self._with_doors)
        return {file.path for file in named}

    def _verify(self) -> None:
        """
        Read the index back as a device would.

        :raises CopyFailed: if the target gives another one than it was given
        """
        text = self._again(self._target.index_text)
        try:
            there = index_of(text or "", root_public=self._root_public)
        except NoPlan as error:
            raise CopyFailed(f"{self._target.shown}: {INDEX_PATH} does not come back as it was written.") from error
        if there.version < self._opened.index.version:
            raise CopyFailed(f"{self._target.shown}: an older {INDEX_PATH} comes back; is a cache in front of it?")

    def _again(self, act: Callable[[], T]) -> T:
        """Do something that may fail, up to five times with full jitter; what can never work is tried once."""
        for number in range(_TRIES):
            try:
                return act()
            except SchooldayError as error:
                if not isinstance(error, CopyFailed) or number == _TRIES - 1:
                    raise
                longest = min(_REST_AT_MOST_SECONDS, self._rest_seconds * 2**number)
                time.sleep(random.uniform(0, longest))  # noqa: S311  # nobody gains by guessing it
        raise AssertionError("unreachable")
