"""The cast for all tests; tests/home.py chooses SCHOOLDAY_HOME and the database."""

from typing import Any

import pytest
from hypothesis import settings

# How long one example takes says nothing on a shared machine; that none hangs is pytest-timeout's to see.
settings.register_profile("schoolday", deadline=None)
settings.load_profile("schoolday")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Let what meets in a real live class be tried twice where the whole suite runs (`--twice`), and be named at its end.

    People who come, speak and see one another there share two cores with another test, and once in a hundred times one
    of them waits too long. What shows a claim (`schoolday prove`) has one try.
    """
    if config.getoption("twice"):
        for item in items:
            if item.get_closest_marker("live") or item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: Any) -> None:  # its type is pytest's own
    """Say why a first try failed: pytest shows the last try of a test, and one that passed then shows nothing."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"first try of {report.nodeid}", sep="_")
        terminalreporter.line(report.longreprtext)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--twice", action="store_true", help="try a test of a browser or a live class again when it fails")


@pytest.fixture
def cast(db: None) -> "object":
    from tests.cast import make_cast

    return make_cast()
