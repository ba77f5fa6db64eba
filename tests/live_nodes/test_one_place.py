"""
One class on two live servers: when the first dies everybody meets on the second, and nobody stays in the other half.

Then the teacher goes: it is quiet, a grown-up is called, and on her return all is as before.
"""

import signal
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import figures
from tests.browser.people import HANGS_AFTER_SECONDS, Someone, at_a_device
from tests.live_nodes import mock
from tests.school_day import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.timeout(HANGS_AFTER_SECONDS),
    pytest.mark.alone,
]
BACK_WITHIN_SECONDS = 15  # RELIABILITY, promise 11
QUIET_WITHIN_SECONDS = 12
TEACHER = mock.PEOPLE["teacher"].id


def come(browser: Browser, url: str, who: str) -> Someone:
    someone = at_a_device(browser)
    someone.sign_on(url, who)
    someone.join()
    return someone


def in_class(who: Someone, node: str) -> bool:
    room = who.page.get_by_test_id("live-room")
    return room.get_attribute("data-line") == "open" and room.get_attribute("data-node") == node


def all_in(everybody: list[Someone], node: str) -> bool:
    return all(in_class(who, node) for who in everybody)


def hands(page: Page) -> list[str]:
    """Who has a hand up, in the order of the teacher's list."""
    found: dict[int, str] = {}
    for name in ("student0", "student1", "student2"):
        row = page.get_by_test_id(f"roll-row-{mock.PEOPLE[name].id}").locator(".hand-place")
        if row.count():
            found[int("".join(letter for letter in row.inner_text() if letter.isdigit()) or "0")] = name
    return [found[place] for place in sorted(found)]


def write(page: Page, text: str) -> None:
    page.get_by_test_id("chat-input").fill(text)
    page.get_by_test_id("chat-send").click()


def sounds(page: Page) -> list[bool]:
    """Of each sound that this page plays, whether it is silenced."""
    muted: list[bool] = page.eval_on_selector_all("body > audio", "all => all.map((one) => one.muted)")
    return muted


def test_the_class_stays_together(school: str, browser: Browser) -> None:
    first, _second = mock.School.servers
    teacher = come(browser, school, "teacher")
    one, two = come(browser, school, "student0"), come(browser, school, "student1")
    students, everybody = [one, two], [teacher, one, two]
    wait_until(lambda: all_in(everybody, "n1"), seconds=45, what="all three are on the first server")
    wait_until(lambda: all(s.frames_from(TEACHER) > 0 for s in students), seconds=20, what="pictures come")

    # The second student raised her hand first; the first one's microphone is off; all three have read a message.
    two.page.get_by_test_id("hand").click()
    expect(teacher.page.get_by_test_id(f"tile-{mock.PEOPLE['student1'].id}")).to_have_attribute("data-hand", "true")
    one.page.get_by_test_id("hand").click()
    one.page.get_by_test_id("microphone").click()
    for who in everybody:
        who.page.get_by_test_id("chat").click()
    write(two.page, "is this on the test?")
    for who in everybody:
        expect(who.page.get_by_test_id("chat-message")).to_have_count(1)
    wait_until(lambda: hands(teacher.page) == ["student1", "student0"], seconds=10, what="both hands in order")

    # The first server dies.
    killed_at = time.monotonic()
    first.kill(signal.SIGKILL)
    wait_until(lambda: all_in(everybody, "n2"), seconds=BACK_WITHIN_SECONDS, what="all are on the second server")
    moved_after = time.monotonic() - killed_at
    before = {id(s): s.frames_from(TEACHER) for s in students}
    wait_until(
        lambda: all(0 < s.frames_from(TEACHER) != before[id(s)] for s in students),
        seconds=BACK_WITHIN_SECONDS - moved_after, what="pictures run again",
    )  # fmt: skip
    seconds = time.monotonic() - killed_at
    figures.say("three-move", f"3 of 3 in class on the second server, pictures running, after {seconds:.1f} s")
    wait_until(lambda: hands(teacher.page) == ["student1", "student0"], seconds=15, what="hands as before")
    expect(one.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "false")
    expect(two.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "true")
    for who in everybody:
        expect(who.page.get_by_test_id("chat-message")).to_have_count(1)
        expect(who.page.get_by_test_id("quiet")).to_have_count(0)

    # The first server is back, and a newcomer lands on it: she follows the teacher.
    first.start()
    came_at = time.monotonic()
    newcomer = come(browser, school, "student2")
    wait_until(lambda: in_class(newcomer, "n2"), seconds=20, what="the newcomer follows the teacher")
    followed = time.monotonic() - came_at
    wait_until(lambda: newcomer.frames_from(TEACHER) > 0, seconds=10, what="she sees the teacher")
    figures.say("live-follows-teacher", f"a newcomer on the other server is with the teacher after {followed:.1f} s")
    newcomer.page.get_by_test_id("chat").click()
    expect(newcomer.page.get_by_test_id("chat-message")).to_have_count(1, timeout=10_000)

    # A look is no arrival: of the servers' hooks none names somebody who was only looking.
    joined = [(node, who) for node, event, who in mock.School.hooks if event == "participant_joined"]
    assert joined.count(("n1", TEACHER)) == 1
    assert joined.count(("n2", mock.PEOPLE["student2"].id)) == 1

    _alone_and_back(school, browser, teacher, students)
    for who in (*everybody, newcomer):
        assert not who.errors


def _alone_and_back(school: str, browser: Browser, teacher: Someone, students: list[Someone]) -> None:
    one, two = students
    wait_until(lambda: any(not muted for muted in sounds(one.page)), seconds=10, what="sound plays")
    teacher.leave()
    left_at = time.monotonic()
    for who in students:
        expect(who.page.get_by_test_id("quiet")).to_be_visible(timeout=QUIET_WITHIN_SECONDS * 1000)
    quiet_after = time.monotonic() - left_at
    assert quiet_after < QUIET_WITHIN_SECONDS
    for who, other in ((one, "student1"), (two, "student0")):
        tile = who.page.get_by_test_id(f"tile-{mock.PEOPLE[other].id}")
        expect(tile.locator("video")).to_have_count(0)
        expect(who.page.get_by_test_id("chat-input")).to_be_disabled()
        expect(who.page.get_by_test_id("microphone")).to_be_disabled()
        expect(who.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "false")
        assert all(sounds(who.page))

    one.page.get_by_test_id("call-adult").click()
    expect(one.page.get_by_test_id("adult-called")).to_be_visible(timeout=5_000)
    assert [asked["meeting"] for asked in mock.School.calls] == ["meeting00001"]
    figures.say("no-adult", f"quiet {quiet_after:.1f} s after the teacher left, a grown-up called in one tap")

    # She comes back: role, place and everybody's microphone are as before.
    teacher.join()
    for who in students:
        expect(who.page.get_by_test_id("quiet")).to_have_count(0, timeout=25_000)
        wait_until(lambda w=who: w.frames_from(TEACHER) > 0, seconds=15, what="the teacher's picture is back")
    expect(two.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "true", timeout=10_000)
    expect(one.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "false")
    expect(one.page.get_by_test_id(f"tile-{mock.PEOPLE['student1'].id}").locator("video")).to_have_count(1)
    expect(two.page.get_by_test_id("chat-input")).to_be_enabled()
    write(two.page, "hello again")
    expect(one.page.get_by_test_id("chat-message")).to_have_count(2, timeout=10_000)
    assert any(not muted for muted in sounds(one.page))
