"""One real door per module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.door.district import District
from tests.door.process import Door


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    district = District(tmp_path_factory.mktemp("plan"))
    district.publish()
    return district


@pytest.fixture(scope="module")
def door(district: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    door = Door(district, Path(tmp_path_factory.mktemp("home")))
    door.wait()
    yield door
    assert door.stop() == 0
    assert "Traceback" not in door.log()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Door]:
    """A door of one test's own, with a plan of its own."""
    district = District(tmp_path / "plan")
    district.publish()
    door = Door(district, tmp_path / "home")
    door.wait()
    yield door
    assert door.stop() == 0
    assert "Traceback" not in door.log()
