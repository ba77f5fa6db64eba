"""A real day whose class is open, and people who are in it."""

from tests.browser.conftest import browser, day

__all__ = ["browser", "day"]
