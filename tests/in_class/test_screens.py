"""
Every screen of the class at the sizes and in the languages of those who look at it: nothing for axe, no word cut off.

The pictures are left in build/screens. The full form goes through all four sizes in all three languages, the short one
through a small phone in the longest words and through a Chromebook.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import figures
from tests.browser.axe import wrong_with
from tests.in_class.people import InClass, come
from tests.in_class.scenes import SCENES
from tests.school_day import SchoolDay

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(1800)]
PICTURES = Path(__file__).parents[2] / "build" / "screens"
SIZES = {"phone": (360, 740), "chromebook": (1366, 768), "ipad": (820, 1180), "desktop": (1920, 1080)}
LOOKS = (
    [(size, language) for size in SIZES for language in ("en", "es", "ht")]
    if figures.full_form()
    else [("phone", "ht"), ("chromebook", "es")]
)
TEACH = ("board", "slides", "screen", "polls", "timer", "links", "own_notes")
# What a person cannot read though it is on the screen: words cut off, and what reaches out of its frame at the side.
_CUT = """() => {
  const seen = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 1;
  const name = (one) => one.dataset.testid ?? one.closest('[data-testid]')?.dataset.testid ?? one.tagName;
  const cut = [...document.querySelectorAll('button, button span, label, h1, h2, h3, a')]
    .filter((one) => seen(one) && !one.closest('.usa-sr-only, [aria-hidden="true"]')
      && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible');
  const frames = [...document.querySelectorAll('.live-side, .live-main, .bar, dialog[open], [role="dialog"]')]
    .filter((one) => seen(one) && one.scrollWidth > one.clientWidth + 1);
  return [...cut.map((one) => `${name(one)}: "${one.textContent.trim()}" is cut off`),
    ...frames.map((one) => `${one.className || one.tagName} is ${one.scrollWidth - one.clientWidth} px too wide`)];
}"""


class Looks:
    """What was looked at so far, and what was wrong there."""

    def __init__(self) -> None:
        self.count = 0
        self.wrong: list[str] = []

    def take(self, who: InClass, where: str) -> None:
        page = who.page
        page.wait_for_timeout(400)  # a dialog's or panel's own movement ends
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{where.replace(' ', '-')}.png")
        self.count += 1
        self.wrong += [f"{where}: {what}" for what in [*wrong_with(page), *page.evaluate(_CUT)]]


def close_panel(page: Page) -> None:
    """Close what is open at the side, by its own button."""
    side = page.locator(".live-side .side-head button, .live-side [data-testid$='-close']")
    while side.count():
        side.first.click()


def by_menu(testid: str) -> Callable[[Page], None]:
    def opens(page: Page) -> None:
        page.get_by_test_id("more").click()
        page.get_by_test_id(testid).click()

    return opens


def by_bar(*testids: str) -> Callable[[Page], None]:
    def opens(page: Page) -> None:
        for testid in testids:
            page.get_by_test_id(testid).click()

    return opens


def states(role: str) -> Iterator[tuple[str, Callable[[Page], None], Callable[[Page], None]]]:
    """A screen's name, how to open it, how to leave it."""

    def escape(page: Page) -> None:
        page.keyboard.press("Escape")

    yield "class", lambda page: None, lambda page: None
    yield "more", by_bar("more"), escape
    yield "chat", by_bar("chat"), by_bar("chat")
    yield "follow", by_menu("follow-open"), close_panel
    if role == "teacher":
        yield "hands", by_bar("hands"), by_bar("hands")
        yield "groups", by_bar("groups"), close_panel
        yield "not-heard", by_menu("open-not-heard"), close_panel
        yield "recording", by_menu("recording-menu"), close_panel
        yield "move", by_menu("move-menu"), close_panel
        for panel in TEACH:
            yield f"teach-{panel}", by_bar("teach", f"teach-{panel}"), close_panel


def speak(page: Page, language: str) -> None:
    page.get_by_test_id("more").click()
    page.get_by_test_id("more-dialog").get_by_test_id("language").select_option(language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.keyboard.press("Escape")


def tile(seen_by: InClass, who: InClass) -> Locator:
    return seen_by.page.get_by_test_id(f"tile-{who.id}")


def test_every_screen_of_the_class_at_every_size(day: SchoolDay, browser: Browser, tmp_path: Path) -> None:
    people = {"teacher": come(browser, day, "teacher"), "student": come(browser, day, "twin")}
    expect(tile(people["student"], people["teacher"])).to_be_visible(timeout=20_000)
    looks = Looks()
    for size, language in LOOKS:
        width, height = SIZES[size]
        for role, who in people.items():
            who.page.set_viewport_size({"width": width, "height": height})
            speak(who.page, language)
            for name, opens, leaves in states(role):
                opens(who.page)
                looks.take(who, f"{size} {language} {role} {name}")
                leaves(who.page)
        for name, scene in SCENES.items():
            with scene(people["teacher"], people["student"], tmp_path):
                for role, who in people.items():
                    looks.take(who, f"{size} {language} {role} scene {name}")
            close_panel(people["teacher"].page)
    assert not [error for who in people.values() for error in who.device.errors]
    figures.say(
        "class-screens",
        f"{looks.count} looks in {len(LOOKS)} sizes and languages, {len(looks.wrong)} findings by axe or cut-off words",
    )
    assert not looks.wrong, "\n".join(looks.wrong)
