from collections.abc import Iterator

import pytest
from django.core.cache import cache

from schoolday.lib import clock
from tests.cast import Cast
from tests.office.console.readiness.evening import EVENING, ring
from tests.office.running import keys_in_force


@pytest.fixture(autouse=True)
def _in_the_evening() -> Iterator[None]:
    keys_in_force()
    cache.clear()
    with clock.at(EVENING):
        yield


@pytest.fixture
def bells(cast: Cast) -> Cast:
    """The cast, with bells at both schools."""
    ring(cast.school)
    ring(cast.other_school)
    return cast
