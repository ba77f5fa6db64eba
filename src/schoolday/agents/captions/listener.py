"""One class whose grown-ups are heard: joins it, one stream a voice, and sends the text to everybody in it."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from schoolday.agents.captions.engine import RATE_HZ, CaptionEngine, Heard
from schoolday.lib import clock, log
from schoolday.lib.ids import new_id
from schoolday.live import seats

TOPIC = "caption"
_VOICES = seats.ADULTS | {"interpreter"}
_FRAME_MS = 60
_INTERIM_EVERY_SECONDS = 0.5
_BEHIND_AT_MOST_FRAMES = 150  # 9 s: where the machine cannot follow, the oldest sound is dropped, never the class
_TEXT_AT_MOST_LETTERS = 500
GONE_SECONDS = 20.0
_VOICES_AT_MOST = 3  # a decoder has 100 MB; who speaks more than three at a time is not understood anyway


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a class is: `name`, its live name; `url` of a live server. `ends_at`: seconds."""

    meeting: str
    name: str
    node: str
    url: str
    starts_at: int
    ends_at: int


class Listener:
    """
    Runs until the class is over, every grown-up is gone for 20 s, or it is told to stop. `failed`: why, if it broke.

    `students`: students' voices too, when the class's rule says so.
    """

    def __init__(
        self, place: Place, *, engine: CaptionEngine, language: str, students: bool, api_key: str, api_secret: bytes
    ) -> None:
        self.place, self.language, self.students = place, language, students
        self.sentences = self.dropped_frames = 0
        self._engine, self._api_key, self._api_secret = engine, api_key, api_secret
        self._voices: dict[str, asyncio.Task[None]] = {}
        self._stop = asyncio.Event()
        self._pool = ThreadPoolExecutor(_VOICES_AT_MOST, "captions")
        self._room: Any = None
        self.connected = asyncio.Event()

    def stop(self) -> None:
        self._stop.set()

    async def run(self) -> None:
        from livekit import rtc

        room = self._room = rtc.Room()
        room.on("track_subscribed", lambda track, _publication, person: self._hear(track, person))
        room.on("track_unsubscribed", lambda track, *_: self._unhear(track.sid))
        room.on("track_published", self._choose)
        room.on("participant_attributes_changed", lambda _changed, person: self._choose_all(person))
        room.on("disconnected", lambda *_: self._stop.set())
        try:
            options = rtc.RoomOptions(auto_subscribe=False)
            await room.connect(self.place.url, self._token(), options)
            for person in room.remote_participants.values():
                self._choose_all(person)
            self.connected.set()
            await self._until_over(room)
        finally:
            for task in list(self._voices.values()):
                task.cancel()
            await asyncio.gather(*self._voices.values(), return_exceptions=True)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(room.disconnect(), 5)
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _token(self) -> str:
        return seats.seat_token(
            api_key=self._api_key,
            api_secret=self._api_secret,
            live_identity=f"captions.{new_id()[:8]}",
            role="captions",
            meeting=self.place.meeting,
            name=self.place.name,
            starts_at=self.place.starts_at,
            now=clock.now_seconds(),
        )

    async def _until_over(self, room: Any) -> None:
        alone_since: float | None = None
        while not self._stop.is_set() and clock.now_seconds() < self.place.ends_at:
            here = any(one.attributes.get("role") in seats.ADULTS for one in room.remote_participants.values())
            alone_since = None if here else (alone_since or time.monotonic())
            if alone_since is not None and time.monotonic() - alone_since >= GONE_SECONDS:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 1)

    def _choose_all(self, person: Any) -> None:
        for publication in person.track_publications.values():
            self._choose(publication, person)

    def _choose(self, publication: Any, person: Any) -> None:
        """Subscribe to the voices that are wanted and nothing else: no picture; no student unless the rule says so."""
        from livekit import rtc

        if publication.source == rtc.TrackSource.SOURCE_MICROPHONE and not publication.subscribed:
            role = person.attributes.get("role", "")
            if role in _VOICES or (self.students and role == "student"):
                publication.set_subscribed(True)

    def _hear(self, track: Any, person: Any) -> None:
        if len(self._voices) >= _VOICES_AT_MOST:
            return
        sub = person.attributes.get("sub") or seats.person_of(person.identity)
        self._voices[track.sid] = asyncio.get_running_loop().create_task(self._voice(track, sub))

    def _unhear(self, sid: str) -> None:
        task = self._voices.pop(sid, None)
        if task is not None:
            task.cancel()

    async def _voice(self, track: Any, sub: str) -> None:
        from livekit import rtc

        loop = asyncio.get_running_loop()
        sound: Any = rtc.AudioStream(
            track, sample_rate=RATE_HZ, num_channels=1, frame_size_ms=_FRAME_MS, capacity=_BEHIND_AT_MOST_FRAMES
        )
        stream = await loop.run_in_executor(self._pool, self._engine.start, self.language)
        said = _Sentence(sub=sub, lang=self.language)
        try:
            async for event in sound:
                pcm = bytes(event.frame.data)
                for heard in await loop.run_in_executor(self._pool, stream.feed, pcm):
                    await self._tell(said, heard)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.get(__name__).exception("a voice is not heard any more")
        finally:
            await sound.aclose()

    async def _tell(self, said: "_Sentence", heard: Heard) -> None:
        message = said.take(heard, now=time.monotonic())
        if message is None:
            return
        self.sentences += heard.final
        with contextlib.suppress(Exception):  # the line is gone for a moment: the next words come
            await self._room.local_participant.publish_data(json.dumps(message), reliable=True, topic=TOPIC)


class _Sentence:
    """What is said now: one id from its first word to its end; the words in between go out twice a second at most."""

    def __init__(self, *, sub: str, lang: str, new: Callable[[], str] = new_id) -> None:
        self._sub, self._lang, self._new = sub, lang, new
        self._id = new()
        self._told_at = 0.0

    def take(self, heard: Heard, *, now: float) -> dict[str, object] | None:
        if not heard.final and now - self._told_at < _INTERIM_EVERY_SECONDS:
            return None
        self._told_at = now
        message: dict[str, object] = {
            "id": self._id,
            "sub": self._sub,
            "text": heard.text[-_TEXT_AT_MOST_LETTERS:],
            "final": heard.final,
            "lang": self._lang,
        }
        if heard.final:
            self._id = self._new()
        return message
