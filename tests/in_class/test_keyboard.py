"""A whole class without a mouse, a student's and a teacher's: by Tab, Enter and letters; what a screen reader hears."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from schoolday.embedded.demo_day import PASSWORD
from tests import figures
from tests.browser.people import HANGS_AFTER_SECONDS, at_a_device
from tests.in_class.people import user_name
from tests.school_day import SchoolDay

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.timeout(HANGS_AFTER_SECONDS),
]

_WORDS = Path(__file__).parents[2] / "app" / "src" / "live" / "follow" / "words"
_STOPS_AT_MOST = 150
_SOON_MS = 20_000
# Of a group of radio buttons Tab reaches one, and the arrows the others. While a dialog is open, nothing else is there.
_MARK = """() => {
  const may = 'button, a[href], input, select, textarea, summary, [tabindex="0"]';
  const all = [...(document.querySelector('dialog[open]') ?? document).querySelectorAll(may)].filter(
    (one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && one.type !== 'radio');
  all.forEach((one, index) => { one.dataset.stop = index; });
  return all.map((one) => one.dataset.testid || one.textContent.trim().slice(0, 30) || one.outerHTML.slice(0, 60));
}"""
_HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
  return {testid: one.dataset.testid ?? '', stop: one.dataset.stop ?? '', ring};
}"""


def here(page: Page) -> dict[str, Any]:
    return dict(page.evaluate(_HERE) or {})


def reach(page: Page, testid: str) -> None:
    """Press Tab until the focus is there; where it is, one sees."""
    for _ in range(_STOPS_AT_MOST):
        found = here(page)
        if found.get("testid") == testid:
            assert found["ring"], f"{testid} has the focus, and one does not see it"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{testid} is not reached by {_STOPS_AT_MOST} presses of Tab")


def press(page: Page, testid: str, key: str = "Enter") -> None:
    reach(page, testid)
    page.keyboard.press(key)


def told(page: Page, key: str, **values: str) -> None:
    """Expect that a screen reader is told this, in the language of the page."""
    words = json.loads((_WORDS / f"{page.locator('html').get_attribute('lang')}.json").read_text())[key]
    for name, value in values.items():
        words = words.replace("{" + name + "}", value)
    expect(page.get_by_test_id("announcer")).to_contain_text(words, timeout=_SOON_MS)


def come_by_keys(browser: Browser, day: SchoolDay, who: str) -> tuple[Page, list[str], str]:
    """Sign on and join; returns the page, its errors, and her id."""
    someone = at_a_device(browser)
    page = someone.page
    page.goto(day.url)
    page.get_by_test_id("sign-on-user").wait_for()
    reach(page, "sign-on-user")
    page.keyboard.type(user_name(day, who))
    reach(page, "sign-on-password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("join").first).to_be_visible(timeout=_SOON_MS)
    press(page, "join")
    expect(page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    tile = page.locator('[data-testid^="tile-"][data-self="true"]')
    expect(tile).to_have_count(1, timeout=_SOON_MS)
    return page, someone.errors, (tile.get_attribute("data-testid") or "").removeprefix("tile-")


def every_stop(page: Page) -> int:
    """Walk through everything that can be pressed on the page; each is reached, and shows it has the focus."""
    names = page.evaluate(_MARK)
    seen: set[int] = set()
    for _ in range(len(names) + 30):
        page.keyboard.press("Tab")
        found = here(page)
        if found.get("stop"):
            seen.add(int(found["stop"]))
            assert found["ring"], f"{names[int(found['stop'])]} has the focus, and one does not see it"
    missed = [name for number, name in enumerate(names) if number not in seen]
    assert not missed, f"not reached by Tab: {missed}"
    return len(names)


def test_a_class_without_a_mouse(day: SchoolDay, browser: Browser) -> None:
    teacher, errors, _ = come_by_keys(browser, day, "teacher")
    child, her_errors, child_id = come_by_keys(browser, day, "twin")
    expect(teacher.get_by_test_id(f"tile-{child_id}")).to_be_visible(timeout=_SOON_MS)
    caption = teacher.get_by_test_id(f"tile-{child_id}").locator("figcaption").inner_text()
    name = re.sub(r"\s*\(.*\)$", "", caption.strip())

    # The student's five: microphone, camera, hand, chat, more.
    before = child.get_by_test_id("microphone").get_attribute("aria-pressed") or ""
    press(child, "microphone", "Space")
    expect(child.get_by_test_id("microphone")).not_to_have_attribute("aria-pressed", before, timeout=_SOON_MS)
    told(child, "tell_microphone_off" if before == "true" else "tell_microphone_on")
    press(child, "hand")
    told(teacher, "tell_hand", name=name)
    press(child, "chat")
    reach(child, "chat-input")
    child.keyboard.type("hello from the keys")
    child.keyboard.press("Enter")
    told(teacher, "tell_chat", name=name, text="hello from the keys")
    child.keyboard.press("Escape")
    expect(child.get_by_test_id("chat")).to_be_focused()

    # The teacher's: the queue of hands, freeze and back, the tools.
    press(teacher, "hands")
    press(teacher, f"lower-{child_id}")
    expect(child.get_by_test_id("hand")).to_have_attribute("aria-pressed", "false", timeout=_SOON_MS)
    teacher.keyboard.press("Escape")
    expect(teacher.get_by_test_id("hand-panel")).to_be_hidden()
    expect(teacher.get_by_test_id("hands")).to_be_focused()
    teacher.keyboard.press("h")
    expect(teacher.get_by_test_id("hand-panel")).to_be_visible()
    teacher.keyboard.press("h")
    expect(teacher.get_by_test_id("hand-panel")).to_be_hidden()
    press(teacher, "freeze")
    told(child, "tell_frozen")
    press(teacher, "freeze")
    told(child, "tell_thawed")
    press(teacher, "teach")
    expect(teacher.get_by_test_id("panel-close")).to_be_visible()
    tools = every_stop(teacher)
    teacher.keyboard.press("Escape")
    expect(teacher.get_by_test_id("panel-close")).to_be_hidden()

    # Everything on both screens, and in the menu and the list of what helps to follow.
    stops = every_stop(child)
    press(child, "more")
    expect(child.get_by_test_id("more-dialog")).to_be_visible()
    menu = every_stop(child)
    child.keyboard.press("Escape")
    expect(child.get_by_test_id("more")).to_be_focused()
    child.keyboard.press("?")
    expect(child.get_by_test_id("follow-panel")).to_be_visible()
    every_stop(child)
    child.keyboard.press("?")
    press(child, "more")
    press(child, "leave")
    expect(child.get_by_test_id("today")).to_be_visible(timeout=_SOON_MS)
    expect(teacher.get_by_test_id(f"tile-{child_id}")).to_be_hidden(timeout=_SOON_MS)
    figures.say(
        "class-keyboard",
        f"a class without a mouse, from sign-on to leaving: {stops} places of a student's screen, {menu} with her menu"
        f" open and {tools} of a teacher's with her tools open, each reached by Tab and seen; microphone, hand, chat"
        " and freeze are told to a screen reader",
    )
    assert not errors + her_errors
