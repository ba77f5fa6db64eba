"""One class of thirty: synthetic participants in processes of their own, and two browsers among them."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from schoolday import settings_spec
from schoolday.live import seats
from tests.class_load.crowd import Crowd, Place, cpu_seconds, memory_mb, quantiles
from tests.figures import full_form, say
from tests.in_class.conftest import browser, day
from tests.in_class.people import come, plain
from tests.school_day import SchoolDay, wait_until

__all__ = ["browser", "day"]

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.unproven]
_LOOK_SECONDS = 30 if full_form() else 10


def place_of(day: SchoolDay, node: str) -> Place:
    """Where the demo's class is now, on the server on which the browsers are."""
    settings = settings_spec.load(day.environment)
    device = plain(day, "teacher")
    _, meeting = device.meeting_now()
    device.http.close()
    at = int(meeting["starts_at"])
    name = seats.live_name(
        meeting["id"], cell_secret=settings["CELL_SECRET"], day=seats.live_day(at), turn=meeting.get("turn", 0)
    )
    return Place(
        url=settings.live_nodes[node],
        meeting=meeting["id"],
        name=name,
        starts_at=at,
        api_key=settings["LIVE_API_KEY"],
        api_secret=settings["LIVE_API_SECRET"].encode(),
    )


def live_pid(day: SchoolDay) -> int:
    """The busier of the day's live servers."""
    found = [
        pid for pid in day.processes() if "livekit-server" in Path(f"/proc/{pid}/comm").read_text().replace("\n", "")
    ]
    assert found, "no live server runs"
    return max(found, key=cpu_seconds)


def tab(session: CDPSession) -> tuple[float, float]:
    """Return a tab's main-thread seconds so far, and its JavaScript heap in MB."""
    values = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(values["TaskDuration"]), float(values["JSHeapUsedSize"]) / 2**20


def test_thirty_in_one_class(day: SchoolDay, browser: Browser, tmp_path: Path) -> None:
    count = 30 if full_form() else 12
    teacher = come(browser, day, "teacher")
    student = come(browser, day, "twin")
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node") or "n1"
    crowd = Crowd(place_of(day, node), count, tmp_path)
    try:
        crowd.wait()
        p50, p95, lost = quantiles(crowd.took)
        everybody = teacher.page.locator('[data-testid^="tile-"]')
        expect(everybody.first).to_be_visible()
        session = student.page.context.new_cdp_session(student.page)
        session.send("Performance.enable")

        def frames(page: object) -> int:
            tiles = (teacher if page is teacher.page else student).page.locator("[data-frames]").all()
            return sum(int(one.get_attribute("data-frames") or "0") for one in tiles)

        wait_until(lambda: frames(teacher.page) > 50 and frames(student.page) > 50, seconds=60, what="pictures move")
        pid = live_pid(day)
        before = time.monotonic(), cpu_seconds(pid), tab(session)[0], frames(teacher.page), frames(student.page)
        student.page.wait_for_timeout(_LOOK_SECONDS * 1000)
        seconds = time.monotonic() - before[0]
        used = (cpu_seconds(pid) - before[1]) / seconds
        busy, heap = tab(session)
        hers = (frames(teacher.page) - before[3]) / seconds
        his = (frames(student.page) - before[4]) / seconds
        say(
            "class-thirty",
            f"{count} synthetic + 2 browsers: join p50 {p50:.2f} s, p95 {p95:.2f} s, {lost} not in; "
            f"{hers:.0f} and {his:.0f} frames a second decoded by the browsers; "
            f"live server {used:.2f} cores, {memory_mb(pid)} MB; "
            f"a student's tab {(busy - before[2]) / seconds:.0%} of its main thread, {heap:.0f} MB heap",
        )
        assert lost == 0
        assert hers > 0
        assert his > 0
    finally:
        crowd.close()
