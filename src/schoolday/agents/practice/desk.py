"""Who practises now: one class a teacher, a few at a time."""

import asyncio
import secrets
from typing import Annotated

import msgspec

from schoolday.agents import rim
from schoolday.agents.callers import Callers
from schoolday.agents.errors import AgentsBusy, NoLiveServer
from schoolday.agents.live_places import LivePlaces
from schoolday.agents.practice.cast import Language
from schoolday.agents.practice.classroom import PracticeAnswer, PracticeClass
from schoolday.agents.practice.scenario import Kind
from schoolday.lib import clock, log

STUDENTS_AT_MOST = 29


class PracticeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """
    `POST /agents/practice` with a teacher's day session. `seed` 0: another class each time.

    Who has a practice class running gets into that one again, whatever she asks for: a reload is no new class.
    """

    students: Annotated[int, msgspec.Meta(ge=1, le=STUDENTS_AT_MOST)] = 8
    scenario: Kind = "calm"
    lang: Language = "en"
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] = 0


class Ended(msgspec.Struct, frozen=True):
    """`POST /agents/practice/end`: her own practice class ends; `ended` says whether there was one."""

    ended: bool


class Health(msgspec.Struct, frozen=True):
    ok: bool
    classes: int
    at_most: int


_decoder = msgspec.json.Decoder(PracticeRequest)


class PracticeDesk:
    """On the loop's thread only. `at_most`: classes at a time."""

    def __init__(self, *, callers: Callers, places: LivePlaces, cell_secret: bytes, at_most: int) -> None:
        self._callers, self._places, self._secret, self._at_most = callers, places, cell_secret, at_most
        self._running: dict[str, tuple[PracticeClass, asyncio.Task[None]]] = {}
        self._making: set[str] = set()

    @property
    def calls(self) -> dict[tuple[str, str], rim.Call]:
        return {
            ("POST", "/agents/practice"): self._begin,
            ("POST", "/agents/practice/end"): self._end,
            ("GET", "/agents/practice/health"): self._health,
        }

    async def close(self) -> None:
        for value, _ in self._running.values():
            value.stop()
        await asyncio.gather(*(task for _, task in self._running.values()), return_exceptions=True)

    async def _health(self, authorization: str | None, body: bytes) -> Health:
        return Health(True, len(self._running), self._at_most)

    async def _begin(self, authorization: str | None, body: bytes) -> PracticeAnswer:
        session = self._callers.teacher(authorization, now=clock.now_seconds())
        request = rim.decode(_decoder, body)
        held = self._running.get(session.sub)
        if held is None:
            # Asked twice at once, or too many: the second one asks again and finds the first one's class.
            if session.sub in self._making or len(self._running) + len(self._making) >= self._at_most:
                raise AgentsBusy(retry_after_seconds=2 if session.sub in self._making else None)
            self._making.add(session.sub)
            try:
                held = await self._open(session.sub, request)
            finally:
                self._making.discard(session.sub)
        return held[0].answer(sub=session.sub, device=session.device)

    async def _end(self, authorization: str | None, body: bytes) -> Ended:
        session = self._callers.teacher(authorization, now=clock.now_seconds())
        held = self._running.get(session.sub)
        if held:
            held[0].stop()
        return Ended(held is not None)

    async def _open(self, sub: str, request: PracticeRequest) -> "tuple[PracticeClass, asyncio.Task[None]]":
        node = await self._places.first_that_answers()
        if node is None:
            raise NoLiveServer
        value = PracticeClass(
            students=request.students,
            kind=request.scenario,
            language=request.lang,
            seed=request.seed or secrets.randbelow(2**31 - 1) + 1,
            node=node,
            url=self._places.urls[node],
            cell_secret=self._secret,
            api_key=self._places.api_key,
            api_secret=self._places.api_secret,
        )
        task = asyncio.get_running_loop().create_task(value.run())
        held = self._running[sub] = value, task
        task.add_done_callback(lambda done: self._ended(sub, done))
        return held

    def _ended(self, sub: str, task: "asyncio.Task[None]") -> None:
        self._running.pop(sub, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.get(__name__).error("a practice class failed", reason=type(error).__name__)
