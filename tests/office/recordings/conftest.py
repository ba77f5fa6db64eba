"""Recordings in a folder of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from schoolday.lib import clock
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast
from tests.office.attendance.day import DURING, meet


@pytest.fixture(autouse=True)
def teachers_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself a district records nothing."""
    monkeypatch.setitem(settings.SCHOOLDAY.values, "RECORDINGS", "teacher")


@pytest.fixture(autouse=True)
def recordings_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "RECORDINGS_DIR", str(tmp_path / "recordings"))
    return tmp_path / "recordings"


@pytest.fixture
def meeting(cast: Cast) -> Iterator[Meeting]:
    """The class is on."""
    with clock.at(DURING):
        yield meet(cast.section)
