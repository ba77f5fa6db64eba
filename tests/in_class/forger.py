"""A student's seat with a client of her own making: what no screen of ours would send."""

import asyncio
import json
import threading
from types import TracebackType
from typing import Any

from livekit import rtc

from tests.device import Device


class Forger:
    """
    Joins through the door as that student, by the `livekit` SDK; its loop runs in a thread of its own.

    Use as a context. `node`: where the class is. `heard`: every data message that came, by topic, as text.
    """

    def __init__(self, device: Device, *, node: str) -> None:
        section, meeting = device.meeting_now()
        seats = device.join(section=section, meeting=meeting["id"])["ticket"]["seats"]
        self._seat = next(one for one in seats if one["node"] == node)
        self.heard: list[tuple[str, str]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Forger":
        self._thread.start()
        self._do(self._enter())
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._do(self._room.disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _enter(self) -> None:
        self._room = rtc.Room()
        self._room.on("data_received", self._take)
        await self._room.connect(self._seat["url"], self._seat["token"])

    def _take(self, packet: rtc.DataPacket) -> None:
        self.heard.append((packet.topic or "", packet.data.decode(errors="replace")))

    def others(self) -> dict[str, str]:
        """Identities of the others here, by person."""
        return {identity.partition(".")[0]: identity for identity in self._room.remote_participants}

    def send(self, topic: str, value: Any, *, to: list[str] | None = None) -> None:
        data = json.dumps(value)
        self._do(self._room.local_participant.publish_data(data, topic=topic, destination_identities=to or []))

    def _do(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(20)
