"""A live server by itself, and classes of synthetic people on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schoolday.lib import clock, ids
from schoolday.live import seats
from tests.class_load.crowd import Crowd, Place
from tests.live_nodes.servers import KEY, SECRET, LiveServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    server = LiveServer("n1", tmp_path, "http://127.0.0.1:9/hook")
    server.start()
    yield server
    server.kill()


def a_place(server: LiveServer, *, secret: str = SECRET) -> Place:
    now, meeting = clock.now_seconds(), ids.new_id()
    name = seats.live_name(meeting, cell_secret=b"load" * 8, day=seats.live_day(now))
    return Place(url=server.url, meeting=meeting, name=name, starts_at=now, api_key=KEY, api_secret=secret.encode())


def open_class(server: LiveServer, size: int, folder: Path, pictures: Path) -> Crowd:
    """Students, to whom their teacher is sent, and their teacher, to whom all of them are."""
    return Crowd(a_place(server), size, folder, footage=pictures, hears="adults", teacher=True)
