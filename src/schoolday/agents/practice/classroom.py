"""One practice class: its students live through their script until the teacher goes, or its time is over."""

import asyncio
import contextlib
import time
from typing import Any

import msgspec

from schoolday.agents.practice.cast import Language, cast
from schoolday.agents.practice.scenario import LASTS_SECONDS, Event, Kind, script
from schoolday.agents.practice.student import NARRATOR_TOPIC, Student
from schoolday.contracts.bundle import Member
from schoolday.lib import clock, ids, log
from schoolday.live import seats

MEETING_PREFIX = "practice-"  # no id of the plan has a hyphen: door, register and devices know it by that
GONE_SECONDS = 60.0  # a reload of her page takes less
NEVER_CAME_SECONDS = 120.0
_GROWN_UP = "teacher"


class PracticeSeat(msgspec.Struct, frozen=True, kw_only=True):
    """As contracts.joining.Seat: where to connect."""

    node: str
    url: str
    token: str
    identity: str


class PracticeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /agents/practice`: the seat, who is in class (all invented but the teacher), seconds."""

    meeting: str
    seats: tuple[PracticeSeat, ...]
    members: tuple[Member, ...]
    starts_at: int
    ends_at: int


class PracticeClass:
    """`node`, `url`: the live server. Everything on the loop's thread."""

    def __init__(
        self,
        *,
        students: int,
        kind: Kind,
        language: Language,
        seed: int,
        node: str,
        url: str,
        cell_secret: bytes,
        api_key: str,
        api_secret: bytes,
        seconds: int = LASTS_SECONDS,
    ) -> None:
        self.meeting = MEETING_PREFIX + ids.new_id()
        self.starts_at = clock.now_seconds()
        self.ends_at = self.starts_at + seconds
        self._node, self._url, self._api_key, self._api_secret = node, url, api_key, api_secret
        day = seats.live_day(self.starts_at)
        self.name = seats.live_name(self.meeting, cell_secret=cell_secret, day=day)
        self._cast = cast(students, seed=seed, same_first_name=kind == "first_day")
        self._script = script(kind, students=students, seed=seed, seconds=seconds)
        self.students = [
            Student(who, number=number, url=url, token=self._token_of(who.id), language=language)
            for number, who in enumerate(self._cast)
        ]
        self._stop = asyncio.Event()
        self._doing: set[asyncio.Task[None]] = set()
        self.done = 0

    def answer(self, *, sub: str, device: str) -> PracticeAnswer:
        """Return the teacher's seat; a new key at each call. Her name is her device's to know: none crosses here."""
        identity = seats.identity(sub, device)
        members = (
            Member(id=sub, name="", role="teacher"),
            *(Member(id=one.id, name=one.name, role="student") for one in self._cast),
        )
        return PracticeAnswer(
            meeting=self.meeting,
            seats=(
                PracticeSeat(
                    node=self._node, url=self._url, token=self._token(identity, role="teacher"), identity=identity
                ),
            ),
            members=members,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )

    def stop(self) -> None:
        self._stop.set()

    async def run(self) -> None:
        began = time.monotonic()
        telling = asyncio.create_task(self._live_through(began))
        try:
            await self._until_over(began)
        finally:
            telling.cancel()
            for task in self._doing:
                task.cancel()
            await asyncio.gather(telling, *self._doing, return_exceptions=True)
            await asyncio.gather(*(student.go() for student in self.students), return_exceptions=True)
            log.get(__name__).info("practice ended", meeting=self.meeting, things_done=self.done)

    async def _live_through(self, began: float) -> None:
        """Each thing in its time. One who hangs holds up nobody else."""
        for event in self._script:
            await asyncio.sleep(max(0.0, began + event.at - time.monotonic()))
            task = asyncio.create_task(self._one(event))
            self._doing.add(task)
            task.add_done_callback(self._doing.discard)

    async def _one(self, event: Event) -> None:
        student = self.students[event.who]
        try:
            done = await student.do(event)
        except Exception as error:
            log.get(__name__).warning("a practice student failed", does=event.does, reason=type(error).__name__)
            with contextlib.suppress(Exception):
                await student.go()
            return
        if done:
            self.done += 1
            await self._narrate(student, event)

    async def _narrate(self, student: Student, event: Event) -> None:
        """Tell the teacher's side note what happened; by the voice of any student who has a line."""
        teller = next((one for one in (student, *self.students) if one.here), None)
        if teller is not None:
            await teller.tell(NARRATOR_TOPIC, {"sub": student.who.id, "does": event.does})

    async def _until_over(self, began: float) -> None:
        seen_at: float | None = None
        while not self._stop.is_set() and clock.now_seconds() < self.ends_at:
            now = time.monotonic()
            if self._teacher_is_here():
                seen_at = now
            if now - (seen_at or began) >= (GONE_SECONDS if seen_at else NEVER_CAME_SECONDS):
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 1)

    def _teacher_is_here(self) -> bool:
        return any(one.sees(role=_GROWN_UP) for one in self.students)

    def _token_of(self, sub: str) -> Any:
        return lambda: self._token(seats.identity(sub, "practice"), role="student")

    def _token(self, live_identity: str, *, role: seats.Role) -> str:
        return seats.seat_token(
            api_key=self._api_key,
            api_secret=self._api_secret,
            live_identity=live_identity,
            role=role,
            meeting=self.meeting,
            name=self.name,
            starts_at=self.starts_at,
            now=clock.now_seconds(),
        )
