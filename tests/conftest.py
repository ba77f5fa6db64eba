"""Every test run has its own SCHOOLDAY_HOME; TEST_DATABASE_URL chooses the database (default: SQLite)."""

import os
import tempfile

import pytest

os.environ["SCHOOLDAY_HOME"] = tempfile.mkdtemp(prefix="schoolday-tests-")
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolday.office.settings")


@pytest.fixture
def cast(db: None) -> "object":
    from tests.cast import make_cast

    return make_cast()
