"""
Parts of a real day are killed while people sit at their browsers: each finds the way, and what they did is kept.

One day with two sites (edge, door and live server each), one browser with a camera. Every test takes other people,
and what it killed is up again after it.
"""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests import figures
from tests.browser.people import Someone, at_a_device
from tests.device import Device
from tests.kill import held_supervisor
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.timeout(600)]
IN_CLASS_SECONDS = 10
IN_CLASS_LIVE_SECONDS = 15
COLD_SECONDS = 3
Here = Callable[[str], Someone]


@pytest.fixture(autouse=True)
def all_parts_are_up_again(day: SchoolDay) -> Iterator[None]:
    yield
    wait_until(lambda: all(answers(url) for url in parts_of(day)), seconds=60, what="all parts serve again")


def parts_of(day: SchoolDay) -> list[str]:
    second = f"http://localhost:{day.environment['EDGE_B_PORT']}"
    return [
        f"{edge}{path}"
        for edge in (day.url, second)
        for path in ("/api/health", "/door/d1/health", "/door/d2/health", "/live/n1/", "/live/n2/")
    ]


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def seconds_until(condition: Callable[[], bool], *, at_most: float, what: str) -> float:
    began = time.monotonic()
    wait_until(condition, seconds=at_most, what=what)
    return time.monotonic() - began


def sees(who: Someone, person: str) -> Callable[[], bool]:
    """Whether frames of this person's camera go on coming."""
    before = who.frames_from(person)
    return lambda: who.frames_from(person) > before + 5


@pytest.fixture
def here(browser: Browser, day: SchoolDay) -> Iterator[Here]:
    """Bring people of the demo to devices that hold app, pass, plan and spare tickets; all leave at the end."""
    came: list[Someone] = []

    def comes(name: str) -> Someone:
        twin = {"twin": 0, "other_twin": 1}.get(name)
        login = day.logins["twins"][twin] if twin is not None else day.logins[name]
        who = at_a_device(browser)
        came.append(who)
        who.sign_on(day.url, login["user_name"])
        expect(who.page.get_by_test_id("today")).to_be_visible(timeout=20_000)
        who.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return who

    yield comes
    for who in came:
        if not who.page.is_closed() and who.page.get_by_test_id("live-room").count():
            who.leave()  # or she would sit in the next test's class for a while
        who.context.close()
    assert not [error for who in came for error in who.errors]


def evidence(day: SchoolDay, kind: str, person: str) -> int:
    """How many events of this kind the register's database has of a person."""
    with sqlite3.connect(f"file:{day.home / 'office.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
        question = "SELECT COUNT(*) FROM attendance_evidenceevent WHERE kind = ? AND person_id = ?"
        found = database.execute(question, (kind, person)).fetchone()
    return int(found[0])


@contextlib.contextmanager
def plain_device(day: SchoolDay, name: str) -> Iterator[Device]:
    """A device that speaks plain HTTP: for ids and the plan."""
    device = Device.signed_on(day.url, day.logins[name]["user_name"])
    yield device
    device.http.close()


@pytest.fixture(scope="module")
def teacher_id(day: SchoolDay) -> str:
    with plain_device(day, "teacher") as device:
        return device.person_id


@pytest.fixture(scope="module")
def student_id(day: SchoolDay) -> str:
    with plain_device(day, "student") as device:
        return device.person_id


def test_the_edge_is_killed(day: SchoolDay, here: Here, teacher_id: str) -> None:
    teacher = here("teacher")
    student = here("twin")
    teacher.join()
    with held_supervisor(day) as parts:
        parts.kill("edge")
        assert not answers(f"{day.url}/api/health")
        began = time.monotonic()
        student.page.reload()  # from the service worker: nothing answers at this address
        student.join()
        in_class = time.monotonic() - began
        sight = seconds_until(sees(student, teacher_id), at_most=30, what="the teacher's picture comes")
    figures.say("edge-killed", f"1 of 1 in class after {in_class:.1f} s, the teacher's picture {sight:.0f} s later")
    assert in_class < IN_CLASS_SECONDS


def test_all_doors_and_the_office_are_killed(day: SchoolDay, here: Here, student_id: str, teacher_id: str) -> None:
    teacher = here("teacher")
    student = here("student")
    teacher.join()
    arrived = evidence(day, "arrived", student_id)
    with held_supervisor(day) as parts:
        parts.kill("door", "door-b", "office", "work")
        began = time.monotonic()
        student.join()
        in_class = time.monotonic() - began
        wait_until(sees(student, teacher_id), seconds=30, what="the teacher's picture comes")
        assert evidence(day, "arrived", student_id) == arrived, "nobody could take it down"
    back = seconds_until(
        lambda: evidence(day, "arrived", student_id) == arrived + 1, at_most=90, what="her arrival is in the register"
    )
    time.sleep(5)
    assert evidence(day, "arrived", student_id) == arrived + 1, "once, not twice"
    assert evidence(day, "tried", student_id) > 0, "that the doors failed her is written down"
    figures.say(
        "all-doors-killed",
        f"in class by spare ticket after {in_class:.1f} s; "
        f"arrival in the register {back:.0f} s after doors and office came back, once",
    )
    assert in_class < IN_CLASS_SECONDS


def test_the_live_server_of_a_class_is_killed(day: SchoolDay, here: Here, teacher_id: str) -> None:
    teacher = here("teacher")
    students = [here(name) for name in ("twin", "other_twin")]
    for who in (teacher, *students):
        who.join()
    for one in students:
        wait_until(sees(one, teacher_id), seconds=30, what="the teacher's picture comes")
    students[0].page.get_by_test_id("hand").click()
    node = students[0].page.get_by_test_id("live-room").get_attribute("data-node")
    with held_supervisor(day) as parts:
        parts.kill({"n1": "live", "n2": "live-b"}[node or ""])
        began = time.monotonic()
        back = []
        for one in students:
            wait_until(sees(one, teacher_id), seconds=40, what="the teacher's picture comes back")
            back.append(time.monotonic() - began)
        expect(teacher.page.get_by_test_id("grid").locator("[data-hand=true]")).to_have_count(1, timeout=15_000)
    share = sum(seconds < IN_CLASS_LIVE_SECONDS for seconds in back)
    figures.say("live-node-killed", f"{share} of {len(back)} see their teacher again, after {max(back):.0f} s at most")
    assert share == len(back)


def test_all_doors_stopped_offline_and_cold(day: SchoolDay, here: Here, student_id: str) -> None:
    student = here("student")
    tried = evidence(day, "tried", student_id)
    with held_supervisor(day) as parts:
        parts.kill("door", "door-b")
        student.page.close()
        student.context.set_offline(True)
        page = student.context.new_page()
        began = time.monotonic()
        page.goto(day.url, wait_until="commit")
        page.get_by_test_id("today").wait_for(timeout=20_000)
        page.get_by_test_id("class-card").first.wait_for(timeout=20_000)
        card = time.monotonic() - began
        page.get_by_test_id("join").first.click()
        page.get_by_test_id("alternates").wait_for(timeout=20_000)
        whole = time.monotonic() - began
        page.wait_for_timeout(2_000)  # she tries for a while
    student.context.set_offline(False)
    back = seconds_until(
        lambda: evidence(day, "tried", student_id) > tried, at_most=120, what="her attempt is in the register"
    )
    figures.say(
        "cold-offline",
        f"today's card after {card:.1f} s, the alternates after {whole:.1f} s; "
        f"the attempt in the register {back:.0f} s after the line's return",
    )
    assert whole < COLD_SECONDS
