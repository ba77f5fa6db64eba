"""A teacher practises: synthetic students in the very same live screen, and nothing of it in register or evidence."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import at_a_device
from tests.figures import say
from tests.in_class.people import plain, user_name
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.unproven]


def test_a_practice_class_is_the_live_screen_and_leaves_no_trace(day: SchoolDay, browser: Browser) -> None:
    teacher = at_a_device(browser)
    refused: list[str] = []
    sent: list[str] = []
    teacher.page.on("request", lambda one: sent.append(one.post_data or "") if "evidence" in one.url else None)
    teacher.page.on("response", lambda one: refused.append(one.url) if one.status >= 500 else None)
    teacher.sign_on(day.url, user_name(day, "teacher"))
    plain_teacher = plain(day, "teacher")
    section, meeting = plain_teacher.meeting_now()
    before = plain_teacher.register(section, meeting["id"])
    teacher.page.get_by_test_id("practice-link").click()
    teacher.page.get_by_test_id("practice").wait_for()
    teacher.page.locator("#practice-students").select_option("4")
    teacher.page.locator("#practice-scenario").select_option("first_day")
    teacher.page.get_by_test_id("practice-begin").click()
    room = teacher.page.get_by_test_id("live-room")
    expect(room).to_have_attribute("data-line", "open", timeout=30_000)
    others = teacher.page.locator('[data-testid^="tile-"][data-self="false"]')
    expect(others.first).to_be_visible(timeout=30_000)
    expect(teacher.page.get_by_test_id("practice-line").first).to_be_visible(timeout=30_000)
    names = [text for text in others.all_inner_texts() if re.search(r"\w", text)]
    assert names, "invented names stand on the tiles"

    def moving() -> int:
        counts = [int(one.get_attribute("data-frames") or "0") for one in others.all()]
        return sum(count > 5 for count in counts)

    wait_until(lambda: moving() >= 2, seconds=40, what="two synthetic students are seen moving")
    seen = moving()
    teacher.page.reload()
    teacher.page.get_by_test_id("practice-begin").click()
    expect(room).to_have_attribute("data-line", "open", timeout=30_000)
    expect(others.first).to_be_visible(timeout=30_000)
    teacher.page.goto(day.url)
    expect(teacher.page.get_by_test_id("today")).to_be_visible(timeout=20_000)
    assert not teacher.errors
    assert not refused
    assert not [one for one in sent if "practice-" in one]
    assert plain_teacher.register(section, meeting["id"]) == before
    plain_teacher.http.close()
    spools = b"".join(path.read_bytes() for path in (day.home / "doors").rglob("*") if path.is_file())
    assert b"practice-" not in spools
    say("class-practice", f"{seen} synthetic students seen moving in the live screen; 0 events at doors and office")


def test_a_student_is_shown_no_practice_class(day: SchoolDay, browser: Browser) -> None:
    student = at_a_device(browser, language="es-US")
    student.sign_on(day.url, user_name(day, "student"))
    expect(student.page.get_by_test_id("practice-link")).to_have_count(0)
    student.page.goto(f"{day.url}/practice")
    expect(student.page.get_by_test_id("practice")).to_have_count(0)
