"""Taken out of the class: not back by reload, by another device, or by the old token; and back with one tap."""

import re
import time
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests import figures
from tests.device import Refused
from tests.in_class.at_live import AtLive, Server
from tests.in_class.people import InClass, come, plain
from tests.in_class.test_steer import seat_of
from tests.school_day import SchoolDay, wait_until

_TAKEN_OUT = re.compile("took you out|te sacó|fè ou soti")

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]


def test_taken_out_she_stays_out(day: SchoolDay, browser: Browser) -> None:
    teacher, student = come(browser, day, "teacher"), come(browser, day, "student")
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node") or ""
    old = seat_of(day, "student", node)  # a token of hers that she kept
    server = Server(seat_of(day, "teacher", node))
    section, meeting = _meeting(day)
    wait_until(lambda: student.id in server.people(), seconds=20, what="she is in")
    plain_title = teacher.page.title()
    student.page.get_by_test_id("hand").click()
    teacher.page.get_by_test_id("hands").click()
    expect(teacher.page.get_by_test_id(f"queue-{student.id}")).to_be_visible(timeout=20_000)
    teacher.page.get_by_test_id(f"steer-{student.id}").click()
    teacher.page.get_by_test_id("remove").click()
    began = time.monotonic()
    expect(student.page.get_by_test_id("join-refused")).to_contain_text(_TAKEN_OUT, timeout=20_000)
    wait_until(lambda: student.id not in server.people(), seconds=20, what="off the live server")
    seen = time.monotonic() - began
    expect(teacher.page.get_by_test_id(f"roll-row-{student.id}")).to_have_attribute("data-where", "out")
    # Nothing of her is left to do: no hand in the queue or in the title, no place among the faces.
    expect(teacher.page.get_by_test_id("no-hands")).to_be_visible()
    expect(teacher.page).to_have_title(plain_title)
    for place in ("tile", "place"):
        expect(teacher.page.get_by_test_id(f"{place}-{student.id}")).to_have_count(0, timeout=20_000)
    expect(teacher.page.get_by_test_id("student-dialog")).to_have_count(0)

    # By the door, from another device of hers.
    assert _refusal(day, section, meeting) == "removed"
    # By a reload: the page of this class asks the door again by itself. And by the large button of her day.
    student.page.reload()
    expect(student.page.get_by_test_id("join-refused")).to_contain_text(_TAKEN_OUT, timeout=20_000)
    student.page.get_by_test_id("back-to-today").click()
    student.page.get_by_test_id("join").first.click()
    expect(student.page.get_by_test_id("join-refused")).to_contain_text(_TAKEN_OUT, timeout=20_000)
    # By the token she kept: LiveKit takes it, and she is put out, or it leads to where nobody is any more.
    back = AtLive(old)
    began = time.monotonic()
    try:
        wait_until(lambda: not back.connected() or _alone(teacher, old), seconds=25, what="put out again")
    finally:
        again = time.monotonic() - began
        back.leave()
    teacher.page.get_by_test_id(f"let-back-{student.id}").click()
    wait_until(lambda: _refusal(day, section, meeting) == "", seconds=25, what="let back in")
    student.page.get_by_test_id("join-again").click()
    expect(student.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    # The class follows the plan to its new live name within the minute that its devices need to hear of it.
    began = time.monotonic()
    hers = teacher.page.get_by_test_id(f"tile-{student.id}")
    wait_until(lambda: hers.count() == 1, seconds=120, what=f"back in her class {_places(teacher, student)}")
    together = time.monotonic() - began
    expect(hers).to_have_attribute("data-hand", "false")
    expect(student.page.get_by_test_id("hand")).to_have_attribute("aria-pressed", "false")
    figures.say(
        "class-removed",
        f"off the class in {seen:.1f} s; refused at the door to another device, after a reload and by the day's button;"
        f" with the token she kept, off LiveKit again after {again:.1f} s; let back, with her class {together:.0f} s"
        " after she came in",
    )
    assert not teacher.device.errors


def _alone(teacher: InClass, old: dict[str, Any]) -> bool:
    """Whether the class has moved on to another live name than the old token's."""
    place = teacher.page.get_by_test_id("live-room").get_attribute("data-place")
    return bool(place) and not Server(old).room.startswith(place)


def _places(*people: InClass) -> str:
    return str([one.page.get_by_test_id("live-room").get_attribute("data-place") for one in people])


def _meeting(day: SchoolDay) -> tuple[str, str]:
    device = plain(day, "student")
    with closing(device.http):
        section, meeting = device.meeting_now()
    return section, meeting["id"]


def _refusal(day: SchoolDay, section: str, meeting: str) -> str:
    """Why another device of hers is not let in; empty: it is."""
    device = plain(day, "student")
    with closing(device.http):
        try:
            device.join(section=section, meeting=meeting)
        except Refused as error:
            return str(error)
    return ""
