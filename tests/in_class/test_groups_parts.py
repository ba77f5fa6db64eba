"""Groups when a live server dies, and what looking after them costs the teacher's device."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import figures
from tests.in_class.at_live import AtLive
from tests.in_class.groups_people import in_group, open_groups, place, quiet
from tests.in_class.hearing import HEARD, MEASURE, level, playing, received
from tests.in_class.people import InClass, come, plain
from tests.kill import held_supervisor
from tests.school_day import SchoolDay, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.timeout(400),
]
GROUPS = 8 if figures.full_form() else 3
_MEASURE_SECONDS = 15
_TALK_EVERY_SECONDS = 3  # as a device of ours says it at most
_BACK_SECONDS = 30


@pytest.fixture
def teacher(browser: Browser, day: SchoolDay) -> Iterator[InClass]:
    came = come(browser, day, "teacher", before=MEASURE)
    yield came
    errors = came.device.errors
    came.device.context.close()
    assert not errors


def test_what_looking_after_groups_costs_the_teachers_device(teacher: InClass, day: SchoolDay) -> None:
    """CPU of her page's process and bytes of its media connections; a student in each group who speaks all the time."""
    page = teacher.page
    before = cost(page, lambda: None)
    page.get_by_test_id("groups").click()
    page.get_by_test_id("groups-count").fill(str(GROUPS))
    page.get_by_test_id("groups-open").click()
    lines = page.locator('[data-testid^="groups-view-"][data-open="true"]')
    expect(lines).to_have_count(GROUPS, timeout=60_000)
    students = [
        AtLive(seat) for seat in seats_in_groups(day, page.get_by_test_id("live-room").get_attribute("data-node"))
    ]
    try:
        for group in range(1, GROUPS + 1):
            view = page.get_by_test_id(f"groups-view-{group}")
            expect(view).to_have_attribute("data-here", "1", timeout=20_000)

        def talk() -> None:
            for one in students:
                one.send("group_talk", json.dumps({"ms": 1000 * _TALK_EVERY_SECONDS}))

        while_open = cost(page, talk)
        talk()
        expect(page.locator('[data-testid^="groups-member-"][data-speaking="true"]')).to_have_count(len(students))
    finally:
        for one in students:
            one.leave()
    page.get_by_test_id("groups-back").click()
    more = {name: while_open[name] - before[name] for name in before}
    assert more["frames"] == 0, "it receives no picture of any group"
    assert more["cpu"] < 0.05 * GROUPS
    figures.say(
        "class-groups-cost",
        f"her page without groups, and while she looks after {GROUPS} in which somebody speaks: "
        + ", ".join(
            f"{before[name]:.{digits}f} and {while_open[name]:.{digits}f} {unit}"
            for name, unit, digits in (
                ("connections", "connections", 0),
                ("cpu", "cores", 2),
                ("heap_mb", "MB of memory", 1),
                ("kbit", "kbit/s", 0),
            )
        )
        + "; no picture received",
    )


def cost(page: Page, meanwhile: Any) -> dict[str, float]:
    """What her page uses in some seconds: share of a core, kbit/s of its connections, script memory in MB."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def metrics() -> dict[str, float]:
        return {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}

    time.sleep(3)  # what opened a moment ago has settled
    first, line, began = metrics(), received(page), time.monotonic()
    while time.monotonic() - began < _MEASURE_SECONDS:
        meanwhile()
        time.sleep(_TALK_EVERY_SECONDS)
    seconds = time.monotonic() - began
    last, line_after = metrics(), received(page)
    devtools.detach()
    return {
        "cpu": (last["ProcessTime"] - first["ProcessTime"]) / seconds,
        "heap_mb": last["JSHeapUsedSize"] / 1e6,
        "kbit": (line_after["bytes"] - line["bytes"]) * 8 / 1000 / seconds,
        "frames": line_after["frames"] - line["frames"],
        "connections": line_after["connections"],
    }


def seats_in_groups(day: SchoolDay, node: str | None) -> list[dict[str, Any]]:
    """Seats in the groups, given by the door for students of the class who are at no browser."""
    device = plain(day, "teacher")
    with closing(device.http):
        section, meeting = device.meeting_now()
        joined = device.join(section=section, meeting=meeting["id"])
        url = next(seat["url"] for seat in joined["ticket"]["seats"] if seat["node"] == node)
        members = next(one for one in device.bundle["sections"] if one["id"] == section)["members"]
        students = [one["id"] for one in members if one["role"] == "student"][-GROUPS:]
        assert len(students) == GROUPS
        wanted = {f"{sub}.abcdefgh": index + 1 for index, sub in enumerate(students)}
        body = {"meeting": meeting["id"], "section": section, "seats": wanted}
        asked = device.http.post("/door/d1/groups", json=body, headers={"Authorization": f"Day {joined['session']}"})
        given = asked.json()["seats"]
    return [{"url": url, "token": given[identity], "identity": identity} for identity in wanted]


def test_a_group_goes_on_at_the_other_server_when_its_own_dies(
    teacher: InClass, day: SchoolDay, browser: Browser
) -> None:
    """Killed without a word: the children are in the same group elsewhere, looked after, and hear each other."""
    student = come(browser, day, "student", before=MEASURE)
    twin = come(browser, day, "twin", before=MEASURE)
    both = (student, twin)
    open_groups(teacher.page, count=2, of={student.id: "1", twin.id: "1"})
    for one in both:
        in_group(one.page, "1")
        quiet(one.page, "false")
    before, node = place(student), student.page.get_by_test_id("live-room").get_attribute("data-node")
    with held_supervisor(day) as parts:
        parts.kill({"n1": "live", "n2": "live-b"}[node or ""])
        began = time.monotonic()
        for one in both:
            room = one.page.get_by_test_id("live-room")
            expect(room).not_to_have_attribute("data-node", node or "", timeout=60_000)
            in_group(one.page, "1", timeout=60_000)
            expect(one.page.get_by_test_id("group-looked-after")).to_be_visible(timeout=60_000)
            quiet(one.page, "false")
            hears_one(one.page)
        seconds = time.monotonic() - began
        assert (place(student), place(twin)) == (before, before), "the same group"
        view = teacher.page.get_by_test_id("groups-view-1")
        expect(view).to_have_attribute("data-here", "2", timeout=30_000)
    assert seconds < _BACK_SECONDS
    teacher.page.get_by_test_id("groups-back").click()
    for one in both:
        expect(one.page.get_by_test_id("group-banner")).to_have_count(0, timeout=30_000)
        assert not one.device.errors
        one.device.context.close()
    figures.say(
        "class-groups-server",
        f"the live server of a group is killed: both children in the same group on the other one after {seconds:.0f} s,"
        " looked after, each heard by the other",
    )


def hears_one(page: Page) -> None:
    wait_until(lambda: playing(page) == 1, seconds=30, what="the other's sound is played")
    wait_until(lambda: level(page, seconds=1) > HEARD, seconds=30, what="and is not silence")
