"""Who is in the demo's class, and how they come in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from tests.browser.people import Someone, at_a_device
from tests.device import Device
from tests.school_day import SchoolDay

_TEACHER_SEEN_MS = 20_000


@dataclass
class InClass:
    """Somebody in the class, and her opaque id."""

    device: Someone
    id: str

    @property
    def page(self) -> Page:
        return self.device.page


def user_name(day: SchoolDay, who: str) -> str:
    """`teacher`, `student`, `twin`, `other_twin` are of one class; the others of the demo's logins are not."""
    logins = day.logins
    if who in ("twin", "other_twin"):
        return str(logins["twins"][who == "other_twin"]["user_name"])
    return str(logins[who]["user_name"])


def come(
    browser: Browser,
    day: SchoolDay,
    who: str,
    *,
    width: int = 1366,
    height: int = 768,
    language: str = "en-US",
    before: str = "",
    permissions: Sequence[str] = (),
) -> InClass:
    """
    Sign on and join, each with a device of her own; the class's room is on her screen and its line is open.

    `before`: a script that runs in each of her pages before ours. `permissions`: what she allowed before, where the
    browser asks.
    """
    someone = at_a_device(browser, width=width, height=height, language=language, permissions=permissions)
    if before:
        someone.context.add_init_script(before)
    someone.sign_on(day.url, user_name(day, who))
    someone.join()
    expect(someone.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    tile = someone.page.locator('[data-testid^="tile-"][data-self="true"]')
    expect(tile).to_have_count(1, timeout=_TEACHER_SEEN_MS)
    found = re.fullmatch(r"tile-(\w+)", tile.get_attribute("data-testid") or "")
    assert found
    return InClass(someone, found[1])


def plain(day: SchoolDay, who: str) -> Device:
    """The same person at a device that speaks plain HTTP: for what no browser would do."""
    return Device.signed_on(day.url, user_name(day, who))


def opens(teacher: Page, tool: str) -> Page:
    """The teacher opens one of the tools she teaches with, whatever is open beside her class."""
    if teacher.get_by_test_id("panel-close").count():
        teacher.get_by_test_id("panel-close").click()
    teacher.get_by_test_id("teach").click()
    teacher.get_by_test_id(f"teach-{tool}").click()
    return teacher
