"""
A child's line loses a fifth of everything, carries 300 kbit/s, or is cut for half a minute: what she has of her class.

The figures are the browser's own counts (getStats). On a machine that is busy with other things they are worse.
"""

import time

import pytest
from playwright.sync_api import expect

from tests import figures
from tests.faults.hosts import needs_hosts
from tests.line import lines
from tests.line.conftest import Class
from tests.school_day import wait_until

pytestmark = [
    pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600), needs_hosts,
]  # fmt: skip

CUT_SECONDS = 30
BACK_WITHIN_SECONDS = 30
OVER_SECONDS = 12
OFFERED_WITHIN_SECONDS = 60


def counted(lesson: Class) -> dict[str, int]:
    """What the child's line has carried so far."""
    held = lesson.child.page.get_by_test_id("line-counted").evaluate("one => ({...one.dataset})")
    return {name: int(value) for name, value in held.items() if value.isdigit()}


def over(lesson: Class, seconds: float) -> dict[str, float]:
    """Frames a second, the share of sound that was made up, and kbit/s, over a while."""
    before, began = counted(lesson), time.monotonic()
    frames = lesson.child.device.frames_from(lesson.teacher.id)
    lesson.child.page.wait_for_timeout(seconds * 1000)
    after, took = counted(lesson), time.monotonic() - began
    gone = {name: max(0, after[name] - before.get(name, 0)) for name in after}
    return {
        "frames": max(0, lesson.child.device.frames_from(lesson.teacher.id) - frames) / took,
        "made_up": gone["concealed"] / max(1, gone["samples"]),
        "samples": gone["samples"],
        "kbit": (gone["received"] + gone["sent"]) * 8 / 1000 / took,
    }


def told(found: dict[str, float]) -> str:
    return (
        f"{found['frames']:.1f} frames/s, {found['made_up']:.1%} of the sound made up, "
        f"{found['kbit']:.0f} kbit/s both ways"
    )


def take_the_saver(lesson: Class) -> tuple[float, dict[str, float]]:
    """Wait until the app offers it by itself, tap once, and see what is left. Then the pictures come back."""
    page, began = lesson.child.page, time.monotonic()
    expect(page.get_by_test_id("saver-offer")).to_be_visible(timeout=OFFERED_WITHIN_SECONDS * 1000)
    offered = time.monotonic() - began
    page.get_by_test_id("saver-yes").click()
    expect(page.get_by_test_id("saver-on")).to_be_visible()
    page.wait_for_timeout(4_000)  # what was on its way
    return offered, over(lesson, OVER_SECONDS)


def test_a_fifth_is_lost(lesson: Class) -> None:
    good = over(lesson, 8)
    lines.lose(lesson.home, 20)
    try:
        lossy = over(lesson, OVER_SECONDS)
        offered, saving = take_the_saver(lesson)
    finally:
        lesson.home.mend()
    figures.say(
        "class-line-loss",
        f"20 % loss: {told(lossy)} (before: {told(good)}); saver offered after {OVER_SECONDS + offered:.0f} s at most;"
        f" with it {told(saving)}",
    )
    assert lossy["samples"] > 0, "sound goes on"
    assert saving["frames"] == 0, "no picture is received while she saves"
    assert saving["samples"] > 0
    assert saving["kbit"] < good["kbit"] / 2
    lesson.child.page.get_by_test_id("saver-back").click()
    wait_until(lambda: over(lesson, 2)["frames"] > 0, seconds=60, what="the pictures are back")


def test_the_line_is_cut_for_half_a_minute(lesson: Class) -> None:
    page = lesson.child.page
    room = page.get_by_test_id("live-room")
    node = room.get_attribute("data-node")
    page.get_by_test_id("microphone").click()
    page.get_by_test_id("hand").click()
    hers = lesson.teacher.page.get_by_test_id(f"tile-{lesson.child.id}")
    expect(hers).to_have_attribute("data-hand", "true", timeout=15_000)
    lesson.home.unplug()
    cut = time.monotonic()
    try:
        expect(page.get_by_test_id("live-line")).to_be_visible(timeout=25_000)
        told_after = time.monotonic() - cut
        sentence = page.get_by_test_id("live-line").inner_text()
        page.wait_for_timeout((CUT_SECONDS - told_after) * 1000)
    finally:
        lesson.home.mend()
    mended = time.monotonic()
    expect(room).to_have_attribute("data-line", "open", timeout=BACK_WITHIN_SECONDS * 1000)
    in_class = time.monotonic() - mended
    frames = lesson.child.device.frames_from(lesson.teacher.id)
    wait_until(
        lambda: 0 < lesson.child.device.frames_from(lesson.teacher.id) != frames,
        seconds=BACK_WITHIN_SECONDS,
        what="pictures move",
    )
    moving = time.monotonic() - mended
    assert sentence
    assert not any(word in sentence for word in ("error", "Error", "failed"))
    expect(page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_test_id("hand")).to_have_attribute("aria-pressed", "true")
    expect(room).to_have_attribute("data-node", node or "")
    expect(hers).to_have_attribute("data-hand", "true", timeout=20_000)
    figures.say(
        "class-line-cut",
        f"cut {CUT_SECONDS} s: in class {in_class:.1f} s, pictures moving {moving:.1f} s after it;"
        f' hand, microphone, place as before; after {told_after:.1f} s she read "{sentence}"',
    )


def test_the_line_is_narrow(lesson: Class) -> None:
    expect(lesson.child.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=60_000)
    lesson.child.page.reload()
    wait_until(lambda: lesson.child.device.frames_from(lesson.teacher.id) > 0, seconds=60, what="she is in class again")
    lines.narrow(lesson.home, 300)
    try:
        narrow = over(lesson, OVER_SECONDS)
        offered = lesson.child.page.get_by_test_id("saver-offer").count() == 1
    finally:
        lines.widen(lesson.home)
    figures.say("class-line-narrow", f"300 kbit/s: {told(narrow)}; saver {'offered' if offered else 'not needed'}")
    assert narrow["samples"] > 0, "sound goes on"
    assert narrow["kbit"] < 700, "both ways together: the line was narrow"
    expect(lesson.child.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open")
