"""A real browser with a camera and a microphone that show a test picture and beep."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

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
_LEAVES_WITHIN_MS = 2_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module: while it lives, its event loop runs in this thread, and no other test's could."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def devices_leave(request: pytest.FixtureRequest) -> Iterator[None]:
    """
    Close the devices that a test leaves open, and have them leave their class first.

    Else they take the machine's time until the module ends, and after a failure the next test meets them in its class.
    """
    if "browser" not in request.fixturenames:
        yield
        return
    browser: Browser = request.getfixturevalue("browser")
    before = set(browser.contexts)
    yield
    for context in set(browser.contexts) - before:
        _close(context)


def _close(context: BrowserContext) -> None:
    for page in context.pages:
        with suppress(Error):  # the page may be hung or gone, or asks whether it may be left: closed it is all the same
            page.close(run_before_unload=True)
            page.wait_for_event("close", timeout=_LEAVES_WITHIN_MS)
    context.close()


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SchoolDay]:
    """A day of two sites whose bell rings within a minute; a test that wants another one makes its own."""
    with class_day(tmp_path_factory.mktemp("day") / "home") as day:
        yield day
