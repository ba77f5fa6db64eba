"""Taken out of the class: not back by reload, by join, or by the old token; and back with one tap."""

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

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.unproven]


def test_taken_out_she_stays_out(day: SchoolDay, browser: Browser) -> None:
    teacher, student = come(browser, day, "teacher"), come(browser, day, "student")
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node") or ""
    old = seat_of(day, "student", node)  # a token of hers that she kept
    server = Server(seat_of(day, "teacher", node))
    section, meeting = _meeting(day)
    wait_until(lambda: student.id in server.people(), seconds=20, what="she is in")
    teacher.page.get_by_test_id(f"steer-{student.id}").click()
    teacher.page.get_by_test_id("remove").click()
    began = time.monotonic()
    expect(student.page.get_by_test_id("join-refused")).to_contain_text(_TAKEN_OUT, timeout=20_000)
    wait_until(lambda: student.id not in server.people(), seconds=20, what="off the live server")
    seen = time.monotonic() - began
    expect(teacher.page.get_by_test_id(f"roll-row-{student.id}")).to_have_attribute("data-where", "out")

    # By the door, from another device of hers.
    assert _refusal(day, section, meeting) == "removed"
    # By a reload.
    student.page.reload()
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
    figures.say(
        "class-removed",
        f"off the class in {seen:.1f} s; refused at the door and by reload; with an old token out in {again:.1f} s",
    )

    teacher.page.get_by_test_id(f"let-back-{student.id}").click()
    wait_until(lambda: _refusal(day, section, meeting) == "", seconds=25, what="let back in")
    assert not teacher.device.errors


def _alone(teacher: InClass, old: dict[str, Any]) -> bool:
    """Whether the class has moved on to another live name than the old token's."""
    place = teacher.page.get_by_test_id("live-room").get_attribute("data-place")
    return bool(place) and not Server(old).room.startswith(place)


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
