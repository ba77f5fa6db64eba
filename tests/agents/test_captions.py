"""Captions: who may ask, in which language, how many classes; and a spoken sentence arrives as text."""

import asyncio
import difflib
import json
import resource
import time
import wave
from pathlib import Path
from typing import Any

import pytest
from livekit import rtc

from schoolday.agents.captions import listener
from schoolday.agents.captions.desk import CaptionsDesk
from schoolday.agents.captions.engine import RATE_HZ, Heard, load
from schoolday.lib.errors import BadSettings
from schoolday.live import seats
from tests.agents.asked import ask, callers_of, places, reader_of, session_of, until
from tests.door.district import District
from tests.figures import say
from tests.live_nodes.servers import KEY, SECRET, LiveServer

PATH = "/agents/captions"
SPEECH = Path(__file__).with_name("speech.wav")  # by a speech synthesizer (flite, voice rms): nobody's voice
SPOKEN = "good morning children please open your book on page ten today we learn about water and the sun"
_ENDPOINT_SECONDS = 0.75  # the silence after the last word in the file


class Echo:
    """An engine that says how much it heard: of what the desk does, not of speech."""

    name = "echo"
    languages = frozenset({"en", "ht"})

    def start(self, language: str) -> "Echo":
        return self

    def feed(self, pcm: bytes) -> list[Heard]:
        return []

    def close(self) -> list[Heard]:
        return []


def desk_of(district: District, *, engine: Any = None, at_most: int = 2, **urls: str) -> CaptionsDesk:
    plans = reader_of(district)
    return CaptionsDesk(
        callers=callers_of(district),
        plans=plans,
        places=places(**urls),
        engine=engine or Echo(),
        cell_secret=district.secret,
        at_most=at_most,
        opens_seconds=600,
    )


def wish(district: District, meeting: str = "now", **changed: object) -> dict[str, object]:
    return {"meeting": district.section.meetings[meeting].id, "section": district.section.id, **changed}


def seat(district: District, role: seats.Role, who: str) -> str:
    meeting = district.section.meetings["now"]
    name = seats.live_name(meeting.id, cell_secret=district.secret, day=seats.live_day(meeting.starts_at))
    return seats.seat_token(
        api_key=KEY,
        api_secret=SECRET.encode(),
        live_identity=who,
        role=role,
        meeting=meeting.id,
        name=name,
        starts_at=meeting.starts_at,
    )


def pcm() -> bytes:
    with wave.open(str(SPEECH)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
        return bytes(file.readframes(file.getnframes()))


def right_words(heard: str) -> float:
    matching = difflib.SequenceMatcher(None, SPOKEN.split(), heard.split()).get_matching_blocks()
    return sum(block.size for block in matching) / len(SPOKEN.split())


def test_outsiders_get_none(district: District) -> None:
    async def run() -> None:
        calls = desk_of(district).calls
        assert (await ask(calls, PATH, wish(district)))[0] == 401
        for outsider in (district.student, district.other_teacher, district.operator):
            assert (await ask(calls, PATH, wish(district), session=session_of(district, outsider)))[0] == 403
        teacher = session_of(district, district.teacher)
        for meeting in ("later", "over"):
            assert (await ask(calls, PATH, wish(district, meeting), session=teacher))[0] == 404
        other = district.other_section.meetings["now"].id
        assert (await ask(calls, PATH, wish(district) | {"meeting": other}, session=teacher))[0] == 404

    asyncio.run(run())


def test_a_language_the_engine_has_not_is_said(district: District) -> None:
    async def run() -> None:
        teacher = session_of(district, district.teacher)
        status, answer = await ask(desk_of(district).calls, PATH, wish(district, lang="es"), session=teacher)
        assert (status, answer["code"]) == (409, "no_such_language")
        assert "en, ht" in answer["text"]

    asyncio.run(run())


def test_an_engine_that_is_none_stops_the_start() -> None:
    with pytest.raises(BadSettings, match="CAPTIONS_ENGINE"):
        load("no_such_engine_anywhere")
    assert load("pocketsphinx").languages == {"en"}


def test_pocketsphinx_hears_the_sample() -> None:
    engine = load("pocketsphinx")
    began = time.process_time()
    stream = engine.start("en")
    loaded = time.process_time() - began
    sound = pcm()
    began = time.process_time()
    heard = [one for at in range(0, len(sound), 1920) for one in stream.feed(sound[at : at + 1920])]
    heard += stream.close()
    factor = (time.process_time() - began) / (len(sound) / 2 / RATE_HZ)
    text = " ".join(one.text for one in heard if one.final)
    share = right_words(text)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    say(
        "class-captions",
        f"{share:.0%} of the words of a synthesized voice right; real-time factor {factor:.2f} of a core a voice; "
        f"{loaded:.1f} s to load; process {memory} MB",
    )
    assert share >= 0.7
    assert factor < 1
    assert any(not one.final for one in heard), "words come while one speaks"


def test_silence_is_no_caption_and_costs_little() -> None:
    stream = load("pocketsphinx").start("en")
    began = time.process_time()
    assert stream.feed(bytes(RATE_HZ * 2 * 20)) == []
    assert time.process_time() - began < 2


async def speak(room: Any, sound: bytes) -> float:
    """Publish the sound as a microphone, in real time; return when its last word was out."""
    source: Any = rtc.AudioSource(RATE_HZ, 1)
    track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    await room.local_participant.publish_track(track, options)
    await asyncio.sleep(4)  # the listener subscribes and loads its model
    step = RATE_HZ // 10 * 2
    for at in range(0, len(sound), step):
        chunk = sound[at : at + step]
        await source.capture_frame(rtc.AudioFrame(chunk, RATE_HZ, 1, len(chunk) // 2))
    await source.wait_for_playout()
    return time.monotonic()


@pytest.mark.live
@pytest.mark.slow
def test_a_spoken_sentence_is_read_by_the_class(
    district: District, live: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "GONE_SECONDS", 1.0)

    async def run() -> None:
        desk = desk_of(district, engine=load("pocketsphinx"), n1=live.url)
        teacher = session_of(district, district.teacher)
        early = await ask(desk.calls, PATH, wish(district), session=teacher)
        assert early[1]["code"] == "no_live_server", "nobody is in class yet"
        hers: Any = rtc.Room()
        his: Any = rtc.Room()
        captions: list[tuple[float, dict[str, Any], str]] = []

        def heard(packet: Any) -> None:
            if packet.topic == "caption":
                role = packet.participant.attributes["role"] if packet.participant else ""
                captions.append((time.monotonic(), json.loads(packet.data), role))

        his.on("data_received", heard)
        await hers.connect(live.url, seat(district, "teacher", f"{district.teacher.sub}.device01"))
        await his.connect(live.url, seat(district, "student", f"{district.student.sub}.device02"))
        assert (await ask(desk.calls, PATH, wish(district), session=teacher))[0] == 200

        def roles() -> list[str]:
            return [one.attributes.get("role", "") for one in his.remote_participants.values()]

        await until(lambda: "captions" in roles(), seconds=15, what="the listener is in class")
        spoken = await speak(hers, pcm())
        await until(lambda: sum(one["final"] for _, one, _ in captions) >= 3, seconds=30, what="three sentences")
        finals = [(at, one) for at, one, _ in captions if one["final"]]
        assert {role for *_, role in captions} == {"captions"}
        assert {one["sub"] for _, one in finals} == {district.teacher.sub}
        assert len({one["id"] for _, one in finals}) == len(finals)
        share = right_words(" ".join(one["text"] for _, one in finals))
        late = finals[-1][0] - spoken + _ENDPOINT_SECONDS
        assert share >= 0.6
        status, answer = await ask(desk.calls, PATH, wish(district), session=teacher)
        assert (status, answer["state"]) == (200, "on"), "asked again it stays as it is"
        assert roles().count("captions") == 1
        say(
            "class-captions",
            f"caption {late:.1f} s after the last word, through a live server; {share:.0%} words right",
        )
        await hers.disconnect()
        await until(lambda: "captions" not in roles(), seconds=20, what="she is gone, so it leaves")
        await his.disconnect()
        await desk.close()

    asyncio.run(run())


@pytest.mark.live
def test_students_are_not_heard_too_many_classes_are_busy_and_it_goes_when_told(
    district: District, live: LiveServer
) -> None:
    async def run() -> None:
        heard: list[bytes] = []

        class Ears(Echo):
            def start(self, language: str) -> "Ears":
                return self

            def feed(self, pcm: bytes) -> list[Heard]:
                heard.append(pcm)
                return []

        desk = desk_of(district, engine=Ears(), at_most=1, n1=live.url)
        teacher = session_of(district, district.teacher)
        hers: Any = rtc.Room()
        his: Any = rtc.Room()
        await hers.connect(live.url, seat(district, "teacher", f"{district.teacher.sub}.device01"))
        await his.connect(live.url, seat(district, "student", f"{district.student.sub}.device02"))
        assert (await ask(desk.calls, PATH, wish(district), session=teacher))[0] == 200

        def here() -> list[Any]:
            return [one for one in hers.remote_participants.values() if one.attributes["role"] == "captions"]

        await until(here, seconds=15, what="the listener is in class")
        assert not here()[0].permissions.can_publish
        await speak(his, pcm()[: RATE_HZ * 2])
        assert not heard, "a student's voice is not written"
        zoom = {"meeting": district.other_section.meetings["now"].id, "section": district.other_section.id}
        other = session_of(district, district.other_teacher)
        assert (await ask(desk.calls, PATH, zoom, session=other))[1]["code"] == "busy"
        assert (await ask(desk.calls, PATH, wish(district, students=True), session=teacher))[0] == 200
        await until(lambda: heard, seconds=20, what="by the class's rule students are written too")
        assert (await ask(desk.calls, PATH, wish(district, on=False), session=teacher))[1]["state"] == "off"
        await until(lambda: not here(), seconds=15, what="told so, it leaves")
        await hers.disconnect()
        await his.disconnect()
        await desk.close()

    asyncio.run(run())
