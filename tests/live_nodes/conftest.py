"""Two live servers, the app built anew, and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import browser, devices_leave
from tests.live_nodes import mock
from tests.live_nodes.servers import LiveServer

__all__ = ["browser", "devices_leave"]


@pytest.fixture(scope="module")
def dist() -> Path:
    """The app as `make setup` has built it."""
    built = mock.APP / "dist"
    assert (built / "index.html").exists(), "run make setup"
    return built


@pytest.fixture
def school(dist: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a school whose class has started two minutes ago, on two live servers; each test has its own."""
    mock.day.Day.starts_in_seconds = -120
    mock.forget()
    url, server = mock.serve(dist)
    nodes = tuple(LiveServer(node, tmp_path, f"{url}/hook") for node in ("n1", "n2"))
    mock.School.servers = nodes
    for node in nodes:
        node.start()
    yield url
    for node in nodes:
        node.kill()
    server.shutdown()
    server.server_close()
