"""
The worker makes the meetings at our own BigBlueButton, 15 minutes before they start, or at once when that is past.

Of every section that has it in its list, calm or crisis: when live dies with the office, the meetings are there.
"""

import itertools
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from typing import NamedTuple
from xml.etree import ElementTree

import httpx

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.live import bbb, seats
from schoolday.live.alternates import OWN_BBB
from schoolday.live.bbb import BbbServer
from schoolday.office.pathways.models import Alternate
from schoolday.office.signin.models import SectionTurn
from schoolday.office.timetable.models import Meeting

EVERY_SECONDS = 15.0
_AGAIN_SECONDS = 300.0  # a server that started anew has forgotten its meetings; asked again it changes nothing
_THREADS = 8
_TIME_OUT_SECONDS = 10.0
_ANSWER_AT_MOST_BYTES = 64 * 1024


class BbbRefused(SchooldayError):
    """BigBlueButton did not do what it was asked to; the sentence holds its own word for why."""

    code = "bbb_refused"
    status = HTTPStatus.BAD_GATEWAY
    retryable = True


class _Due(NamedTuple):
    meeting: str
    id: str
    before: str  # its id before the last turn; empty: nobody was taken out
    title: str
    starts_at: int
    ends_at: int


class KeepMeetings:
    """One round of the worker. What was made is kept in memory alone: made again it changes nothing."""

    def __init__(self, server: BbbServer, *, cell_secret: bytes, http: httpx.Client | None = None) -> None:
        self._server, self._secret = server, cell_secret
        self._http = http or httpx.Client(timeout=_TIME_OUT_SECONDS, trust_env=False)
        self._made: dict[str, float] = {}

    def __call__(self) -> object:
        """
        :raises BbbRefused: if any meeting could not be made; the others are
        """
        now = time.monotonic()
        due = self.due()
        self._made = {id: at for id, at in self._made.items() if id in {one.id for one in due}}
        wanted = [one for one in due if now - self._made.get(one.id, -_AGAIN_SECONDS) >= _AGAIN_SECONDS]
        if not wanted:
            return None
        with ThreadPoolExecutor(_THREADS, "bbb") as threads:
            errors = list(threads.map(self._make, wanted))
        self._made |= {one.id: now for one, error in zip(wanted, errors, strict=True) if not error}
        failed = [error for error in errors if error]
        if failed:
            raise BbbRefused(f"BigBlueButton made {len(wanted) - len(failed)} of {len(wanted)} meetings: {failed[0]}.")
        return {"meetings": len(wanted)}

    def due(self) -> list[_Due]:
        """Return the meetings that must be there now: of every section with it in its list. Two queries."""
        now = clock.now()
        sections = Alternate.objects.filter(url=OWN_BBB).values("section")
        ahead = now + timedelta(seconds=bbb.OPENS_BEFORE_SECONDS)
        meetings = Meeting.objects.filter(section__in=sections, starts_at__lte=ahead, ends_at__gt=now)
        turns = dict(SectionTurn.objects.filter(section__in=sections).values_list("section_id", "turn"))
        return [
            self._due(meeting, turns.get(meeting.section_id, 0))
            for meeting in meetings.select_related("section").order_by("starts_at", "id")
        ]

    def _due(self, meeting: Meeting, turn: int) -> _Due:
        starts_at = int(meeting.starts_at.timestamp())
        day = seats.live_day(starts_at)
        ids = [bbb.meeting_id(meeting.id, cell_secret=self._secret, day=day, turn=one) for one in (turn, turn - 1)]
        return _Due(
            meeting=meeting.id,
            id=ids[0],
            before=ids[1] if turn else "",
            title=meeting.section.title,
            starts_at=starts_at,
            ends_at=int(meeting.ends_at.timestamp()),
        )

    def _make(self, one: _Due) -> str:
        """Make one meeting; return what went wrong. Somebody was taken out: the meeting that she knows ends."""
        create = self._server.create(one.id, name=one.title, starts_at=one.starts_at, ends_at=one.ends_at)
        error = self._said(create)
        if not error and one.before and one.id not in self._made:
            ended = self._said(self._server.end(one.before))
            error = "" if ended == "notFound" else ended
        return error

    def _said(self, address: str) -> str:
        """Return the server's word for what went wrong; empty: done."""
        try:
            with self._http.stream("GET", address) as answer:
                body = b"".join(itertools.islice(answer.iter_bytes(_ANSWER_AT_MOST_BYTES), 1))
        except httpx.HTTPError as error:
            return type(error).__name__
        return read_answer(body)


def read_answer(body: bytes) -> str:
    """Return `messageKey` of an answer that is no SUCCESS; empty: it is one. Entities are not read."""
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", body, re.IGNORECASE):
        return "unreadable"
    try:
        root = ElementTree.fromstring(body)  # noqa: S314, without a document type there is nothing to expand
    except ElementTree.ParseError:
        return "unreadable"
    if root.tag == "response" and root.findtext("returncode") == "SUCCESS":
        return ""
    return re.sub(r"[^\w.-]", "", root.findtext("messageKey") or "")[:60] or "unreadable"
