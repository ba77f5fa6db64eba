"""A real browser with a camera and a microphone that show a test picture and beep."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.school_day import SchoolDay, class_day

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Eight pictures a second: all people of a test sit in one machine without a graphics card, two tests at a time.
    "--use-fake-device-for-media-stream=fps=8",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    # Several people sit in one browser here: none of them may be slowed down for being in the background.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module: while it lives, its event loop runs in this thread, and no other test's could."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SchoolDay]:
    """A day of two sites whose bell rings within a minute; a test that wants another one makes its own."""
    with class_day(tmp_path_factory.mktemp("day") / "home") as day:
        yield day
