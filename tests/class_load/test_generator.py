"""The generator itself: who is sent what, that they speak, and that nobody is counted who did not get in."""

from pathlib import Path

import pytest

from tests.class_load import footage
from tests.class_load.crowd import Crowd, Received
from tests.class_load.server import a_place, open_class, server
from tests.live_nodes.servers import LiveServer
from tests.school_day import wait_until

__all__ = ["server"]

pytestmark = [pytest.mark.browser, pytest.mark.live]
_SPEAK_WITHIN_SECONDS = 40  # generator/microphone.go: after 30 at most


def test_students_are_sent_their_teacher_and_she_all_of_them(
    server: LiveServer, pictures: Path, tmp_path: Path
) -> None:
    students = 4
    crowd = open_class(server, students, tmp_path, pictures)
    got: list[Received] = []

    def each(of: str) -> list[int]:
        return [sum(several) for several in zip(*(getattr(one, of) for one in got), strict=True)]

    def all_heard_somebody() -> bool:
        got.append(crowd.received())
        return min(each("sounds")) > 0

    try:
        crowd.wait()
        assert None not in crowd.took, crowd.errors()
        assert len(crowd.took) == students + 1
        wait_until(all_heard_somebody, seconds=_SPEAK_WITHIN_SECONDS, what="students hear their teacher, and she them")
        sent = sum(one.seconds for one in got) * footage.PICTURES_PER_SECOND
        *hers, teachers = (one / sent for one in each("pictures"))
        assert all(0.5 < share < 1.5 for share in hers), f"the teacher, and nobody else: {hers}"
        assert 0.5 * students < teachers < 1.5 * students, f"each of the students: {teachers}"
    finally:
        crowd.close()


def test_who_did_not_get_in_is_said(server: LiveServer, pictures: Path, tmp_path: Path) -> None:
    place = a_place(server, secret="not the live server's secret, though as long")
    crowd = Crowd(place, 2, tmp_path, footage=pictures, hears="adults")
    try:
        crowd.wait()
        assert crowd.took == [None, None]
        assert "did not get in" in crowd.errors()
    finally:
        crowd.close()
