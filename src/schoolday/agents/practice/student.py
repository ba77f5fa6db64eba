"""One synthetic student: in class with a picture and a soft sound, and obeys as real students' devices do."""

import asyncio
import contextlib
import json
import random
from collections.abc import Callable
from typing import Any

from schoolday.agents.practice import avatar, polls
from schoolday.agents.practice.cast import CHAT, WORDS, Language, PracticeStudent
from schoolday.agents.practice.scenario import Event
from schoolday.agents.practice.steering import STEER_TOPIC, Rules
from schoolday.lib import clock
from schoolday.lib.ids import new_id
from schoolday.live.seats import ADULTS

HAND_TOPIC, CHAT_TOPIC, NARRATOR_TOPIC = "hand", "chat", "practice"
_SPEAK_CHUNKS = 30  # three seconds
_SECONDS_TO_CONNECT = 15


class Student:
    """`token` makes the seat's token anew for each coming; `number`: her place in the cast, by which she looks."""

    def __init__(
        self,
        who: PracticeStudent,
        *,
        number: int,
        url: str,
        token: Callable[[], str],
        language: Language,
    ) -> None:
        self.who, self.number = who, number
        self._url, self._token, self._language = url, token, language
        self.rules = Rules()
        self._room: Any = None
        self._tasks: list[asyncio.Task[None]] = []
        self._microphone: Any = None
        self._camera: Any = None
        self._wants_camera = True
        self._speaks_chunks = 0
        self._muted_by_teacher = False
        self.hand_up = False
        self._chance = random.Random(who.id)  # noqa: S311, it chooses no secret
        self._answered = ""

    @property
    def here(self) -> bool:
        return self._room is not None and self._room.isconnected()

    def sees(self, *, role: str) -> bool:
        """Say whether somebody of this role is in the class with her."""
        if not self.here:
            return False
        return any(one.attributes.get("role") == role for one in self._room.remote_participants.values())

    async def do(self, event: Event) -> bool:
        """Do it, as far as the class's rules let her. Return whether she did."""
        if event.does in ("come", "back"):
            return await self.come()
        if not self.here:
            return False
        if event.does == "lost":
            await self.go()
        elif event.does in ("hand", "help"):
            await self._hand(up=True)
            if event.does == "help":
                await self._write(event.words)
        elif event.does == "hand_down":
            await self._hand(up=False)
        elif event.does == "chat":
            return await self._write(event.words)
        elif event.does in ("camera_off", "camera_on"):
            self._wants_camera = event.does == "camera_on"
            self._obey()
        elif event.does == "speak":
            if not self.rules.may_speak or self._muted_by_teacher:
                return False
            self._speaks_chunks = _SPEAK_CHUNKS
        return True

    async def come(self) -> bool:
        from livekit import rtc

        if self.here:
            return False
        room = rtc.Room()
        room.on("data_received", self._heard)
        room.on("track_muted", self._muted)
        # She is sent nobody: what a class sends to thirty programs would be the machine's whole work.
        options = rtc.RoomOptions(auto_subscribe=False)
        await asyncio.wait_for(room.connect(self._url, self._token(), options), _SECONDS_TO_CONNECT)
        self._room = room
        await self._publish(room)
        return True

    async def go(self) -> None:
        """Leave without a word, as a line that breaks."""
        room, self._room = self._room, None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._microphone = self._camera = None
        self._muted_by_teacher = self.hand_up = False
        if room is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(room.disconnect(), 5)

    def _grown_ups(self) -> list[str]:
        people = self._room.remote_participants.values() if self.here else ()
        return [one.identity for one in people if one.attributes.get("role") in ADULTS]

    async def tell(self, topic: str, value: object, *, to: list[str] | None = None) -> bool:
        """Send to everybody in the class, or to these identities only; False without a line."""
        if not self.here or to == []:
            return False
        try:
            await self._room.local_participant.publish_data(
                json.dumps(value), reliable=True, topic=topic, destination_identities=to or []
            )
        except Exception:
            return False
        return True

    async def _publish(self, room: Any) -> None:
        from livekit import rtc

        pictures = rtc.VideoSource(avatar.WIDTH, avatar.HEIGHT)
        camera = rtc.LocalVideoTrack.create_video_track("camera", pictures)
        encoding = rtc.VideoEncoding(max_framerate=avatar.FRAMES_PER_SECOND, max_bitrate=60_000)
        await room.local_participant.publish_track(
            camera,
            rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False, video_encoding=encoding),
        )
        sound = rtc.AudioSource(avatar.RATE_HZ, 1)
        microphone = rtc.LocalAudioTrack.create_audio_track("microphone", sound)
        await room.local_participant.publish_track(
            microphone, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        )
        microphone.mute()
        self._camera, self._microphone = camera, microphone
        self._obey()
        self._tasks = [asyncio.create_task(self._show(pictures)), asyncio.create_task(self._sound(sound))]

    async def _show(self, pictures: Any) -> None:
        from livekit import rtc

        tick = 0
        while True:
            if self._camera is not None and not self._camera.muted:
                data = avatar.frame(self.number, tick).tobytes()
                pictures.capture_frame(rtc.VideoFrame(avatar.WIDTH, avatar.HEIGHT, rtc.VideoBufferType.RGBA, data))
            tick += 1
            await asyncio.sleep(1 / avatar.FRAMES_PER_SECOND)

    async def _sound(self, sound: Any) -> None:
        from livekit import rtc

        chunk = 0
        samples = avatar.RATE_HZ * avatar.CHUNK_MS // 1000
        while True:
            if self._speaks_chunks == 0:
                if self._microphone is not None and not self._microphone.muted:
                    self._microphone.mute()
                await asyncio.sleep(avatar.CHUNK_MS / 1000)
                continue
            if self._microphone is not None and self._microphone.muted:
                self._microphone.unmute()
            self._speaks_chunks -= 1
            chunk += 1
            data = avatar.tone(self.number, chunk)
            await sound.capture_frame(rtc.AudioFrame(data, avatar.RATE_HZ, 1, samples))

    def _obey(self) -> None:
        """What the rules of the class forbid ends now; what they allow again goes on as she wants it."""
        if not self.rules.may_speak:
            self._speaks_chunks = 0
            if self._microphone is not None and not self._microphone.muted:
                self._microphone.mute()
        if self._camera is None:
            return
        wanted = self._wants_camera and self.rules.may_show
        if wanted and self._camera.muted:
            self._camera.unmute()
        elif not wanted and not self._camera.muted:
            self._camera.mute()

    def _muted(self, person: Any, publication: Any) -> None:
        """Somebody muted her: she stays so until her next coming, or until the class is frozen and let go."""
        from livekit import rtc

        mine = self._room is not None and person.identity == self._room.local_participant.identity
        if mine and publication.source == rtc.TrackSource.SOURCE_MICROPHONE and self._speaks_chunks:
            self._speaks_chunks = 0
            self._muted_by_teacher = True

    def _heard(self, packet: Any) -> None:
        if packet.participant is None or packet.topic != STEER_TOPIC:
            return
        try:
            value = json.loads(packet.data)
        except (ValueError, UnicodeDecodeError):
            return
        if self.rules.hear(value, role=packet.participant.attributes.get("role", "")):
            self._muted_by_teacher = self._muted_by_teacher and self.rules.frozen
            self._obey()
            self._think()

    def _think(self) -> None:
        """Answer a question that is new to her, once, after a while."""
        asked = polls.open_poll(self.rules.poll)
        if asked and asked != self._answered:
            self._answered = asked
            self._tasks.append(asyncio.create_task(self._answer(asked)))

    async def _answer(self, asked: str) -> None:
        await asyncio.sleep(self._chance.uniform(*polls.THINKS_SECONDS))
        if not self.here or polls.open_poll(self.rules.poll) != asked:
            return
        given = polls.answer(self.rules.poll, word=self._chance.choice(WORDS)[self._language], chance=self._chance)
        if given:
            # To grown-ups only, as children's devices tell it.
            await self.tell(polls.ANSWER_TOPIC, {"poll": asked, "answer": given, "n": 1}, to=self._grown_ups())

    async def _hand(self, *, up: bool) -> None:
        self.hand_up = up
        await self.tell(HAND_TOPIC, {"up": up, "at": clock.now_ms()})

    async def _write(self, words: str) -> bool:
        if not self.rules.may_write:
            return False
        return await self.tell(CHAT_TOPIC, {"text": CHAT[words][self._language], "id": new_id()})
