"""A kindergartner with a badge, on a device nobody ever used, while the office is dead: a door alone lets her in."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import at_a_device
from tests.school_day import SchoolDay, environment_for, open_day, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.timeout(300)]


@pytest.fixture
def day(tmp_path: Path) -> Iterator[SchoolDay]:
    day = open_day(tmp_path / "home", environment_for(tmp_path / "home"))
    wait_until(day.live_is_open, seconds=60, what="the live server runs")
    yield day
    day.interrupt()


def stop_office(day: SchoolDay) -> None:
    control = Path(sys.executable).with_name("supervisorctl")
    subprocess.run(
        [control, "-c", day.home / "run" / "supervisord.conf", "stop", "office", "hasher", "work"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert httpx.get(f"{day.url}/api/health", timeout=5).status_code == 502


def test_a_badge_opens_the_class_with_the_office_dead(day: SchoolDay, browser: Browser) -> None:
    code = re.search(r"\b[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}\b", day.said())
    assert code, "the badge's code is printed"
    child = at_a_device(browser, width=768, height=1024, touch=True)
    child.page.goto(day.url)
    stop_office(day)
    child.page.get_by_test_id("way-badge").click()
    child.page.get_by_test_id("badge-code").fill(code[0])
    child.page.get_by_test_id("badge-go").click()
    expect(child.page.get_by_test_id("today")).to_be_visible(timeout=20_000)
    child.join()
    assert not child.errors
