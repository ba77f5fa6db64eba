"""See and steer the class: freeze at LiveKit itself, hands, reactions, pictures for the teacher only, the lock."""

import time
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import figures
from tests.in_class.at_live import AtLive, Server
from tests.in_class.people import InClass, come, plain
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.unproven]
_SOON_MS = 20_000


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
    other = AtLive(seat_of(day, "other_twin", node))
    server = Server(seat_of(day, "teacher", node))
    try:
        _hands(teacher, student, twin)
        _reactions(teacher, student)
        _freeze(teacher, student, other, server)
        _closed_microphones(teacher, student, other, server)
        _camera_to_teacher(teacher, student, twin, other)
        other = _lock(teacher, student, other, day, server)
        for who in (teacher, student, twin):
            assert not who.device.errors
    finally:
        other.leave()


def _hands(teacher: InClass, student: InClass, twin: InClass) -> None:
    for who in (twin, student):
        who.page.get_by_test_id("hand").click()
        expect(tile(teacher, who)).to_have_attribute("data-hand", "true", timeout=_SOON_MS)
    expect(teacher.page).to_have_title("(2 ✋) My School Online")
    teacher.page.get_by_test_id("hands").click()
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
    expect(teacher.page).to_have_title("My School Online")
    assert student.page.get_by_test_id("bar").locator("button").count() == 5


def _reactions(teacher: InClass, student: InClass) -> None:
    in_menu(student.page, "react-clap")
    floating = tile(teacher, student).get_by_test_id("reaction")
    expect(floating).to_have_attribute("data-kind", "clap", timeout=_SOON_MS)
    expect(teacher.page.get_by_test_id("reaction-totals")).to_contain_text("1")
    expect(floating).to_have_count(0, timeout=_SOON_MS)
    in_menu(teacher.page, "reactions-switch")
    student.page.get_by_test_id("more").click()
    expect(student.page.get_by_test_id("reactions")).to_have_count(0, timeout=_SOON_MS)
    student.page.keyboard.press("Escape")


def _freeze(teacher: InClass, student: InClass, other: AtLive, server: Server) -> None:
    assert other.may_publish_microphone()
    assert server.tracks(other.identity) == {"MICROPHONE"}
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


def _camera_to_teacher(teacher: InClass, student: InClass, twin: InClass, other: AtLive) -> None:
    wait_until(lambda: other.subscribed(student.id, "video"), seconds=30, what="her picture in the class")
    wait_until(lambda: twin.device.frames_from(student.id) > 0, seconds=30, what="her picture at the twin's")
    choose(teacher.page, "cameras-rule", "teacher")
    expect(tile(twin, student).get_by_test_id("to-teacher")).to_be_visible(timeout=_SOON_MS)
    expect(tile(twin, student).locator("video")).to_have_count(0)
    wait_until(lambda: not other.subscribed(student.id, "video"), seconds=20, what="no picture for a classmate")
    assert other.subscribed(student.id, "audio")
    wait_until(lambda: not other.subscribed(twin.id, "video"), seconds=20, what="no picture of the twin either")
    frames, received = teacher.device.frames_from(student.id), other.video_bytes()
    wait_until(lambda: teacher.device.frames_from(student.id) > frames + 20, seconds=20, what="the teacher sees her")
    more = teacher.device.frames_from(student.id) - frames
    leaked = other.video_bytes() - received
    # Her teacher's own picture is the one that may come.
    assert leaked == 0 or other.subscribed(teacher.id, "video")
    figures.say("class-camera-to-teacher", f"{more} frames to the teacher meanwhile, no track of hers to a classmate")
    choose(teacher.page, "cameras-rule", "class")
    wait_until(lambda: other.subscribed(student.id, "video"), seconds=20, what="her picture in the class again")


def _lock(teacher: InClass, student: InClass, other: AtLive, day: SchoolDay, server: Server) -> AtLive:
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
    late = AtLive(seat_of(day, "other_twin", str(other.seat["node"])))
    expect(teacher.page.get_by_test_id(f"waiting-{newcomer}")).to_be_visible(timeout=_SOON_MS)
    wait_until(lambda: not late.subscribed(student.id, "video"), seconds=20, what="nothing for who waits")
    assert not late.may_publish_microphone()
    expect(student.page.get_by_test_id(f"tile-{newcomer}")).to_have_count(0)
    teacher.page.get_by_test_id(f"admit-{newcomer}").click()
    wait_until(late.may_publish_microphone, seconds=20, what="she is in")
    expect(student.page.get_by_test_id(f"tile-{newcomer}")).to_be_visible(timeout=_SOON_MS)
    in_menu(teacher.page, "lock")
    return late
