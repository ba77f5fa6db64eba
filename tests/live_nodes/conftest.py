"""Two live servers, the app built anew, and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from tests.live_nodes import mock
from tests.live_nodes.servers import LiveServer


@pytest.fixture(scope="module")
def dist() -> Path:
    """The app as `make setup` has built it."""
    built = mock.APP / "dist"
    assert (built / "index.html").exists(), "run make setup"
    return built


@pytest.fixture(scope="module")
def school(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a school whose class has started two minutes ago, on two live servers."""
    mock.day.Day.starts_in_seconds = -120
    url, server = mock.serve(dist)
    folder = tmp_path_factory.mktemp("live")
    nodes = tuple(LiveServer(node, folder, f"{url}/hook") for node in ("n1", "n2"))
    mock.School.servers = nodes
    for node in nodes:
        node.start()
    yield url
    for node in nodes:
        node.kill()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()
