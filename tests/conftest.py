"""The cast for all tests; tests/home.py chooses SCHOOLDAY_HOME and the database."""

import pytest
from hypothesis import settings

# How long one example takes says nothing on a shared machine; that none hangs is pytest-timeout's to see.
settings.register_profile("schoolday", deadline=None)
settings.load_profile("schoolday")


@pytest.fixture
def cast(db: None) -> "object":
    from tests.cast import make_cast

    return make_cast()
