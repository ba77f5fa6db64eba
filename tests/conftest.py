"""The cast for all tests; tests/home.py chooses SCHOOLDAY_HOME and the database."""

import pytest


@pytest.fixture
def cast(db: None) -> "object":
    from tests.cast import make_cast

    return make_cast()
