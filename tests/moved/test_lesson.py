"""A class that has only its lesson today: it lies on the device and opens without a line."""

import time

import pytest
from playwright.sync_api import Browser, expect

from tests import figures
from tests.browser.people import HANGS_AFTER_SECONDS, at_a_device
from tests.moved import mock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(HANGS_AFTER_SECONDS)]


def test_todays_lesson_opens_without_a_line(school: str, browser: Browser) -> None:
    who = at_a_device(browser, width=390, height=844)
    who.sign_on(school, "student")
    who.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    published_at = mock.publish(detour=True, pathway="packet")
    lesson = who.page.get_by_test_id("go-there")
    expect(lesson).to_contain_text("Fractions · on this device ✓", timeout=80_000)
    seconds = time.monotonic() - published_at
    who.context.set_offline(True)
    with who.context.expect_page() as opened:
        lesson.click()
    expect(opened.value.locator("body")).to_have_text(mock.LESSON)
    who.context.set_offline(False)
    mock.publish(detour=False)
    figures.say(
        "lesson-offline", f"the lesson is on the device {seconds:.0f} s after the detour, and opens without a line"
    )
    assert not who.errors
