"""Keeping the counts of the bell: a look each second, and after a start what the spools tell of this period."""

import asyncio
import sqlite3
from concurrent.futures import Executor

import msgspec

from schoolday.door.archive import Archive
from schoolday.door.cell import Cell
from schoolday.door.drain import Drain
from schoolday.door.health import pending
from schoolday.door.plan import Plan
from schoolday.lib import clock, log
from schoolday.lib.errors import SchooldayError

_LOOK_EVERY_SECONDS = 1.0
_LOOKS_BACK_MS = 6 * 3600 * 1000  # longer than a class
_PAGE_EVENTS = 1_000
_BREATH_SECONDS = 0.01
_DISK_SECONDS = 0.2


class _Arrival(msgspec.Struct):
    """Of an event of the spool, what counts here."""

    kind: str
    sub: str
    meeting: str = ""
    received_at: int = 0


_decoder = msgspec.json.Decoder(_Arrival)


async def keep(cell: Cell) -> None:
    """Keep `cell.bell` true, for ever."""
    while True:
        plan = cell.keeper.plan
        try:
            await cell.bell.look(plan)
        except Exception:
            # A door lets people in whatever it counts.
            log.get(__name__).exception("whom to expect could not be worked out")
        await asyncio.sleep(_LOOK_EVERY_SECONDS if plan is not None else _LOOK_EVERY_SECONDS / 10)


async def restore(cell: Cell, archive: Archive, reading: Executor) -> None:
    """
    Count who came before this door started, newest first; where that fails, `bell.since` says from when on we know.
    Begins with the first plan.

    3 microseconds an event off the loop's thread, 2 on it for those who count.
    """
    while (plan := cell.keeper.plan) is None:
        await asyncio.sleep(_LOOK_EVERY_SECONDS / 10)
    loop = asyncio.get_running_loop()
    started_at = clock.now_seconds()
    since_ms = clock.now_ms() - _LOOKS_BACK_MS
    try:
        open_now = await asyncio.to_thread(_open_meetings, plan)
        for spool in reversed(await loop.run_in_executor(reading, archive.spools)):
            before = await loop.run_in_executor(reading, archive.last, spool)
            while before > 0:
                after = max(0, before - _PAGE_EVENTS)
                arrivals, oldest = await loop.run_in_executor(reading, _arrivals, archive, spool, after)
                for one in arrivals:
                    if one.meeting in open_now and one.received_at >= since_ms:
                        org, starts_at = open_now[one.meeting]
                        cell.bell.restored(one.sub, org, starts_at, at=one.received_at // 1000)
                before = after if oldest >= since_ms else 0
                await asyncio.sleep(_BREATH_SECONDS)
    except Exception:
        cell.bell.since = started_at
        log.get(__name__).exception("who came before the start could not be read from the spool")


def _open_meetings(plan: Plan) -> dict[str, tuple[str, int]]:
    now = clock.now_seconds()
    return {
        meeting: (school.org, starts_at)
        for school in plan.schools
        for meeting, starts_at in school.meetings.open_meetings(now=now, opens_seconds=plan.index.join_opens_seconds)
    }


def _arrivals(archive: Archive, spool: str, after: int) -> tuple[list[_Arrival], int]:
    """Return the arrivals of a page, and when its oldest event came (ms); of a page that cannot be read, nothing."""
    try:
        page = archive.page(spool, after=after, limit=_PAGE_EVENTS)
    except (SchooldayError, sqlite3.Error) as error:
        log.get(__name__).warning("arrivals are not known from this spool", spool=spool, reason=str(error))
        return [], 0
    found = [_decoder.decode(body) for _, body in page if '"kind":"arrived"' in body]
    oldest = _decoder.decode(page[0][1]).received_at if page else 0
    return found, oldest


class Pending:
    """How many events the office has not taken yet: asked of the disk once a second, and never waited for long."""

    def __init__(self, cell: Cell, archive: Archive, drain: Drain, reading: Executor) -> None:
        self._cell, self._archive, self._drain, self._reading = cell, archive, drain, reading
        self._asked_at = self._value = 0
        self._asking: asyncio.Future[int] | None = None

    async def read(self) -> int:
        """Return the number as it was at most a second ago; while the disk does not answer, the last one known."""
        now = clock.now_seconds()
        if self._asking is None and now != self._asked_at:
            self._asked_at = now
            loop = asyncio.get_running_loop()
            self._asking = loop.run_in_executor(self._reading, pending, self._archive, self._drain)
            self._asking.add_done_callback(self._answered)
        if self._asking is not None:
            await asyncio.wait({self._asking}, timeout=_DISK_SECONDS)
        return self._value

    def _answered(self, asked: "asyncio.Future[int]") -> None:
        self._asking = None
        if asked.cancelled():
            return
        if asked.exception() is None:
            self._value = asked.result()
        else:
            log.get(__name__).warning("the spools' positions cannot be read", reason=str(asked.exception()))
