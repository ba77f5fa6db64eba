"""
Who was in class when this door was stopped or killed: read again from its own spool, in small steps beside the joins.

Without it a door that starts again in the middle of a lesson would take every class for one without its teacher.
"""

import asyncio
import sqlite3
from concurrent.futures import Executor

import msgspec

from schoolday.contracts.evidence import Evidence
from schoolday.door.archive import Archive
from schoolday.door.cell import Cell
from schoolday.door.meeting_columns import Sitting
from schoolday.lib import clock, log
from schoolday.lib.errors import SchooldayError
from schoolday.live import webhooks
from schoolday.live.webhooks import Place, Sighting

_LOOKS_BACK_MS = 6 * 3600 * 1000  # longer than a class
_PAGE_EVENTS = 1_000
_BREATH_SECONDS = 0.01
_WAIT_SECONDS = 0.2
_WORDS = ('"kind":"entered"', '"kind":"called_in"', '"kind":"left"', '"kind":"adult_called"')
_DEVICE_LETTERS = 8  # of a live identity
_decoder = msgspec.json.Decoder(Evidence)


async def restore(cell: Cell, archive: Archive, reading: Executor) -> None:
    """Take in what the spools tell, oldest first. A microsecond an event, of those of a class 10."""
    while cell.keeper.plan is None:
        await asyncio.sleep(_WAIT_SECONDS)
    loop = asyncio.get_running_loop()
    known: dict[str, Sitting | None] = {}
    cell.presence.begin_restoring()
    try:
        for spool in await loop.run_in_executor(reading, archive.spools):
            after = 0
            while page := await loop.run_in_executor(reading, _page_of, archive, spool, after):
                after = page[-1][0]
                for _, body in page:
                    if any(word in body for word in _WORDS):
                        _take(cell, _decoder.decode(body), known)
                await asyncio.sleep(_BREATH_SECONDS)
    except Exception:
        # A door lets people in whatever it remembers; hooks tell it anew who is in class.
        log.get(__name__).exception("who was in class could not be read from the spool")
    finally:
        cell.presence.end_restoring()


def _page_of(archive: Archive, spool: str, after: int) -> list[tuple[int, str]]:
    try:
        return archive.page(spool, after=after, limit=_PAGE_EVENTS)
    except (SchooldayError, sqlite3.Error) as error:
        log.get(__name__).warning("who was in class is not known from this spool", spool=spool, reason=str(error))
        return []


def _take(cell: Cell, event: Evidence, known: dict[str, Sitting | None]) -> None:
    now_ms, plan = clock.now_ms(), cell.plan
    if now_ms - event.received_at > _LOOKS_BACK_MS:
        return
    if event.meeting not in known:
        known[event.meeting] = plan.find_meeting(event.meeting)
    sitting = known[event.meeting]
    if sitting is None or sitting.ends_at * 1000 <= now_ms:
        return
    identity, now = f"{event.sub}.{event.device[:_DEVICE_LETTERS]}", event.received_at // 1000
    server, _, node = event.source.partition(":")
    if event.kind == "adult_called":
        if event.source == cell.source:
            cell.presence.call(plan, sitting, live_identity=identity, event=event.id, now=now)
    elif server == "live":  # what a device itself tells of its coming and going is no sighting
        group = webhooks.group_of(event.detail.get("group", ""))
        sighting = Sighting(
            id=event.id,
            kind="entered" if event.kind in ("entered", "called_in") else "left",
            live_identity=identity,
            meeting=event.meeting,
            created_at=event.device_at // 1000,
            reason="",
            role=event.detail.get("role", ""),
            connection="",
            place=Place(cell.live_name(sitting, group), "", 0),
            group=group,
            watching=event.detail.get("watching") == "1",
        )
        cell.presence.see(plan, sighting, node=node, now=now, restored=True)
