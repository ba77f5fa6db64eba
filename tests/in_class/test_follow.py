"""
Everyone can follow: data saver, captions, keys, words for a screen reader, large text on a small phone.

Headless chromium has no speech engine: the page gets a recogniser that hears what the test says. The wire, the rules
and the screens are the true ones.
"""

import pytest
from playwright.sync_api import Browser, expect

from tests import figures
from tests.browser.axe import wrong_with
from tests.browser.people import HANGS_AFTER_SECONDS
from tests.in_class.people import InClass, come
from tests.school_day import SchoolDay, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.timeout(HANGS_AFTER_SECONDS),
]

_RECOGNISER = """() => {
  window.heardBy = [];
  window.SpeechRecognition = class { start() { window.heardBy.push(this); } abort() {} };
}"""
_HEAR = """([text, final]) => {
  const result = Object.assign([{transcript: text}], {isFinal: final});
  window.heardBy.at(-1).onresult({resultIndex: 0, results: [result]});
}"""


def counted(who: InClass, name: str) -> int:
    return int(who.page.get_by_test_id("line-counted").get_attribute(f"data-{name}") or "0")


def test_everyone_can_follow(day: SchoolDay, browser: Browser) -> None:
    teacher, child = come(browser, day, "teacher"), come(browser, day, "twin")
    page = child.page
    wait_until(lambda: child.device.frames_from(teacher.id) > 0, seconds=60, what="the child sees the teacher")
    _keys(child)
    _captions(teacher, child)
    _saver(teacher, child)
    _pinned(teacher, child)
    for panel in (page, teacher.page):
        assert not wrong_with(panel)
    page.get_by_test_id("schoolday.contrast-more").check()
    assert not wrong_with(page)
    page.set_viewport_size({"width": 320, "height": 640})
    page.add_style_tag(content="html { font-size: 200% }")
    assert not wrong_with(page)
    for button in ("microphone", "camera", "hand", "chat", "more"):
        expect(page.get_by_test_id(button)).to_be_in_viewport()
    assert not teacher.device.errors + child.device.errors


def _keys(child: InClass) -> None:
    page = child.page
    for key, button in (("m", "microphone"), ("v", "camera"), ("h", "hand")):
        before = page.get_by_test_id(button).get_attribute("aria-pressed")
        page.keyboard.press(key)
        expect(page.get_by_test_id(button)).not_to_have_attribute("aria-pressed", before or "", timeout=15_000)
        page.keyboard.press(key)
        expect(page.get_by_test_id(button)).to_have_attribute("aria-pressed", before or "", timeout=15_000)
    expect(page.get_by_test_id("announcer")).not_to_be_empty(timeout=10_000)
    page.keyboard.press("c")
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    page.keyboard.type("hmv")
    expect(page.get_by_test_id("chat-input")).to_have_value("hmv")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("chat-panel")).to_be_hidden()
    expect(page.get_by_test_id("chat")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_test_id("keys-table")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_test_id("keys-table")).to_be_hidden()


def _captions(teacher: InClass, child: InClass) -> None:
    teacher.page.evaluate(_RECOGNISER)
    child.page.evaluate(_RECOGNISER)
    teacher.page.keyboard.press("?")
    # She reads Haitian Creole, and teaches in English.
    teacher.page.get_by_test_id("schoolday.captions_spoken-en").check()
    teacher.page.get_by_test_id("captions-class").click()
    expect(child.page.get_by_test_id("captions")).to_be_visible(timeout=15_000)
    wait_until(lambda: teacher.page.evaluate("window.heardBy.length") > 0, seconds=15, what="the engine is asked")
    teacher.page.evaluate(_HEAR, ["Open your book", False])
    shown = child.page.get_by_test_id("caption")
    expect(shown).to_contain_text("Open your book", timeout=10_000)
    teacher.page.wait_for_timeout(300)
    teacher.page.evaluate(_HEAR, ["Open your books on page three", True])
    expect(child.page.get_by_test_id("caption").filter(has_text="page three")).to_contain_text(
        "English", timeout=10_000
    )
    assert teacher.page.evaluate("window.heardBy.at(-1).lang") == "en-US"
    assert child.page.evaluate("window.heardBy.length") == 0, "a student's voice goes to no engine outside the device"
    teacher.page.get_by_test_id("captions-class").click()
    expect(child.page.get_by_test_id("captions")).to_be_hidden(timeout=10_000)


def _saver(teacher: InClass, child: InClass) -> None:
    page = child.page
    wait_until(lambda: counted(child, "pictures") > 0, seconds=30, what="pictures are counted")
    page.keyboard.press("?")
    expect(page.get_by_test_id("saver-rate")).to_contain_text("MB", timeout=20_000)
    page.get_by_test_id("saver-toggle").click()
    expect(page.get_by_test_id(f"tile-{teacher.id}").locator("video")).to_have_count(0, timeout=15_000)
    page.wait_for_timeout(15_000)  # a whole window of counting, without a picture in it
    said = page.get_by_test_id("saver-on")
    before, now = (int(said.get_attribute(f"data-{name}") or "0") for name in ("before", "now"))
    sound = counted(child, "samples")
    wait_until(lambda: counted(child, "samples") > sound, seconds=15, what="sound flows")
    assert 0 < now < before / 2
    figures.say(
        "class-data-saver",
        f"{before / 1e6:.1f} MB a minute before, {now / 1e6:.2f} after one tap; sound flows, no picture",
    )
    page.get_by_test_id("saver-back").click()
    expect(page.get_by_test_id(f"tile-{teacher.id}").locator("video")).to_have_count(1, timeout=30_000)
    page.keyboard.press("?")


def _pinned(teacher: InClass, child: InClass) -> None:
    """Whom she pinned, she sees while she saves data, and after her page was loaded anew. Leaves the list open."""
    page = child.page
    page.keyboard.press("?")
    page.get_by_test_id(f"pin-{teacher.id}").click()
    page.reload()
    expect(page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    page.keyboard.press("?")
    expect(page.get_by_test_id(f"pin-{teacher.id}")).to_have_attribute("aria-pressed", "true", timeout=20_000)
    page.get_by_test_id("saver-toggle").click()
    page.wait_for_timeout(3_000)  # what was on its way
    frames = child.device.frames_from(teacher.id)
    wait_until(
        lambda: child.device.frames_from(teacher.id) > frames, seconds=20, what="who is pinned is seen on a saved line"
    )
    page.get_by_test_id("saver-back").click()
