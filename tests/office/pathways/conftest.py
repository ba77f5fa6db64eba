from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from schoolday.lib import clock
from schoolday.office.signin.keys import KeyFolder
from tests.cast import Cast
from tests.office.pathways.card_plans import Publisher
from tests.office.pathways.plans import Reader, empty_plan_folder, set_bells
from tests.office.running import keys_in_force

MONDAY_7 = datetime(2026, 9, 14, 11, tzinfo=UTC)  # 7:00 in New York


@pytest.fixture(autouse=True, scope="session")
def keys() -> KeyFolder:
    return keys_in_force()


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with clock.at(MONDAY_7):
        yield


@pytest.fixture(autouse=True)
def _nothing_published_yet() -> None:
    empty_plan_folder(settings.SCHOOLDAY.plan_dir)


@pytest.fixture
def belled(cast: Cast) -> Cast:
    """The cast, in schools that have bells."""
    for school in (cast.school, cast.other_school):
        set_bells(school)
    return cast


@pytest.fixture
def reader() -> Reader:
    return Reader(settings.SCHOOLDAY.plan_dir)


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    """The plan of an invented district, of which nothing is published yet."""
    return Publisher(tmp_path / "plan")
