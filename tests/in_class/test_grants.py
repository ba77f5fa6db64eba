"""What each role may do at a live server, tried against the server itself with the tokens that doors mint."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from livekit import api, rtc

from schoolday.lib import clock, ids
from schoolday.live import seats
from schoolday.live.seats import Role
from tests.figures import say
from tests.live_nodes.servers import KEY, SECRET, LiveServer

pytestmark = [pytest.mark.live]
ROLES: tuple[Role, ...] = ("student", "teacher", "aide", "duty", "interpreter", "observer")
_WAIT_SECONDS = 4  # a refused track is never answered: this long is taken for a no; a granted one takes 0.1 s here
MAY: dict[str, set[str]] = {
    "microphone": {"student", "teacher", "aide", "duty", "interpreter"},
    "camera": {"student", "teacher", "aide", "duty", "interpreter"},
    "screen": {"teacher", "aide", "duty"},
    "data": {"student", "teacher", "aide", "duty", "interpreter"},
    "rename": set(),
    "attributes": set(),
    "mute": {"teacher", "duty"},
    "permissions": {"teacher", "duty"},
    "list": {"teacher", "duty"},
    "remove": {"teacher", "duty"},
    "elsewhere": set(),
    "group": set(),
    "forged": set(),
}


class Place:
    """One class on one server, whose members come with a door's tokens."""

    def __init__(self, server: LiveServer) -> None:
        self.server, self.meeting = server, ids.new_id()
        self.secret = secrets.token_bytes(32)
        self.now = clock.now_seconds()

    def name(self, *, group: int = 0, meeting: str = "") -> str:
        day = seats.live_day(self.now)
        return seats.live_name(meeting or self.meeting, cell_secret=self.secret, day=day, group=group)

    def token(self, role: Role, who: str) -> str:
        return seats.seat_token(
            api_key=KEY, api_secret=SECRET.encode(), live_identity=who, role=role, meeting=self.meeting,
            name=self.name(), starts_at=self.now, now=self.now,
        )  # fmt: skip

    @asynccontextmanager
    async def come(self, role: Role, who: str) -> AsyncIterator[Any]:
        room: Any = rtc.Room()
        await room.connect(self.server.url, self.token(role, who))
        try:
            yield room
        finally:
            await room.disconnect()

    async def admin(self, role: Role, who: str, call: str, request: Any) -> bool:
        """Ask the server's RoomService with this person's own token; say whether it obeyed."""
        http = self.server.url.replace("ws", "http", 1)
        async with aiohttp.ClientSession() as session:
            answer = await session.post(
                f"{http}/twirp/livekit.RoomService/{call}",
                data=request.SerializeToString(),
                headers={"Authorization": f"Bearer {self.token(role, who)}", "Content-Type": "application/protobuf"},
            )
            assert answer.status in (200, 401, 403), await answer.text()
            return bool(answer.status == 200)


async def publishes(room: Any, seen: Any, what: str) -> bool:
    """Publish, and say whether the other one was told of the track by the server."""
    heard: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    me = room.local_participant.identity

    def on_track(_publication: Any, who: Any) -> None:
        if who.identity == me and not heard.done():
            heard.set_result(True)

    seen.on("track_published", on_track)
    if what == "microphone":
        track: Any = rtc.LocalAudioTrack.create_audio_track(what, rtc.AudioSource(48_000, 1))
        source: Any = rtc.TrackSource.SOURCE_MICROPHONE
    else:
        track = rtc.LocalVideoTrack.create_video_track(what, rtc.VideoSource(64, 48))
        source = rtc.TrackSource.SOURCE_CAMERA if what == "camera" else rtc.TrackSource.SOURCE_SCREENSHARE
    try:
        publishing = room.local_participant.publish_track(track, rtc.TrackPublishOptions(source=source))
        await asyncio.wait_for(publishing, _WAIT_SECONDS)
        return await asyncio.wait_for(heard, _WAIT_SECONDS)
    except (TimeoutError, rtc.participant.PublishTrackError):
        return False
    finally:
        seen.off("track_published", on_track)


async def arrives(happen: Callable[[], Awaitable[Any]], seen: Any, event: str) -> bool:
    """Say whether the other one hears of it."""
    heard: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def on_event(*_: Any) -> None:
        if not heard.done():
            heard.set_result(True)

    seen.on(event, on_event)
    try:
        await asyncio.wait_for(happen(), _WAIT_SECONDS)
        return await asyncio.wait_for(heard, _WAIT_SECONDS)
    except (AssertionError, AttributeError, TypeError):
        raise
    except Exception:  # the SDK raises its own kinds for a refusal; all of them mean no
        return False
    finally:
        seen.off(event, on_event)


async def enters(url: str, token: str) -> bool:
    room: Any = rtc.Room()
    try:
        await room.connect(url, token, rtc.RoomOptions(connect_timeout=_WAIT_SECONDS))
    except rtc.ConnectError:
        return False
    await room.disconnect()
    return True


async def tried(place: Place, role: Role) -> dict[str, bool]:
    me, witness, victim = (ids.new_id() + ".device" for _ in range(3))
    found: dict[str, bool] = {}
    async with (
        place.come("teacher", witness) as seen,
        place.come("student", victim) as other,
        place.come(role, me) as room,
    ):
        for what in ("microphone", "camera", "screen"):
            found[what] = await publishes(room, seen, what)
        mine = room.local_participant
        found["data"] = await arrives(lambda: mine.publish_data(b"x", reliable=True), seen, "data_received")
        found["rename"] = await arrives(lambda: mine.set_name("Teacher"), seen, "participant_name_changed")
        changed = "participant_attributes_changed"
        found["attributes"] = await arrives(lambda: mine.set_attributes({"role": "teacher"}), seen, changed)
        assert await publishes(other, seen, "microphone")
        sid = next(iter(other.local_participant.track_publications.values())).sid
        name = place.name()
        muting = api.MuteRoomTrackRequest(room=name, identity=victim, track_sid=sid, muted=True)
        found["mute"] = await place.admin(role, me, "MutePublishedTrack", muting)
        freedom = api.ParticipantPermission(can_publish=True, can_subscribe=True, can_publish_data=True)
        raising = api.UpdateParticipantRequest(room=name, identity=victim, permission=freedom)
        found["permissions"] = await place.admin(role, me, "UpdateParticipant", raising)
        listing = api.ListParticipantsRequest(room=name)
        found["list"] = await place.admin(role, me, "ListParticipants", listing)
        far = api.ListParticipantsRequest(room=place.name(meeting=ids.new_id()))
        found["elsewhere"] = await place.admin(role, me, "ListParticipants", far)
        near = api.ListParticipantsRequest(room=place.name(group=1))
        found["group"] = await place.admin(role, me, "ListParticipants", near)
        head, _, tail = place.token(role, me).split(".")
        body = place.token("teacher" if role == "student" else "student", me).split(".")[1]
        found["forged"] = await enters(place.server.url, f"{head}.{body}.{tail}")
        removing = api.RoomParticipantIdentity(room=name, identity=victim)
        found["remove"] = await place.admin(role, me, "RemoveParticipant", removing)
    return found


def test_each_role_may_what_it_may_and_nothing_else(tmp_path: Path) -> None:
    server = LiveServer("grants", tmp_path, "http://127.0.0.1:9/none")
    server.start()
    try:
        table = {role: asyncio.run(tried(Place(server), role)) for role in ROLES}
    finally:
        server.kill()
    lines = [f"{'':12}" + "".join(f"{role:>13}" for role in ROLES)]
    lines += [f"{what:12}" + "".join(f"{'yes' if table[role][what] else '-':>13}" for role in ROLES) for what in MAY]
    print("\n" + "\n".join(lines))  # noqa: T201  # the table is what this test is for
    for role in ROLES:
        assert {what for what, may in table[role].items() if may} == {what for what in MAY if role in MAY[what]}, role
    checks = len(ROLES) * len(MAY)
    say("class-grants", f"{checks} tries of {len(ROLES)} roles against LiveKit itself, each as its grant says")
