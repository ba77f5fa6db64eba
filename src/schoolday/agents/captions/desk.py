"""Which classes have captions now: a teacher's device asks, the listener comes within seconds."""

import asyncio
from typing import Literal

import msgspec

from schoolday.agents import rim
from schoolday.agents.callers import Callers
from schoolday.agents.captions.engine import CaptionEngine
from schoolday.agents.captions.listener import Listener, Place
from schoolday.agents.errors import AgentsBusy, NoLiveServer, NoSuchLanguage, NotYours, UnknownMeeting
from schoolday.agents.live_places import LivePlaces
from schoolday.agents.plans import Found, PlanReader
from schoolday.lib import clock, log
from schoolday.live import seats


class CaptionsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """
    `POST /agents/captions` with the day session of a grown-up of the class. `on` false: it leaves.

    `students`: the class's rule says that students' voices are written too.
    """

    meeting: str
    section: str
    lang: Literal["en", "es", "ht"] = "en"
    on: bool = True
    students: bool = False


class CaptionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: on, coming (within seconds; ask again to know), off. `languages`: what the engine here hears."""

    meeting: str
    state: Literal["on", "coming", "off"]
    lang: str
    engine: str
    languages: tuple[str, ...]


class Health(msgspec.Struct, frozen=True):
    ok: bool
    engine: str
    classes: int
    at_most: int


_decoder = msgspec.json.Decoder(CaptionsRequest)


class CaptionsDesk:
    """On the loop's thread only. `at_most`: classes at a time."""

    def __init__(
        self,
        *,
        callers: Callers,
        plans: PlanReader,
        places: LivePlaces,
        engine: CaptionEngine,
        cell_secret: bytes,
        at_most: int,
        opens_seconds: int,
    ) -> None:
        self._callers, self._plans, self._places, self._engine = callers, plans, places, engine
        self._secret, self._at_most, self._opens_seconds = cell_secret, at_most, opens_seconds
        self._running: dict[str, tuple[Listener, asyncio.Task[None]]] = {}
        self._asking: set[str] = set()

    @property
    def calls(self) -> dict[tuple[str, str], rim.Call]:
        return {("POST", "/agents/captions"): self._ask, ("GET", "/agents/captions/health"): self._health}

    async def close(self) -> None:
        for listener, _ in self._running.values():
            listener.stop()
        await asyncio.gather(*(task for _, task in self._running.values()), return_exceptions=True)

    async def _health(self, authorization: str | None, body: bytes) -> Health:
        return Health(True, self._engine.name, len(self._running), self._at_most)

    async def _ask(self, authorization: str | None, body: bytes) -> CaptionsAnswer:
        now = clock.now_seconds()
        session = self._callers.teacher(authorization, now=now)
        request = rim.decode(_decoder, body)
        if request.section not in session.sections:
            raise NotYours
        self._plans.refresh(now=now)
        found = self._plans.find(section=request.section, meeting=request.meeting, org=session.org)
        meeting = found.meeting if found else None
        if found is None or meeting is None or not meeting.starts_at - self._opens_seconds <= now < meeting.ends_at:
            raise UnknownMeeting
        held = self._running.get(request.meeting)
        if not request.on:
            if held:
                held[0].stop()
            return self._answer(request, "off")
        if request.lang not in self._engine.languages:
            known = ", ".join(sorted(self._engine.languages))
            raise NoSuchLanguage(f"The captions engine here ({self._engine.name}) hears {known}, not {request.lang}.")
        await self._come(found, request)
        held = self._running.get(request.meeting)
        return self._answer(request, "on" if held and held[0].connected.is_set() else "coming")

    async def _come(self, found: Found, request: CaptionsRequest) -> None:
        meeting = found.meeting
        if meeting.id in self._asking:
            return  # asked twice at once: the first one brings it
        if meeting.id not in self._running and len(self._running) + len(self._asking) >= self._at_most:
            raise AgentsBusy
        self._asking.add(meeting.id)
        try:
            day = seats.live_day(meeting.starts_at)
            name = seats.live_name(meeting.id, cell_secret=self._secret, day=day, turn=meeting.turn)
            node = await self._places.where_adults_are(name, meeting.nodes)
            if node is None:
                raise NoLiveServer("No grown-up is in this class yet. Join first, then ask again.")
            held = self._running.get(meeting.id)
            if held:
                same = (held[0].place.node, held[0].place.name) == (node, name)
                if same and (held[0].language, held[0].students) == (request.lang, request.students):
                    return
                held[0].stop()
                await asyncio.wait([held[1]], timeout=10)
            place = Place(
                meeting=meeting.id,
                name=name,
                node=node,
                url=self._places.urls[node],
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
            )
            self._start(place, request)
        finally:
            self._asking.discard(meeting.id)

    def _start(self, place: Place, request: CaptionsRequest) -> None:
        listener = Listener(
            place,
            engine=self._engine,
            language=request.lang,
            students=request.students,
            api_key=self._places.api_key,
            api_secret=self._places.api_secret,
        )
        task = asyncio.get_running_loop().create_task(listener.run())
        self._running[place.meeting] = listener, task
        task.add_done_callback(lambda done: self._ended(listener, done))

    def _ended(self, listener: Listener, task: "asyncio.Task[None]") -> None:
        held = self._running.get(listener.place.meeting)
        if held and held[0] is listener:
            del self._running[listener.place.meeting]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.get(__name__).error("captions failed", meeting=listener.place.meeting, reason=type(error).__name__)
        else:
            log.get(__name__).info("captions ended", meeting=listener.place.meeting, sentences=listener.sentences)

    def _answer(self, request: CaptionsRequest, state: Literal["on", "coming", "off"]) -> CaptionsAnswer:
        return CaptionsAnswer(
            meeting=request.meeting,
            state=state,
            lang=request.lang,
            engine=self._engine.name,
            languages=tuple(sorted(self._engine.languages)),
        )
