"""Somebody at the live server with her token and no page of ours: what LiveKit itself lets her do."""

import asyncio
import base64
import json
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

import httpx
from livekit import rtc

T = TypeVar("T")
_RATE_HZ = 48_000
_CALL_SECONDS = 40
_PUBLISH_SECONDS = 4


class AtLive:
    """One seat, taken by the livekit SDK, on a loop of its own."""

    def __init__(self, seat: dict[str, Any]) -> None:
        self.seat = seat
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.reasons: list[int] = []
        self.unpublished = 0
        self._call(self._begin())

    @property
    def identity(self) -> str:
        return str(self.seat["identity"])

    def connected(self) -> bool:
        return bool(self.room.isconnected())

    def may_publish_microphone(self) -> bool:
        """Try it for some seconds; what was published stays."""
        return self._call(self._publish())

    def subscribed(self, identity_begins: str, kind: str) -> bool:
        """Whether she receives a track of this kind ("video", "audio") of somebody."""
        number = rtc.TrackKind.KIND_VIDEO if kind == "video" else rtc.TrackKind.KIND_AUDIO
        return any(
            one.kind == number and one.track is not None
            for who in list(self.room.remote_participants.values())
            if who.identity.startswith(identity_begins)
            for one in list(who.track_publications.values())
        )

    def video_bytes(self, identity_begins: str) -> int:
        """Bytes of somebody's pictures that this seat is sent, by her tracks' own counters; 0: she has none of hers."""
        return self._call(self._video_bytes(identity_begins))

    def all_video_bytes(self) -> int:
        """Bytes of all pictures that came over this seat's line, whosever they are."""
        return self._call(self._all_video_bytes())

    def send(self, topic: str, text: str) -> None:
        self._call(self.room.local_participant.publish_data(text, topic=topic, reliable=True))

    def leave(self) -> None:
        """Leave the class; once is enough."""
        if self._loop.is_closed():
            return
        self._call(self.room.disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _begin(self) -> None:
        self.room = rtc.Room()
        self.room.on("disconnected", lambda reason: self.reasons.append(int(reason)))
        await self.room.connect(self.seat["url"], self.seat["token"])

    async def _publish(self) -> bool:
        source = rtc.AudioSource(_RATE_HZ, 1)
        track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        try:
            await asyncio.wait_for(self.room.local_participant.publish_track(track, options), _PUBLISH_SECONDS)
        except (rtc.participant.PublishTrackError, TimeoutError):
            return False
        return True

    async def _video_bytes(self, identity_begins: str) -> int:
        tracks = [
            publication.track
            for who in list(self.room.remote_participants.values())
            if who.identity.startswith(identity_begins)
            for publication in list(who.track_publications.values())
            if publication.kind == rtc.TrackKind.KIND_VIDEO and publication.track is not None
        ]
        return sum([_pictures_in(await track.get_stats()) for track in tracks])

    async def _all_video_bytes(self) -> int:
        stats = await self.room.get_rtc_stats()
        # One line for both ways, where the server can; else two.
        return _pictures_in([*stats.subscriber_stats, *stats.publisher_stats])

    def _call(self, what: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(what, self._loop)
        return future.result(_CALL_SECONDS)


class Server:
    """What the live server itself says of the class: asked with a teacher's seat."""

    def __init__(self, seat: dict[str, Any]) -> None:
        self.seat = seat
        body = str(seat["token"]).split(".")[1]
        self.room = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["video"]["room"]

    def ask(self, method: str, **body: object) -> httpx.Response:
        base = str(self.seat["url"]).replace("ws", "http", 1).rstrip("/")
        return httpx.post(
            f"{base}/twirp/livekit.RoomService/{method}",
            json={"room": self.room, **body},
            headers={"Authorization": f"Bearer {self.seat['token']}"},
            timeout=10,
        )

    def tracks(self, identity: str) -> set[str]:
        """The sources that somebody sends now."""
        found = self.ask("GetParticipant", identity=identity)
        return {one.get("source", "") for one in found.json().get("tracks", ())}

    def people(self) -> set[str]:
        """The persons in this class, as this server has them."""
        return set(self._persons())

    def devices(self, person: str) -> int:
        """From how many devices somebody is in this class."""
        return self._persons().count(person)

    def _persons(self) -> list[str]:
        found = self.ask("ListParticipants").json().get("participants", ())
        return [str(one["identity"]).split(".")[0] for one in found]


def _pictures_in(stats: Any) -> int:
    """Bytes of the video that came in, of WebRTC's statistics."""
    return sum(
        one.inbound_rtp.inbound.bytes_received
        for one in stats
        if one.HasField("inbound_rtp") and one.inbound_rtp.stream.kind == "video"
    )
