"""A detour and a notice reach every card within a minute, each in its language, and go again when they are undone."""

import time

import pytest
from playwright.sync_api import Browser, expect

from tests import figures
from tests.browser.people import HANGS_AFTER_SECONDS, Someone, at_a_device
from tests.moved import mock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(HANGS_AFTER_SECONDS)]

WITHIN_MS = 60_000
LINES = {
    "en": "moved to Zoom today — tap to see why",
    "es": "hoy es por Zoom — toca para ver por qué",
    "ht": "jodi a li sou Zoom — peze pou wè poukisa",
}


def _at_her_day(browser: Browser, url: str, user_name: str, language: str) -> Someone:
    who = at_a_device(browser, width=390, height=844)
    who.sign_on(url, user_name)
    who.page.get_by_test_id("language").first.select_option(language)
    expect(who.page.locator("html")).to_have_attribute("lang", language)
    return who


def test_a_detour_is_on_every_card_within_a_minute_and_undone_is_off_it(school: str, browser: Browser) -> None:
    student = _at_her_day(browser, school, "student", "en")
    teacher = _at_her_day(browser, school, "teacher", "es")
    small = _at_her_day(browser, school, "small", "ht")
    guardian = _at_her_day(browser, school, "guardian", "en")
    cards = {"en": student, "es": teacher, "ht": small}
    expect(student.page.get_by_test_id("join")).to_be_visible()
    expect(student.page.get_by_test_id("moved")).to_have_count(0)

    published_at = mock.publish(detour=True, notices=(mock.snow_notice(),))
    for language, who in cards.items():
        line = who.page.get_by_test_id("moved").first
        expect(line).to_be_visible(timeout=WITHIN_MS)
        expect(line.locator("summary")).to_contain_text(LINES[language])
        line.locator("summary").click()
        expect(line.get_by_test_id("moved-why")).to_have_text(getattr(mock.REASON, language))
        expect(who.page.get_by_test_id("notice-notice000001")).to_contain_text(getattr(mock.SNOW, language))
    expect(guardian.page.get_by_test_id("moved").first).to_contain_text("Zoom today until", timeout=WITHIN_MS)
    seconds = time.monotonic() - published_at
    assert seconds < WITHIN_MS / 1000

    # Join is the way to the new place now, the chosen one first.
    there = student.page.get_by_test_id("go-there")
    expect(there).to_have_attribute("href", mock.ZOOM.url)
    expect(student.page.get_by_test_id("go-elsewhere")).to_have_attribute("href", mock.TEAMS.url)
    expect(student.page.get_by_test_id("join")).to_have_count(0)

    # Once, and then never again on this device, also after a reload.
    expect(student.page.get_by_test_id("notice-alert")).to_contain_text(mock.SNOW.en)
    student.page.get_by_test_id("close-notice-notice000001").click()
    expect(student.page.get_by_test_id("notice-notice000001")).to_have_count(0)
    student.page.reload()
    expect(student.page.get_by_test_id("go-there")).to_be_visible()
    expect(student.page.get_by_test_id("notice-notice000001")).to_have_count(0)

    undone_at = mock.publish(detour=False)
    for who in (student, teacher, small):
        expect(who.page.get_by_test_id("moved")).to_have_count(0, timeout=WITHIN_MS)
        expect(who.page.get_by_test_id("join").first).to_be_visible()
    back = time.monotonic() - undone_at
    expect(guardian.page.get_by_test_id("moved")).to_have_count(0, timeout=WITHIN_MS)
    figures.say(
        "card-moved",
        f"a detour is on 4 of 4 cards in 3 languages {seconds:.0f} s after it was published, "
        f"off again after {back:.0f} s",
    )
    assert mock.published.unchanged > 0, "an unchanged plan is not sent again (304)"
    for who in (student, teacher, small, guardian):
        assert not who.errors


def test_a_page_that_is_shown_again_and_a_ticket_of_another_plan_look_at_once(school: str, browser: Browser) -> None:
    student = _at_her_day(browser, school, "student", "en")
    expect(student.page.get_by_test_id("join")).to_be_visible()
    student.page.wait_for_timeout(6_000)
    published_at = mock.publish(detour=True)
    student.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(student.page.get_by_test_id("go-there")).to_be_visible(timeout=5_000)
    shown = time.monotonic() - published_at

    mock.publish(detour=False)
    student.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(student.page.get_by_test_id("join")).to_be_visible(timeout=WITHIN_MS)
    # The door knows it before she looked: its ticket says so, and the plan is fetched at that.
    published_at = mock.publish(detour=True)
    student.page.get_by_test_id("join").click()
    expect(student.page.get_by_test_id("joining").get_by_test_id("moved")).to_be_visible(timeout=5_000)
    by_ticket = time.monotonic() - published_at
    mock.publish(detour=False)
    figures.say("plan-at-once", f"{shown:.1f} s after the page is shown again, {by_ticket:.1f} s after a tap on Join")
    assert not student.errors


def test_help_is_one_tap_and_says_what_it_told(school: str, browser: Browser) -> None:
    student = _at_her_day(browser, school, "student", "es")
    mock.day.Day.events.clear()
    student.page.get_by_test_id("help").click()
    asked = student.page.get_by_test_id("help-asked")
    expect(asked).to_have_attribute("data-sent", "true", timeout=10_000)
    expect(asked).to_contain_text("Alguien de la escuela ya lo ve.")
    expect(student.page.get_by_test_id("help-phone")).to_have_attribute("href", "tel:+1 305 555 0111")
    told = [event for event in mock.day.Day.events if event["kind"] == "help_asked"]
    assert told[0]["sub"] == mock.day.STUDENTS[0].id
    assert told[0]["meeting"] == "meeting00001"
    assert told[0]["detail"]["screen"] == "today"
    student.page.get_by_test_id("help-close").click()
    student.page.get_by_test_id("help").click()
    expect(student.page.get_by_test_id("help-asked")).to_have_attribute("data-again", "true")
    assert len({event["id"] for event in mock.day.Day.events if event["kind"] == "help_asked"}) == 1

    nobody = at_a_device(browser, width=390, height=844)
    nobody.page.goto(school)
    nobody.page.get_by_test_id("help").click()
    expect(nobody.page.get_by_test_id("help-ways")).to_be_visible()
    assert not student.errors
    assert not nobody.errors
