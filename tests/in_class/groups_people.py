"""What tests do with groups of a class: open them, and see where somebody is."""

from collections.abc import Mapping

from playwright.sync_api import Page, expect

from tests.in_class.people import InClass

MOVE_MS = 30_000


def open_groups(teacher: Page, *, count: int, of: Mapping[str, str], minutes: str = "") -> None:
    """Open groups by hand: `of` says each student's."""
    panel(teacher)
    teacher.get_by_test_id("groups-count").fill(str(count))
    for sub, group in of.items():
        teacher.get_by_test_id(f"groups-put-{sub}").select_option(group, timeout=20_000)
    teacher.get_by_test_id("groups-minutes").fill(minutes)
    teacher.get_by_test_id("groups-open").click()


def panel(teacher: Page) -> None:
    """Open the panel of the groups, unless it is."""
    if teacher.get_by_test_id("groups-panel").count() == 0:
        teacher.get_by_test_id("groups").click(timeout=MOVE_MS)


def in_group(page: Page, group: str, *, timeout: int = MOVE_MS) -> None:
    expect(page.get_by_test_id("group-banner")).to_have_attribute("data-group", group, timeout=timeout)
    expect(page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=timeout)


def back(page: Page) -> None:
    """She is in the class again."""
    expect(page.get_by_test_id("group-banner")).to_have_count(0, timeout=MOVE_MS)
    expect(page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=MOVE_MS)


def quiet(page: Page, wanted: str, *, timeout: int = MOVE_MS) -> None:
    expect(page.get_by_test_id("live-room")).to_have_attribute("data-quiet", wanted, timeout=timeout)


def place(one: InClass) -> str:
    """The live name of the place where she is, as far as the page shows it."""
    return one.page.get_by_test_id("live-room").get_attribute("data-place") or ""
