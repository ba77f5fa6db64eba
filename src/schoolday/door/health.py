"""How a door is: what a load balancer, the supervisor and an operator ask."""

import msgspec

from schoolday.door.archive import Archive
from schoolday.door.cell import Cell
from schoolday.door.drain import Drain
from schoolday.lib import clock


class Health(msgspec.Struct, frozen=True):
    """`GET /health`; 503 while there is no plan. Ages in seconds; `spool_pending`: not yet taken by the office."""

    door: str
    ok: bool
    plan_version: int
    plan_age_seconds: int
    plan_trouble: str
    schools: int
    students: int
    spool: str
    spool_pending: int
    spool_waiting: int
    spool_failed: int
    spool_damaged: int


def health(cell: Cell, archive: Archive, drain: Drain) -> Health:
    """Return how this door is. Reads the spools' last positions, so not for the loop's thread."""
    plan = cell.keeper.plan
    return Health(
        door=cell.door,
        ok=plan is not None,
        plan_version=plan.index.version if plan else 0,
        plan_age_seconds=clock.now_seconds() - plan.index.made_at if plan else 0,
        plan_trouble=cell.keeper.trouble,
        schools=len(plan.schools) if plan else 0,
        students=plan.people if plan else 0,
        spool=cell.spool.spool,
        spool_pending=pending(archive, drain),
        spool_waiting=cell.spool.waiting,
        spool_failed=cell.spool.failed,
        spool_damaged=archive.damaged,
    )


def pending(archive: Archive, drain: Drain) -> int:
    """Return how many events the office has not taken yet. Reads the spools' last positions."""
    return sum(archive.last(spool) - drain.taken.get(spool, 0) for spool in archive.spools())
