"""Everybody of a class sees everybody in it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.in_class.people import come
from tests.school_day import SchoolDay

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_everybody_is_in_one_class(day: SchoolDay, browser: Browser) -> None:
    teacher = come(browser, day, "teacher")
    student = come(browser, day, "twin")
    expect(student.page.get_by_test_id(f"tile-{teacher.id}")).to_be_visible(timeout=20_000)
    expect(teacher.page.get_by_test_id(f"tile-{student.id}")).to_be_visible(timeout=20_000)
    assert not teacher.device.errors + student.device.errors
