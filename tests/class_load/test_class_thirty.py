"""A class of thirty, and one of sixty: synthetic participants in a process of their own, two browsers among them."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from schoolday import settings_spec
from schoolday.live import seats
from tests.browser.conftest import FLAGS
from tests.class_load import footage
from tests.class_load.crowd import Crowd, Hears, Place
from tests.class_load.load import CORES, Cores, cpu_seconds, memory_mb, quantiles
from tests.figures import full_form, say
from tests.in_class.conftest import day
from tests.in_class.people import InClass, come, plain
from tests.school_day import SchoolDay, wait_until

__all__ = ["day"]

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]
_LOOK_SECONDS = 30 if full_form() else 10
# Media sections of a page's open lines: each one more makes every negotiation slower.
_COUNT_SECTIONS = """
const lines = [];
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real { constructor(...how) { super(...how); lines.push(this); } };
const open = () => lines.filter((line) => line.signalingState !== "closed");
window.mediaSections = () => open().reduce((sum, line) => sum + line.getTransceivers().length, 0);
"""
_CAMERA = 20  # pictures a second that a browser's camera makes


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """As everywhere, with cameras of 20 pictures a second: here is measured what they cost."""
    flags = [flag.replace("=fps=8", f"=fps={_CAMERA}") for flag in FLAGS]
    assert flags != FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield browser
        browser.close()


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


class Tab:
    """What a tab uses: of its main thread, of all threads of its process (decoding is in others), and its heap."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")
        self._at_first = self._values()

    def _values(self) -> dict[str, float]:
        return {one["name"]: float(one["value"]) for one in self._session.send("Performance.getMetrics")["metrics"]}

    def said(self) -> str:
        now, before = self._values(), self._at_first
        seconds = now["Timestamp"] - before["Timestamp"]
        # ThreadTime, not TaskDuration: on a full machine a task lasts long while it only waits for a core.
        main = (now["ThreadTime"] - before["ThreadTime"]) / seconds
        cores = (now["ProcessTime"] - before["ProcessTime"]) / seconds
        return f"{cores:.2f} cores, {main:.0%} of its main thread, {now['JSHeapUsedSize'] / 2**20:.0f} MB heap"


@pytest.fixture(scope="module")
def people(day: SchoolDay, browser: Browser) -> tuple[InClass, InClass]:
    """A teacher and a student, who stay for the whole module."""
    return come(browser, day, "teacher", before=_COUNT_SECTIONS), come(browser, day, "twin", before=_COUNT_SECTIONS)


def place_of_class(day: SchoolDay, who: InClass) -> Place:
    return place_of(day, who.page.get_by_test_id("live-room").get_attribute("data-node") or "n1")


def test_thirty_in_one_class(day: SchoolDay, browser: Browser, people: tuple[InClass, InClass], tmp_path: Path) -> None:
    """In the full form once as a class with data saver, and once with everybody sent to everybody."""
    count = 30 if full_form() else 12
    place = place_of_class(day, people[0])
    said = [f"{count} synthetic students + 2 browsers, {CORES} cores for all of it"]
    pictures = footage.make(browser, tmp_path)
    ways: dict[Hears, str] = {"adults": "to each synthetic one the teacher is sent"}
    if full_form():
        ways["everybody"] = "everybody to everybody"
    for hears, how in ways.items():
        crowd = Crowd(place, count, tmp_path, footage=pictures, hears=hears)
        try:
            crowd.wait()
            others = 1 if hears == "adults" else 2
            meant = others * _CAMERA + (hears == "everybody") * (count - 1) * footage.PICTURES_PER_SECOND
            said.append(f"{how}: {_look(day, people, crowd, meant=meant)}")
        finally:
            crowd.close()
    say("class-thirty", "; ".join(said))


def test_sixty_in_one_class_are_seen_on_pages(
    day: SchoolDay, browser: Browser, people: tuple[InClass, InClass], tmp_path: Path
) -> None:
    """Each face keeps its place when one turns the page and comes back; who is not on the page is not received."""
    count = 60 if full_form() else 30
    teacher = people[0]
    pictures = footage.make(browser, tmp_path)
    crowd = Crowd(place_of_class(day, teacher), count, tmp_path, footage=pictures, hears="adults")
    try:
        crowd.wait()
        p50, p95, lost = quantiles(crowd.took)
        assert lost == 0, crowd.errors()
        wait_until(
            lambda: len(faces(teacher.page)) == count + 2, seconds=120, what=f"{count + 2} faces on the teacher's pages"
        )
        pages = int(teacher.page.get_by_test_id("gallery").get_attribute("data-pages") or 0)
        assert pages > 1
        on_first = _tiles(teacher.page)
        wait_until(lambda: _rate(teacher, seconds=2) > len(on_first), seconds=60, what="the first page's pictures move")
        first = _rate(teacher, seconds=_LOOK_SECONDS)
        _turn(teacher.page.get_by_test_id("page-next"))
        on_last = _tiles(teacher.page)
        teacher.page.wait_for_timeout(5_000)  # subscriptions follow the page
        last = _rate(teacher, seconds=_LOOK_SECONDS)
        assert len(faces(teacher.page)) == count + 2
        assert _tiles(teacher.page) == on_first, "somebody changed her place"
        assert last / first < (len(on_last) + len(on_first)) / 2 / len(on_first), "who is not on the page is received"
    finally:
        crowd.close()
    say(
        "class-sixty",
        f"{count} synthetic students + 2 browsers: join p50 {p50:.2f} s, p95 {p95:.2f} s, {lost} not in; {pages} pages "
        f"of a Chromebook's screen; {len(on_first)} faces on the first: {first:.0f} frames a second decoded, "
        f"{len(on_last)} on the last: {last:.0f}; back on the first everybody has her old place",
    )


def _tiles(page: Page) -> list[str]:
    """Who is on the page that a screen shows, in order."""
    found: list[str] = page.locator('[data-testid^="tile-"]').evaluate_all(
        "all => all.map((one) => one.dataset.testid)"
    )
    return found


def faces(page: Page) -> set[str]:
    """Everybody whom a screen shows, on all its pages; it is left on the first one."""
    before, further = page.get_by_test_id("page-before"), page.get_by_test_id("page-next")
    _turn(before)
    found = set(_tiles(page))
    while further.count() and further.is_enabled():
        further.click()
        found |= set(_tiles(page))
    _turn(before)
    return found


def _turn(button: Locator) -> None:
    """To the first or the last page."""
    while button.count() and button.is_enabled():
        button.click()


def _rate(who: InClass, *, seconds: int) -> float:
    """Pictures of others a second that her browser decodes."""
    before, began = _frames(who), time.monotonic()
    who.page.wait_for_timeout(seconds * 1000)
    return (_frames(who) - before) / (time.monotonic() - began)


def _frames(who: InClass) -> int:
    """All pictures of others that her browser has decoded so far."""
    return int(who.page.get_by_test_id("line-counted").get_attribute("data-frames") or 0)


def _sections(who: InClass) -> int:
    return int(who.page.evaluate("window.mediaSections()"))


def _look(day: SchoolDay, people: tuple[InClass, InClass], crowd: Crowd, *, meant: int) -> str:
    """`meant`: pictures a second that each synthetic one wants."""
    teacher, student = people
    p50, p95, lost = quantiles(crowd.took)
    assert lost == 0, crowd.errors()
    wanted = len(crowd.took) + 2
    wait_until(lambda: len(faces(teacher.page)) == wanted, seconds=120, what=f"{wanted} faces on the teacher's pages")
    started = _frames(teacher), _frames(student)
    wait_until(
        lambda: _frames(teacher) > started[0] + 50 and _frames(student) > started[1] + 50,
        seconds=60,
        what="pictures that move",
    )
    pid = live_pid(day)
    cores, tab = Cores(server=pid, generators=[crowd.pid]), Tab(student.page)
    before, sections = (_frames(teacher), _frames(student)), _sections(student)
    crowd.received()
    student.page.wait_for_timeout(_LOOK_SECONDS * 1000)
    received = crowd.received()
    seconds = received.seconds
    of_server, of_generator, of_all = cores.so_far()
    of_tab = tab.said()
    hers, his = (_frames(teacher) - before[0]) / seconds, (_frames(student) - before[1]) / seconds
    assert hers > 0
    assert his > 0
    grown = _sections(student)
    assert grown <= sections, "nobody came, and her line negotiates more and more"
    assert min(received.pictures) > 0, "a synthetic student is sent no picture"
    sent, least = statistics.median(received.pictures) / seconds, min(received.pictures) / seconds
    return (
        f"join p50 {p50:.2f} s, p95 {p95:.2f} s, {lost} not in; frames a second: the teacher's browser decodes "
        f"{hers:.0f}, a student's {his:.0f}, a synthetic student is sent {sent:.0f} of {meant} (at least {least:.0f}); "
        f"cores: live server {of_server:.2f}, generator {of_generator:.2f}, all {of_all:.2f}; memory: live server "
        f"{memory_mb(pid)} MB; the student's tab {of_tab}; its line "
        f"had {sections} media sections, and {grown} at the end"
    )
