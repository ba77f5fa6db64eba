"""See and steer the class: freeze at LiveKit itself, hands, reactions, pictures for the teacher only, the lock."""

import re
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import figures
from tests.in_class.at_live import AtLive, Server
from tests.in_class.people import InClass, come, plain
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
_SOON_MS = 20_000


# Sounds that this page plays from now on: how many, and how loud the loudest was (0 to 1), read off the very node that
# leads to the loudspeaker.
_LISTEN = """() => {
  window.sounded = { notes: 0, level: 0 };
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) {
      const analyser = this.context.createAnalyser();
      connect.call(this, analyser);
      const samples = new Float32Array(analyser.fftSize);
      const look = () => {
        analyser.getFloatTimeDomainData(samples);
        window.sounded.level = Math.max(window.sounded.level, ...samples.map(Math.abs));
      };
      setInterval(look, 20);
      window.sounded.notes += 1;
    }
    return connect.call(this, to, ...more);
  };
  const shown = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
  const own = { preferCurrentTab: true, selfBrowserSurface: 'include' };
  navigator.mediaDevices.getDisplayMedia = (how) => shown({ ...how, ...own });
}"""


def seat_of(day: SchoolDay, who: str, node: str) -> dict[str, Any]:
    device = plain(day, who)
    with closing(device.http):
        section, meeting = device.meeting_now()
        seats = device.join(section=section, meeting=meeting["id"])["ticket"]["seats"]
    return next(seat for seat in seats if seat["node"] == node)


def in_menu(page: Page, testid: str) -> None:
    page.get_by_test_id("more").click()
    page.get_by_test_id(testid).click()


def choose(page: Page, testid: str, value: str) -> None:
    page.get_by_test_id("more").click()
    page.get_by_test_id(testid).select_option(value)
    page.keyboard.press("Escape")


def tile(seen_by: InClass, who: InClass) -> Any:
    return seen_by.page.get_by_test_id(f"tile-{who.id}")


def test_the_teacher_steers_the_class(day: SchoolDay, browser: Browser) -> None:
    teacher, student, twin = come(browser, day, "teacher"), come(browser, day, "student"), come(browser, day, "twin")
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node") or ""
    seats: list[AtLive] = []

    def takes_seat() -> AtLive:
        seats.append(AtLive(seat_of(day, "other_twin", node)))
        return seats[-1]

    other = takes_seat()
    server = Server(seat_of(day, "teacher", node))
    try:
        _two_of_one_name(teacher, student, twin, other)
        level = _hands(teacher, student, twin)
        _reactions(teacher, student)
        _freeze(teacher, student, other, server)
        _closed_microphones(teacher, student, other, server)
        other = _camera_to_teacher(teacher, student, twin, other, takes_seat)
        _lock(teacher, student, other, takes_seat, server)
        for who in (teacher, student, twin):
            assert not who.device.errors
        figures.say(
            "class-steer",
            "2 hands in the order of raising while the teacher shows her screen, 2 soft notes at a level of"
            f" {level:.2f}; 1 reaction floated and was counted; LiveKit took 1 closed microphone off and refused it;"
            " 1 newcomer waited at the lock with no picture and came in by one tap;"
            " two of one name told apart in 4 places",
        )
    finally:
        # Or a second try meets them in their class, locked or frozen.
        for one in seats:
            one.leave()
        for who in (teacher, student, twin):
            who.device.context.close()


def _two_of_one_name(teacher: InClass, student: InClass, twin: InClass, other: AtLive) -> None:
    """On the faces, in the class list, in the chat; the queue of hands follows in `_hands`."""
    twins = (twin.id, other.identity.split(".")[0])
    # Who came to the class's other live server moves to the teacher's: within half a minute, later on a busy machine.
    for seen_by in (teacher, student):
        expect(seen_by.page.locator('[data-testid="name"]')).to_have_count(4, timeout=90_000)
    names = [_name_on_tile(teacher, one) for one in twins]
    assert names[0] != names[1]
    assert _told_apart_no_more(names[0]) == _told_apart_no_more(names[1]) != ""
    for one, name in zip(twins, names, strict=True):
        expect(teacher.page.get_by_test_id(f"roll-row-{one}")).to_contain_text(name)
        assert _name_on_tile(student, one) == name
    twin.page.get_by_test_id("chat").click()
    # Words of this try alone: the class remembers what was said in it.
    words = f"Which one of us? {time.monotonic_ns()}"
    twin.page.get_by_test_id("chat-input").fill(words)
    twin.page.get_by_test_id("chat-send").click()
    teacher.page.get_by_test_id("chat").click()
    said = teacher.page.get_by_test_id("chat-message").filter(has_text=words)
    expect(said.locator("strong")).to_have_text(names[0], timeout=_SOON_MS)
    for who in (twin, teacher):
        who.page.get_by_test_id("chat").click()


def _name_on_tile(seen_by: InClass, who: str) -> str:
    name = seen_by.page.get_by_test_id(f"tile-{who}").get_by_test_id("name")
    expect(name).to_be_visible(timeout=_SOON_MS)
    return name.text_content() or ""


def _told_apart_no_more(name: str) -> str:
    return re.sub(r" (\d+|\w\.)$", "", name)


def _hands(teacher: InClass, student: InClass, twin: InClass) -> float:
    """Return how loud the note of a raised hand was, 0 to 1."""
    assert teacher.page.get_by_test_id("hand").count() == 0  # a grown-up has one button of that name: the queue
    plain_title = teacher.page.title()
    teacher.page.evaluate(_LISTEN)
    in_menu(teacher.page, "share-screen")
    expect(teacher.page.get_by_test_id("sharing")).to_be_visible(timeout=_SOON_MS)
    expect(student.page.get_by_test_id(f"screen-{teacher.id}")).to_be_visible(timeout=_SOON_MS)
    for count, who in enumerate((twin, student), 1):
        who.page.get_by_test_id("hand").click()
        expect(tile(teacher, who)).to_have_attribute("data-hand", "true", timeout=_SOON_MS)
        expect(teacher.page).to_have_title(re.compile(rf"^\((Hands|Manos|Men): {count}\) {re.escape(plain_title)}$"))
        assert teacher.page.evaluate("window.sounded.notes") == count
    wait_until(lambda: teacher.page.evaluate("window.sounded.level") > 0.01, seconds=5, what="a note that is heard")
    level = float(teacher.page.evaluate("window.sounded.level"))
    teacher.page.get_by_test_id("share-end").click()
    teacher.page.get_by_test_id("hands").click()
    expect(teacher.page.get_by_test_id(f"queue-{twin.id}")).to_contain_text(_name_on_tile(teacher, twin.id))
    queue = teacher.page.get_by_test_id("hand-panel").locator("li")
    expect(queue).to_have_count(2)
    assert [one.get_attribute("data-testid") for one in queue.all()] == [f"queue-{one.id}" for one in (twin, student)]
    if student.page.get_by_test_id("microphone").get_attribute("aria-pressed") == "true":
        student.page.get_by_test_id("microphone").click()
    teacher.page.get_by_test_id(f"call-on-{student.id}").click()
    expect(student.page.get_by_test_id("called")).to_be_visible(timeout=_SOON_MS)
    # Asked, not opened: the tap is hers.
    expect(student.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "false")
    expect(student.page.get_by_test_id("hand")).to_have_attribute("aria-pressed", "false")
    student.page.get_by_test_id("speak-now").click()
    expect(student.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "true", timeout=_SOON_MS)
    teacher.page.get_by_test_id(f"lower-{twin.id}").click()
    expect(twin.page.get_by_test_id("hand")).to_have_attribute("aria-pressed", "false", timeout=_SOON_MS)
    expect(teacher.page.get_by_test_id("no-hands")).to_be_visible()
    expect(teacher.page).to_have_title(plain_title)
    assert teacher.page.evaluate("window.sounded.notes") == 2  # a hand that goes down makes no sound
    assert student.page.get_by_test_id("bar").locator("button").count() == 5
    return level


def _reactions(teacher: InClass, student: InClass) -> None:
    in_menu(student.page, "react-clap")
    floating = tile(teacher, student).get_by_test_id("reaction")
    expect(floating).to_have_attribute("data-kind", "clap", timeout=_SOON_MS)
    expect(teacher.page.get_by_test_id("reaction-totals")).to_contain_text("1")
    expect(floating).to_have_count(0, timeout=_SOON_MS)
    in_menu(teacher.page, "reactions-switch")
    student.page.get_by_test_id("more").click()
    expect(student.page.get_by_test_id("more-dialog")).to_be_visible()
    expect(student.page.get_by_test_id("reactions")).to_have_count(0, timeout=_SOON_MS)
    student.page.keyboard.press("Escape")


def _freeze(teacher: InClass, student: InClass, other: AtLive, server: Server) -> None:
    assert other.may_publish_microphone()
    wait_until(lambda: server.tracks(other.identity) == {"MICROPHONE"}, seconds=20, what="her microphone at the server")
    wait_until(lambda: teacher.device.frames_from(student.id) > 0, seconds=20, what="the student's picture")
    began = time.monotonic()
    teacher.page.get_by_test_id("freeze").click()
    # The live server took her microphone off the air, though no page of ours runs there; and gives her none again.
    wait_until(
        lambda: server.tracks(other.identity) == set(), seconds=20, what="a microphone taken off by the live server"
    )
    took = time.monotonic() - began
    assert not other.may_publish_microphone()
    assert server.tracks(other.identity) == set()
    expect(student.page.get_by_test_id("frozen")).to_be_visible()
    for button in ("microphone", "camera"):
        expect(student.page.get_by_test_id(button)).to_be_disabled()
    expect(tile(teacher, student)).to_have_attribute("data-camera", "false", timeout=_SOON_MS)
    expect(tile(teacher, student)).to_have_attribute("data-microphone", "false")
    other.send("chat", '{"text": "heard?", "id": "x1"}')
    teacher.page.get_by_test_id("freeze").click()
    for button in ("microphone", "camera"):
        expect(student.page.get_by_test_id(button)).to_have_attribute("aria-pressed", "true", timeout=_SOON_MS)
    expect(tile(teacher, student)).to_have_attribute("data-microphone", "true", timeout=_SOON_MS)
    wait_until(lambda: teacher.device.frames_from(student.id) > 10, seconds=20, what="her picture as before")
    wait_until(other.may_publish_microphone, seconds=20, what="a microphone after the freeze")
    student.page.get_by_test_id("chat").click()
    assert "heard?" not in (student.page.get_by_test_id("chat-panel").text_content() or "")
    student.page.get_by_test_id("chat").click()
    figures.say(
        "class-freeze", f"LiveKit took a student's open microphone off {took:.1f} s after one tap, and refused it"
    )


def _closed_microphones(teacher: InClass, student: InClass, other: AtLive, server: Server) -> None:
    in_menu(teacher.page, "close-microphones")
    expect(student.page.get_by_test_id("microphone")).to_be_disabled(timeout=_SOON_MS)
    wait_until(lambda: server.tracks(other.identity) == set(), seconds=20, what="a closed microphone")
    assert not other.may_publish_microphone()
    expect(student.page.get_by_test_id("camera")).to_be_enabled()
    teacher.page.get_by_test_id(f"steer-{student.id}").click()
    teacher.page.get_by_test_id("let-speak").click()
    expect(student.page.get_by_test_id("microphone")).to_be_enabled(timeout=_SOON_MS)
    in_menu(teacher.page, "close-microphones")


def _camera_to_teacher(
    teacher: InClass, student: InClass, twin: InClass, other: AtLive, takes_seat: Callable[[], AtLive]
) -> AtLive:
    wait_until(lambda: other.subscribed(student.id, "video"), seconds=30, what="her picture in the class")
    wait_until(lambda: twin.device.frames_from(student.id) > 0, seconds=30, what="her picture at the twin's")
    wait_until(lambda: other.video_bytes(student.id) > 1_000, seconds=30, what="bytes of her picture are counted")
    choose(teacher.page, "cameras-rule", "teacher")
    expect(tile(twin, student).get_by_test_id("to-teacher")).to_be_visible(timeout=_SOON_MS)
    expect(tile(twin, student).locator("video")).to_have_count(0)
    for one in (student, twin):
        wait_until(lambda one=one: _rests(other, one), seconds=30, what="no picture of theirs for a classmate")
    assert other.subscribed(student.id, "audio")
    other.leave()
    # A classmate who comes now: all that she is ever sent, track by track, by the counters of her own line.
    fresh = takes_seat()
    wait_until(lambda: fresh.video_bytes(teacher.id) > 10_000, seconds=30, what="the teacher's picture for a classmate")
    frames = teacher.device.frames_from(student.id)
    wait_until(lambda: teacher.device.frames_from(student.id) > frames + 20, seconds=20, what="the teacher sees her")
    more = teacher.device.frames_from(student.id) - frames
    assert fresh.video_bytes(student.id) == 0
    # Read in this order: what comes of the teacher's in between is not taken for another's.
    everything = fresh.all_video_bytes()
    teachers = fresh.video_bytes(teacher.id)
    leaked = max(0, everything - teachers)
    assert leaked == 0
    choose(teacher.page, "cameras-rule", "class")
    # The same counter does count hers, when she is shown.
    wait_until(lambda: fresh.video_bytes(student.id) > 1_000, seconds=30, what="her picture in the class again")
    figures.say(
        "class-camera-to-teacher",
        f"{more} frames of a child's camera to her teacher, {leaked} bytes of it to a classmate"
        f" (who was sent {teachers:,} of the teacher's meanwhile)",
    )
    return fresh


def _rests(seen_by: AtLive, who: InClass) -> bool:
    """Not one byte of her pictures comes for two seconds."""
    before = seen_by.video_bytes(who.id)
    time.sleep(2)
    return seen_by.video_bytes(who.id) <= before


def _nothing_comes(seen_by: AtLive) -> bool:
    """Not one byte of anybody's pictures comes for two seconds."""
    before = seen_by.all_video_bytes()
    time.sleep(2)
    return seen_by.all_video_bytes() <= before


def _lock(teacher: InClass, student: InClass, other: AtLive, takes_seat: Callable[[], AtLive], server: Server) -> None:
    """Who was in may return; a newcomer waits, gets nothing, and comes in by one tap."""
    newcomer = other.identity.split(".")[0]
    other.leave()
    wait_until(lambda: newcomer not in server.people(), seconds=20, what="she left")
    teacher.page.reload()  # so that nobody remembers that she was here
    expect(teacher.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    expect(tile(teacher, student)).to_be_visible(timeout=_SOON_MS)
    in_menu(teacher.page, "lock")
    student.page.reload()
    expect(tile(student, teacher)).to_be_visible(timeout=30_000)
    late = takes_seat()
    expect(teacher.page.get_by_test_id(f"waiting-{newcomer}")).to_be_visible(timeout=_SOON_MS)
    wait_until(lambda: _nothing_comes(late), seconds=30, what="nothing for who waits")
    assert not late.may_publish_microphone()
    expect(student.page.get_by_test_id(f"tile-{newcomer}")).to_have_count(0)
    expect(teacher.page.get_by_test_id(f"roll-row-{newcomer}")).to_have_attribute("data-where", "waiting")
    expect(teacher.page.locator('[data-glance="waiting"]')).to_contain_text("1")
    expect(teacher.page.locator('[data-glance="class"]')).to_contain_text("2")
    teacher.page.get_by_test_id(f"admit-{newcomer}").click()
    wait_until(late.may_publish_microphone, seconds=20, what="she is in")
    wait_until(lambda: not _nothing_comes(late), seconds=30, what="and has their pictures")
    expect(student.page.get_by_test_id(f"tile-{newcomer}")).to_be_visible(timeout=_SOON_MS)
    in_menu(teacher.page, "lock")
