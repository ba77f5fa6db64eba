"""What the office asks a door for: its spools, and what is in them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from schoolday.door.archive import Archive, DamagedSpool
from schoolday.door.cell import Cell
from schoolday.door.errors import NotOurs
from schoolday.lib import clock, signing
from schoolday.lib.errors import BadRequest, Busy

T = TypeVar("T")
PAGE_AT_MOST_EVENTS = 5_000
_PAGE_EVENTS = 1_000
_SCHEME = "Drain "


class _Spools(msgspec.Struct, frozen=True):
    """`damaged`: how many spool files were set aside at this door; somebody should look at its disk."""

    door: str
    spools: list[str]
    damaged: int


class _Page(msgspec.Struct, frozen=True):
    """contracts.evidence.SpoolPage, its events as the JSON that lies in the spool."""

    door: str
    spool: str
    last: int
    events: list[msgspec.Raw]


class Drain:
    """Remembers how far the office has come, for /health and for deleting what it has whole."""

    def __init__(self, archive: Archive, reading: Executor) -> None:
        self._archive, self._reading = archive, reading
        self.taken: dict[str, int] = {}

    async def spools(self, cell: Cell, *, authorization: str | None) -> _Spools:
        """
        Return the ids of the spools this door has, oldest first.

        :raises NotOurs: if the asker does not hold the cell's secret
        """
        check_office(cell, authorization)
        await self._read(lambda: self._archive.delete_old(self.taken, writing=cell.spool.spool))
        spools = await self._read(self._archive.spools)
        self.taken = {spool: self.taken[spool] for spool in spools if spool in self.taken}
        return _Spools(cell.door, spools, self._archive.damaged)

    async def page(self, cell: Cell, query: dict[str, str], *, authorization: str | None) -> _Page:
        """
        Return events after a position; `after` says that all up to it are safe at the office.

        :raises NotOurs, NotFound, BadRequest: for a stranger, a spool we do not have, a bad number
        :raises Busy: if the spool is damaged; its events are in another one when the office asks again
        """
        check_office(cell, authorization)
        spool = query.get("spool") or cell.spool.spool
        after = _number(query.get("after", "0"))
        limit = min(_number(query.get("limit", str(_PAGE_EVENTS))), PAGE_AT_MOST_EVENTS)
        try:
            rows = await self._read(lambda: self._archive.page(spool, after=after, limit=limit))
        except DamagedSpool as error:
            if spool == cell.spool.spool:
                cell.spool.give_up(spool)  # it is set aside when the next batch has begun another
            else:
                await self._read(lambda: self._archive.set_aside(spool))
            raise Busy("This spool is damaged. What it still holds is in another one.") from error
        self.taken[spool] = after  # the last word counts: an office restored from a backup has less than it had
        return _Page(cell.door, spool, rows[-1][0] if rows else after, [msgspec.Raw(body.encode()) for _, body in rows])

    async def _read(self, what: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reading, what)


def check_office(cell: Cell, authorization: str | None) -> None:
    """
    :raises NotOurs: without the proof of today or yesterday, so that midnight is no gap
    """
    if authorization is not None and authorization.startswith(_SCHEME):
        now = datetime.fromtimestamp(clock.now_seconds(), UTC)
        for day in (now, now - timedelta(days=1)):
            key = signing.derive(cell.secret, "drain", day.strftime("%Y%m%d"))
            expected = signing.b64(signing.mac(key, b"GET /drain"))
            if signing.same(authorization[len(_SCHEME) :].encode(), expected.encode()):
                return
    raise NotOurs


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise BadRequest("after and limit are whole numbers.")
    return int(text)
