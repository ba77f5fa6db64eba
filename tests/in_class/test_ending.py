"""The whole class goes elsewhere and comes back; the class ends for everybody, with a way back for ten seconds."""

import pytest
from playwright.sync_api import Browser, expect

from tests.figures import say
from tests.in_class.people import InClass, come
from tests.school_day import SchoolDay

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.unproven]


def more(one: InClass, testid: str) -> None:
    one.page.get_by_test_id("more").click()
    one.page.get_by_test_id(testid).click()


def test_a_class_is_moved_and_comes_back_and_ends(day: SchoolDay, browser: Browser) -> None:
    teacher, student = come(browser, day, "teacher"), come(browser, day, "twin")
    expect(teacher.page.get_by_test_id(f"tile-{student.id}")).to_be_visible(timeout=30_000)
    student.page.context.route("https://**", lambda route: route.fulfill(body="elsewhere", content_type="text/plain"))

    more(teacher, "move-menu")
    teacher.page.get_by_test_id("move-to").first.click()
    goes = student.page.get_by_test_id("class-goes").or_(student.page.get_by_test_id("class-moved")).first
    expect(goes).to_be_visible(timeout=15_000)
    assert len(student.page.context.pages) == 1, "nothing opens without a tap"
    with student.page.context.expect_page():
        goes.get_by_test_id("go-there").click()
    moving = teacher.page.get_by_test_id("moving")
    expect(moving).to_be_visible()
    counted = moving.get_attribute("data-went")
    say("class-moved", f"told at once; {counted} counted as gone, and back by one tap each")
    teacher.page.get_by_test_id("back-here-all").click()
    back = student.page.get_by_test_id("come-back").or_(student.page.get_by_test_id("join-back")).first
    expect(back).to_be_visible(timeout=90_000)
    back.click()
    expect(student.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)

    teacher.page.get_by_test_id("more").click()
    teacher.page.get_by_test_id("end-for-all").click()
    teacher.page.get_by_test_id("end-for-all").click()
    expect(student.page.get_by_test_id("ending-soon")).to_be_visible(timeout=10_000)
    teacher.page.get_by_test_id("not-yet").click()
    expect(student.page.get_by_test_id("ending-soon")).to_have_count(0, timeout=10_000)

    teacher.page.get_by_test_id("more").click()
    teacher.page.get_by_test_id("end-for-all").click()
    teacher.page.get_by_test_id("end-for-all").click()
    expect(student.page.get_by_test_id("goodbye")).to_be_visible(timeout=40_000)
    expect(teacher.page.get_by_test_id(f"tile-{student.id}")).to_have_count(0, timeout=20_000)
    student.page.get_by_test_id("goodbye-today").click()
    student.page.get_by_test_id("join").first.click()
    expect(student.page.get_by_test_id("ended-here")).to_be_visible(timeout=10_000)
    student.page.get_by_test_id("look-again").click()
    expect(student.page.get_by_test_id("goodbye")).to_be_visible(timeout=60_000)
    say("class-ended", "undone within ten seconds; then every student is told, has left, and finds the class over")
    assert not teacher.device.errors + student.device.errors
