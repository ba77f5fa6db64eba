"""A real day whose class is open, and people who are in it."""

from tests.browser.conftest import browser, day, devices_leave
from tests.in_class.lesson import lesson

__all__ = ["browser", "day", "devices_leave", "lesson"]
