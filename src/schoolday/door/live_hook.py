"""What a live server saw becomes evidence, `entered` and `left`, and tells the door who is in class."""

from schoolday.contracts.evidence import Evidence
from schoolday.door.cell import Cell
from schoolday.lib import clock, ids
from schoolday.live import seats, webhooks
from schoolday.live.webhooks import PlaceNews, Sighting

_NODE_AT_MOST_LETTERS = 30
_ROLES = frozenset({"student", "teacher", "aide", "duty", "interpreter", "observer"})
_STAY_AT_MOST_LETTERS = 30
_LAST_MS = 4_102_444_800_000


async def take_hook(cell: Cell, body: bytes, query: dict[str, str], *, authorization: str | None) -> None:
    """
    Keep what a hook says of a person of ours; whatever else it speaks of is none of the door's business.

    `query["node"]`: which live server, as its own configuration names it.

    :raises BadHook: if no live server of ours sent it
    :raises Busy: if the disk does not take it; the live server sends it again
    """
    now_ms = clock.now_ms()
    webhooks.check_hook(body, authorization, api_key=cell.live_key, api_secret=cell.live_secret, now=now_ms // 1000)
    sighting = webhooks.read_hook(body)
    node = query.get("node", "")[:_NODE_AT_MOST_LETTERS]
    if isinstance(sighting, PlaceNews):
        cell.presence.hear(sighting, node=node, now=now_ms // 1000)
        return
    if sighting is None:
        return
    sub = seats.person_of(sighting.live_identity)
    if not ids.is_id(sub) or not ids.is_id(sighting.meeting):
        return
    # Before the disk is waited for: in the order in which hooks come, and also while the disk is full.
    cell.presence.see(cell.keeper.plan, sighting, node=node, now=now_ms // 1000)
    created_at = min(max(sighting.created_at, 0) * 1000, _LAST_MS)
    event = Evidence(
        id=sighting.id,
        kind="called_in" if sighting.by_phone and sighting.kind == "entered" else sighting.kind,
        sub=sub,
        meeting=sighting.meeting,
        # The live server is ours and keeps time: a hook that comes late still says when it happened.
        device_at=created_at,
        sent_at=now_ms if created_at else 0,
        received_at=now_ms,
        device=seats.device_of(sighting.live_identity),
        source=f"live:{node}",
        detail=_facts(sighting),
    )
    await cell.spool.keep((event,))


def _facts(sighting: Sighting) -> dict[str, str]:
    """
    Return why she left, or as what she came, and where: of that a door that starts again knows who was in class.

    `stay`: LiveKit's id of this one stay. Who goes into a group and back comes and leaves within the same second, and
    word of it comes in any order: by its stay the register tells which going ended which coming.
    """
    where = {"stay": sighting.connection[:_STAY_AT_MOST_LETTERS]} if sighting.connection else {}
    if sighting.group:
        where["group"] = str(sighting.group)
    if sighting.watching:
        where["watching"] = "1"
    if sighting.kind == "left":
        return {**where, **({"reason": sighting.reason} if sighting.reason else {})}
    return {**where, **({"role": sighting.role} if sighting.role in _ROLES else {})}
