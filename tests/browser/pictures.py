"""Take the README's pictures from a real day: python -m tests.browser.pictures"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.people import Someone, at_a_device
from tests.school_day import SchoolDay, environment_for, open_day, wait_until

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="schoolday-pictures-")) / "home"
    day = open_day(home, environment_for(home))
    try:
        wait_until(day.live_is_open, seconds=120, what="the live server runs")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            names = day.logins
            child = at_a_device(browser, width=390, height=844, touch=True)
            child.sign_on(day.url, names["student"]["user_name"])
            child.page.get_by_test_id("language").first.select_option("en")
            child.page.get_by_test_id("join").first.wait_for()
            child.page.wait_for_timeout(1000)
            child.page.screenshot(path=PICTURES / "today-phone.png")
            teacher = at_a_device(browser)
            teacher.sign_on(day.url, names["teacher"]["user_name"])
            teacher.page.get_by_test_id("language").first.select_option("en")
            teacher.join()
            for twin in names["twins"]:
                other = at_a_device(browser)
                other.sign_on(day.url, twin["user_name"])
                other.join()
            child.join()
            child.page.wait_for_timeout(8000)
            teacher.page.screenshot(path=PICTURES / "class-teacher.png")
            teacher.page.set_viewport_size({"width": 1366, "height": 1000})
            teacher.page.get_by_test_id("roll").screenshot(path=PICTURES / "class-list.png")
            family = at_a_device(browser)
            family.sign_on(day.url, names["guardian"]["user_name"])
            family.page.get_by_test_id("language").first.select_option("en")
            family.page.wait_for_timeout(3000)
            family.page.screenshot(path=PICTURES / "family.png")
            plan_b(day, browser, child)
            browser.close()
    finally:
        day.interrupt()


def plan_b(day: SchoolDay, browser: Browser, child: Someone) -> None:
    """A decision before it is declared, and after it: on the child's card, on the desk, on the status page."""
    operator = at_a_device(browser)
    operator.sign_on(day.url, day.logins["operator"]["user_name"])
    page = operator.page
    page.get_by_test_id("language").first.select_option("en")
    page.goto(f"{day.url}/office/detours/new/")
    for choice in ("band-6-8", "band-9-12", "pathway-link", "reason-live_slow"):
        page.locator(f"label[for='{choice}']").click()
    page.get_by_role("button", name="Show whom it touches").click()
    page.screenshot(path=PICTURES / "detour-preview.png")
    page.get_by_role("button", name="Declare it now").click()
    child.page.goto(day.url)
    child.page.get_by_test_id("moved").first.wait_for(timeout=60_000)
    child.page.get_by_test_id("moved").first.locator("summary").click()
    child.page.screenshot(path=PICTURES / "today-moved.png")
    page.goto(day.url)
    page.get_by_test_id("to-desk").click()
    page.get_by_test_id("desk-truth").wait_for()
    page.wait_for_timeout(8000)
    page.screenshot(path=PICTURES / "desk.png")


if __name__ == "__main__":
    main()
