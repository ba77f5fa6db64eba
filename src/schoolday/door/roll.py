"""The roll: who has come through this door, for the section's teacher and the school's duty."""

import asyncio
from concurrent.futures import Executor

from schoolday.contracts.joining import Roll, RollEntry
from schoolday.door import sessions
from schoolday.door.archive import Archive
from schoolday.door.cell import Cell
from schoolday.door.rights import section_looked_after
from schoolday.lib import clock

_KEPT_MS = 1_000
_KEPT_AT_MOST = 2_000


class Rolls:
    """Rolls of the last second, so that many looks at one class are one look into the spool."""

    def __init__(self, archive: Archive, reading: Executor) -> None:
        self._archive, self._reading = archive, reading
        self._kept: dict[str, Roll] = {}

    async def roll(self, cell: Cell, meeting: str, *, authorization: str | None) -> Roll:
        """
        Return the roll of a meeting that the asker looks after.

        :raises NotYourClass: if she is neither its teacher nor on duty in its school
        """
        now_ms = clock.now_ms()
        session = sessions.open_session(cell, authorization, now=now_ms // 1000)
        section_looked_after(cell.plan, session, meeting)
        kept = self._kept.get(meeting)
        if kept and 0 <= now_ms - kept.server_at < _KEPT_MS:
            return kept
        arrivals = await asyncio.get_running_loop().run_in_executor(self._reading, self._archive.arrivals, meeting)
        entries = tuple(
            RollEntry(sub=sub, arrived_at=at) for sub, at in sorted(arrivals.items(), key=lambda one: one[1])
        )
        if len(self._kept) >= _KEPT_AT_MOST:
            self._kept.clear()
        roll = self._kept[meeting] = Roll(meeting=meeting, door=cell.door, server_at=now_ms, entries=entries)
        return roll
