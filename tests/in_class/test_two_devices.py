"""A child with a tablet and a phone is one child: one face, one tap for all she has, here until the last has left."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.in_class.at_live import Server
from tests.in_class.people import InClass, come
from tests.in_class.test_steer import seat_of
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live]
_SOON_MS = 20_000


def test_one_child_at_two_devices(day: SchoolDay, browser: Browser) -> None:
    teacher, tablet = come(browser, day, "teacher"), come(browser, day, "student")
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node") or ""
    server = Server(seat_of(day, "teacher", node))
    phone = come(browser, day, "student", width=360, height=740)
    assert phone.id == tablet.id
    child = tablet.id
    # Who came to the class's other live server moves to the teacher's.
    wait_until(lambda: server.devices(child) == 2, seconds=90, what="both of her devices are at the teacher's server")

    face = teacher.page.get_by_test_id(f"tile-{child}")
    _is_seen(teacher, child)
    expect(teacher.page.get_by_test_id("name")).to_have_count(2)
    expect(teacher.page.get_by_test_id("roll-summary")).to_have_attribute("data-here", "1")
    for device in (tablet, phone):
        expect(device.page.get_by_test_id(f"tile-{child}")).to_have_count(1)
        expect(device.page.get_by_test_id("name")).to_have_count(2)

    # The device that is looked at stops its camera: the other one's is her face.
    phone.page.get_by_test_id("camera").click()
    expect(phone.page.get_by_test_id("camera")).to_have_attribute("aria-pressed", "false")
    _is_seen(teacher, child)

    # One tap mutes whatever she speaks into.
    for device in (tablet, phone):
        microphone = device.page.get_by_test_id("microphone")
        if microphone.get_attribute("aria-pressed") == "false":
            microphone.click()
        expect(microphone).to_have_attribute("aria-pressed", "true", timeout=_SOON_MS)
    expect(face).to_have_attribute("data-microphone", "true", timeout=_SOON_MS)
    teacher.page.get_by_test_id(f"steer-{child}").click()
    teacher.page.get_by_test_id("mute-one").click()
    for device in (tablet, phone):
        expect(device.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "false", timeout=_SOON_MS)
    expect(face).to_have_attribute("data-microphone", "false", timeout=_SOON_MS)

    # She puts one of them away, and is still here; then the other one, and keeps an empty place.
    empty = teacher.page.get_by_test_id(f"place-{child}")
    tablet.device.leave()
    wait_until(lambda: server.devices(child) == 1, seconds=20, what="one of her devices has left")
    expect(face).to_have_count(1)
    expect(empty).to_have_count(0)
    phone.device.leave()
    expect(empty).to_be_visible(timeout=_SOON_MS)
    expect(face).to_have_count(0)
    teacher.device.leave()
    for who in (teacher, tablet, phone):
        assert not who.device.errors


def test_a_lost_device_does_not_stand_beside_the_one_that_came_for_it(day: SchoolDay, browser: Browser) -> None:
    teacher = come(browser, day, "teacher")
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node") or ""
    server = Server(seat_of(day, "teacher", node))
    seat = seat_of(day, "twin", node)
    with lost_device(seat) as lose:
        twin = come(browser, day, "twin")
        wait_until(lambda: server.devices(twin.id) == 2, seconds=90, what="both are at the teacher's server")
        lose()
        assert server.devices(twin.id) == 2, "the server notices at once: nothing is shown here"
        _is_seen(teacher, twin.id)
        wait_until(lambda: server.devices(twin.id) == 1, seconds=60, what="the server has noticed")
        _is_seen(teacher, twin.id)
    for who in (teacher, twin):
        assert not who.device.errors


_AT_LIVE = """
import json, sys, time
from tests.in_class.at_live import AtLive
AtLive(json.load(sys.stdin))
print("in class", flush=True)
time.sleep(300)
"""


@contextmanager
def lost_device(seat: dict[str, Any]) -> Iterator[Callable[[], None]]:
    """A device that takes this seat; what is returned ends it in the middle of a word, as an empty battery does."""
    with subprocess.Popen(
        [sys.executable, "-c", _AT_LIVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdin
            assert process.stdout
            with process.stdin as to:
                json.dump(seat, to)
            assert process.stdout.readline() == "in class\n"
            yield process.kill
        finally:
            process.kill()


def _is_seen(teacher: InClass, child: str) -> None:
    """The teacher sees her move: pictures go on coming on her one tile."""
    face = teacher.page.get_by_test_id(f"tile-{child}")
    expect(face).to_have_count(1)
    expect(face.locator("video")).to_be_visible(timeout=_SOON_MS)
    wait_until(lambda: face.get_attribute("data-frames") is not None, seconds=20, what="her picture")
    # Twice: the count begins anew when another device of hers becomes the face.
    for _ in range(2):
        before = teacher.device.frames_from(child)
        wait_until(lambda before=before: teacher.device.frames_from(child) != before, seconds=20, what="it moves")
