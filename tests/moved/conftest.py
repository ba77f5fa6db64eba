"""A school whose plan may change, the app built anew, and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import browser, devices_leave
from tests.live_nodes.conftest import dist
from tests.live_nodes.servers import LiveServer
from tests.moved import mock

__all__ = ["browser", "devices_leave", "dist"]


@pytest.fixture(scope="module")
def school(dist: Path) -> Iterator[str]:
    """The address of a school whose first class began a minute ago, and whose plan nobody has touched."""
    mock.day.Day.starts_in_seconds = -60
    mock.publish(detour=False)
    url, server = mock.serve(dist)
    yield url
    server.shutdown()
    server.server_close()


@pytest.fixture
def live(school: str, tmp_path: Path) -> Iterator[LiveServer]:
    node = LiveServer("n1", tmp_path, f"{school}/hook")
    node.start()
    mock.day.Day.live_url, mock.day.Day.ticket = node.url, "live"
    yield node
    node.kill()
    mock.day.Day.ticket = "alternate"
