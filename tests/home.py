"""
Every test run has its own SCHOOLDAY_HOME; TEST_DATABASE_URL chooses the database (default: SQLite).

A plugin (`-p tests.home` in pyproject.toml) and not conftest.py: pytest-django loads the settings before any
conftest, so what stands there comes too late and tests would write into the home of this working copy.
"""

import atexit
import os
import shutil
import tempfile

HOME = tempfile.mkdtemp(prefix="schoolday-tests-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["SCHOOLDAY_HOME"] = HOME
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolday.office.settings")
