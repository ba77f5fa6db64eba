"""A class that moves while it runs: everybody is told and goes by one tap; undone, everybody finds back."""

import time

import pytest
from playwright.sync_api import Browser, expect

from tests import figures
from tests.browser.people import HANGS_AFTER_SECONDS, at_a_device
from tests.live_nodes.servers import LiveServer
from tests.moved import mock

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(HANGS_AFTER_SECONDS)]

WITHIN_MS = 60_000


def test_the_class_is_told_goes_by_one_tap_and_finds_back(school: str, live: LiveServer, browser: Browser) -> None:
    mock.publish(detour=False)
    teacher, student = at_a_device(browser), at_a_device(browser, width=390, height=844)
    for who, name in ((teacher, "teacher"), (student, "student")):
        who.sign_on(school, name)
        who.context.route("https://zoom.example/**", lambda route: route.fulfill(body="Zoom"))
        who.join()
        expect(who.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)

    published_at = mock.publish(detour=True)
    for who in (teacher, student):
        banner = who.page.get_by_test_id("class-moved")
        expect(banner).to_be_visible(timeout=WITHIN_MS)
        expect(banner).to_contain_text("Your class moved: Zoom")
        expect(banner).to_contain_text(mock.REASON.en)
        # Nobody is taken out in mid-sentence.
        expect(who.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open")
    seconds = time.monotonic() - published_at

    with student.context.expect_page() as opened:
        student.page.get_by_test_id("class-moved").get_by_test_id("go-there").click()
    assert opened.value.url == mock.ZOOM.url
    expect(student.page.get_by_test_id("live-room")).to_have_count(0)
    expect(student.page.get_by_test_id("joining").get_by_test_id("go-there")).to_be_visible()
    student.page.wait_for_timeout(1_000)
    went = [event for event in mock.day.Day.events if event["kind"] == "alternate_opened"]
    assert went[-1]["meeting"] == "meeting00001"
    assert went[-1]["detail"] == {"kind": "zoom"}

    mock.publish(detour=False)
    expect(teacher.page.get_by_test_id("class-moved")).to_have_count(0, timeout=WITHIN_MS)
    expect(teacher.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open")
    expect(student.page.get_by_test_id("back-here")).to_be_visible(timeout=WITHIN_MS)
    student.page.get_by_test_id("join-back").click()
    expect(student.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    expect(teacher.page.get_by_test_id(f"tile-{mock.day.STUDENTS[0].id}")).to_be_visible(timeout=20_000)
    figures.say(
        "class-moved", f"2 of 2 in the running class have the banner after {seconds:.0f} s; one tap there, one back"
    )
    for who in (teacher, student):
        assert not who.errors
