"""A signed plan, and one real live server a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.door.district import District
from tests.live_nodes.servers import LiveServer


@pytest.fixture
def district(tmp_path: Path) -> District:
    district = District(tmp_path / "plan")
    district.publish()
    return district


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    server = LiveServer("n1", tmp_path_factory.mktemp("live"), "http://127.0.0.1:9/hook")
    server.start()
    yield server
    server.kill()
