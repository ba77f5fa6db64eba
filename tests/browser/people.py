"""People in a browser: each with a device of her own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, expect

from schoolday.embedded.demo_day import PASSWORD

_JOIN_MS = 30_000
# For tests of several people: stops one that hangs, and measures nothing. What has to be fast (a minute, 15 seconds) is
# a bound in the test itself; so many browsers start slowly on a small machine that does other things.
HANGS_AFTER_SECONDS = 400


@dataclass
class Someone:
    """A person at her own device, and what her page said that was an error."""

    page: Page
    context: BrowserContext
    errors: list[str]

    def sign_on(self, url: str, user_name: str, password: str = PASSWORD) -> None:
        self.page.goto(url)
        self.page.get_by_test_id("sign-on-user").fill(user_name)
        self.page.get_by_test_id("sign-on-password").fill(password)
        self.page.get_by_test_id("sign-on-go").click()
        expect(self.page.get_by_test_id("sign-on")).to_be_hidden(timeout=20_000)

    def join(self) -> None:
        """Press the large button and wait until the class is there."""
        self.page.get_by_test_id("join").first.click()
        expect(self.page.get_by_test_id("live-room")).to_be_visible(timeout=_JOIN_MS)

    def leave(self) -> None:
        """Leave the class, and say so to the live server; only closing the page may leave her there for a while."""
        self.page.get_by_test_id("more").click()
        self.page.get_by_test_id("leave").click()
        expect(self.page.get_by_test_id("live-room")).to_be_hidden()

    def frames_from(self, person_id: str) -> int:
        """How many frames of that person's camera this browser has decoded (WebRTC getStats)."""
        tile = self.page.get_by_test_id(f"tile-{person_id}")
        found = tile.get_attribute("data-frames") or "0"
        assert re.fullmatch(r"\d+", found), found
        return int(found)


def at_a_device(
    browser: Browser,
    *,
    width: int = 1366,
    height: int = 768,
    language: str = "en-US",
    touch: bool = False,
    permissions: Sequence[str] = (),
) -> Someone:
    """A fresh device of this size and language. `permissions`: what she allowed before, where the browser asks."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        has_touch=touch,
        timezone_id="America/New_York",
        permissions=list(permissions),
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    return Someone(page, context, errors)
