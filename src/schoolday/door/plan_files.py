"""
The plan, served by a door: so that a device, or a door at another site, may have it wherever a door answers.

Only names of the plan are looked up, so there is no path that leads out of its folder. The index and the newest plan
of each school are those in force here, whatever lies in the folder; a file that is named by its content is what
its name says, or every reader refuses it.
"""

import asyncio
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from schoolday.contracts.plan import INDEX_PATH, ROOT_PATH, school_path
from schoolday.door.cell import Cell
from schoolday.door.errors import NotFound
from schoolday.door.plan_proof import check_reader
from schoolday.lib import ids
from schoolday.lib.errors import Busy

PREFIX = "/plan/"
_HEADERS = [
    ("content-type", "text/plain; charset=utf-8"),
    ("access-control-allow-origin", "*"),
    ("cache-control", "no-cache"),  # as the edge: ask each time, with the ETag
]
_newest = re.compile(rf"school/([{ids.ALPHABET}]{{{ids.ID_LENGTH}}})\.plan").fullmatch
_by_content = re.compile(
    rf"(school|doors/people)/[{ids.ALPHABET}]{{{ids.ID_LENGTH}}}\.(?P<digest>[0-9a-f]{{16}})\.plan"
).fullmatch
_LOOKING_AT_MOST = 64  # the disk is slow then, and another plan host is the kinder answer

PlanAnswer = tuple[int, list[tuple[str, str]], bytes | Path]


class PlanFiles:
    """Answers `GET /plan/<path>`. Looks at the disk in a thread of its own; granian sends the file from there."""

    def __init__(self, *, root_public: str) -> None:
        self._root_public = root_public.encode()
        self._looking = ThreadPoolExecutor(1, "plan-files")
        self._waiting = 0

    def close(self) -> None:
        self._looking.shutdown(wait=False, cancel_futures=True)

    async def answer(
        self, cell: Cell, path: str, *, authorization: str | None, if_none_match: str | None
    ) -> PlanAnswer:
        """
        Return status, headers and body of one file; a few microseconds for the index, a look at the disk for others.

        :raises NotFound: if no plan file has this name, or there is none
        :raises NotOurs: below doors/ without the cell's secret
        :raises NoPlan, Busy: while there is no plan, or the disk does not answer
        """
        if path.startswith("doors/"):
            check_reader(cell, authorization)
        if path == ROOT_PATH:
            return _answer(self._root_public, tag="root", if_none_match=if_none_match, size=len(self._root_public))
        plan = cell.plan
        if path == INDEX_PATH:
            return _answer(
                plan.index_text, tag=plan.index_sha256[:32], if_none_match=if_none_match, size=len(plan.index_text)
            )
        newest, by_content = _newest(path), _by_content(path)
        if newest and newest[1] in plan.school_numbers:
            digest = plan.schools[plan.school_numbers[newest[1]]].plan_sha256[:16]
            name = school_path(newest[1], digest)
        elif by_content:
            digest, name = by_content["digest"], path
        else:
            raise NotFound
        file = cell.keeper.folder / name
        return _answer(file, tag=digest, if_none_match=if_none_match, size=await self._size(file))

    async def _size(self, file: Path) -> int:
        if self._waiting >= _LOOKING_AT_MOST:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._looking, _size_of, file)
        finally:
            self._waiting -= 1


def _answer(body: bytes | Path, *, tag: str, if_none_match: str | None, size: int) -> PlanAnswer:
    etag = f'"{tag}"'
    headers = [*_HEADERS, ("etag", etag)]
    if if_none_match is not None and etag in (one.strip().removeprefix("W/") for one in if_none_match.split(",")):
        return 304, headers, b""
    return 200, [*headers, ("content-length", str(size))], body


def _size_of(file: Path) -> int:
    try:
        with file.open("rb") as opened:  # not only its name: a file that cannot be read is none
            return os.fstat(opened.fileno()).st_size
    except OSError as error:
        raise NotFound from error
