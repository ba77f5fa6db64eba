"""
Who may read the people's files of a plan: the office, and a door's `schoolday pull`, by the cell's secret.

What `pull` shows is good for these files alone. The office's own proof opens the spools too, and a place that the
plan is pulled from, which may be lied about in the morning, should never hold that.
"""

from datetime import UTC, datetime, timedelta

from schoolday.door.cell import Cell
from schoolday.door.drain import check_office
from schoolday.lib import clock, signing

_SCHEME = "Drain "
_SAID = b"GET /plan/doors"


def authorization(cell_secret: bytes, *, now: int) -> str:
    """Return the header of one who pulls a plan. `now`: seconds."""
    return _SCHEME + _proof(cell_secret, datetime.fromtimestamp(now, UTC))


def check_reader(cell: Cell, header: str | None) -> None:
    """
    :raises NotOurs: without the proof of today or yesterday, a puller's or the office's
    """
    now = datetime.fromtimestamp(clock.now_seconds(), UTC)
    if header is not None and header.startswith(_SCHEME):
        for day in (now, now - timedelta(days=1)):
            if signing.same(header[len(_SCHEME) :].encode(), _proof(cell.secret, day).encode()):
                return
    check_office(cell, header)


def _proof(cell_secret: bytes, day: datetime) -> str:
    key = signing.derive(cell_secret, "drain", day.strftime("%Y%m%d"))
    return signing.b64(signing.mac(key, _SAID))
