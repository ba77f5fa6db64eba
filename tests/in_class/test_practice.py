"""A teacher practises: synthetic students in the very same live screen, and nothing of it in register or class book."""

import json
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Request, Route, expect

from schoolday.agents.practice.scenario import Event, script
from tests.browser.people import Someone, at_a_device
from tests.figures import say
from tests.in_class.people import plain, user_name
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
STUDENTS = 4
# Scripts begin with arrivals; what is wanted comes soon after them, not before she is in class herself, and lasts.
FROM_SECONDS, UNTIL_SECONDS, LASTS_SECONDS = 22, 36, 25


def soon() -> tuple[int, Event, Event]:
    """A class of a first day in which soon one raises a hand and another loses her line: its seed, and who they are."""
    for seed in range(1, 100_000):
        events = script("first_day", students=STUDENTS, seed=seed)
        found = [one for one in events if FROM_SECONDS < one.at < UNTIL_SECONDS and lasts(one, events)]
        hand = next((one for one in found if one.does == "hand"), None)
        lost = next((one for one in found if one.does == "lost"), None)
        if hand and lost and hand.who != lost.who:
            return seed, hand, lost
    raise AssertionError("no such seed")


def lasts(event: Event, events: tuple[Event, ...]) -> bool:
    """Whether that student does nothing else for a while."""
    return not any(0 < one.at - event.at < LASTS_SECONDS for one in events if one.who == event.who)


def practise(teacher: Someone, seed: int) -> Any:
    """Begin on the page; the seed, which the call takes and the page leaves to chance, is put in. Return the answer."""

    def with_seed(route: Route) -> None:
        route.continue_(post_data=json.dumps({**json.loads(route.request.post_data or "{}"), "seed": seed}))

    teacher.page.route("**/agents/practice", with_seed)
    teacher.page.locator("#practice-students").select_option(str(STUDENTS))
    teacher.page.locator("#practice-scenario").select_option("first_day")
    with teacher.page.expect_response("**/agents/practice") as answered:
        teacher.page.get_by_test_id("practice-begin").click()
    return answered.value.json()


def test_a_practice_class_is_the_live_screen_and_leaves_no_trace(day: SchoolDay, browser: Browser) -> None:
    teacher = at_a_device(browser)
    told, refused = watch_requests(teacher)
    teacher.sign_on(day.url, user_name(day, "teacher"))
    plain_teacher = plain(day, "teacher")
    section, meeting = plain_teacher.meeting_now()
    before = plain_teacher.register(section, meeting["id"])
    seed, hand, lost = soon()
    teacher.page.get_by_test_id("practice-link").click()
    answer = practise(teacher, seed)
    students = [one["id"] for one in answer["members"] if one["role"] == "student"]
    room = teacher.page.get_by_test_id("live-room")
    expect(room).to_have_attribute("data-line", "open", timeout=30_000)
    raised = teacher.page.get_by_test_id(f"tile-{students[hand.who]}")
    expect(raised).to_have_attribute("data-hand", "true", timeout=40_000)
    expect(teacher.page.get_by_test_id("practice-line").first).to_be_visible(timeout=10_000)
    expect(teacher.page.get_by_test_id(f"place-{students[lost.who]}")).to_be_visible(timeout=40_000)

    others = teacher.page.locator('[data-testid^="tile-"][data-self="false"]')

    def moving() -> int:
        counts = [int(one.get_attribute("data-frames") or "0") for one in others.all()]
        return sum(count > 5 for count in counts)

    wait_until(lambda: moving() >= 2, seconds=40, what="two synthetic students are seen moving")
    seen = moving()
    # What a real class would have to keep: a word of the teacher's, and a child called on.
    teacher.page.get_by_test_id("chat").click()
    teacher.page.get_by_test_id("chat-input").fill("a word that nobody keeps")
    teacher.page.get_by_test_id("chat-input").press("Enter")
    teacher.page.get_by_test_id("teach").click()
    expect(teacher.page.get_by_test_id("teach-board")).to_be_visible()
    expect(teacher.page.get_by_test_id("teach-own_notes")).to_have_count(0)
    teacher.page.get_by_test_id("teach-board").click()
    teacher.page.get_by_test_id("board-new").click()
    teacher.page.get_by_test_id("board-text").fill("a line that nobody keeps")
    teacher.page.get_by_test_id("board-text").press("Enter")
    expect(teacher.page.get_by_test_id("board-stage")).to_have_attribute("data-count", "1", timeout=20_000)
    teacher.page.get_by_test_id("stage-close").click()
    expect(teacher.page.get_by_test_id("board-stage")).to_have_count(0)
    teacher.page.reload()
    again = practise(teacher, seed)
    assert again["meeting"] == answer["meeting"], "a reload comes back to the same class"
    expect(room).to_have_attribute("data-line", "open", timeout=30_000)
    expect(others.first).to_be_visible(timeout=30_000)
    teacher.leave()
    expect(teacher.page.get_by_test_id("today")).to_be_visible(timeout=20_000)
    wait_until(lambda: running(day) == 0, seconds=30, what="the class ends when she leaves")

    assert not teacher.errors
    assert not refused
    assert not told, "no request but the practice calls' own says a word of it"
    assert plain_teacher.register(section, meeting["id"]) == before
    plain_teacher.http.close()
    needles = [one.encode() for one in ("practice-", "that nobody keeps", *students)]
    kept = [path for path in day.home.rglob("*") if path.is_file() and path.suffix not in (".txt", ".log")]
    databases = [path for path in kept if b"SQLite format 3" in path.read_bytes()[:16] or "-wal" in path.name]
    assert len(databases) >= 2, "the office's and the doors'"
    for path in databases:
        content = path.read_bytes()
        assert not [needle for needle in needles if needle in content], path.name
    say(
        "class-practice",
        f"{seen} synthetic students seen moving, one raised a hand, one lost her line; in {len(databases)} databases "
        "of office and doors 0 words of it",
    )


def watch_requests(teacher: Someone) -> tuple[list[str], list[str]]:
    """What her page asks that speaks of a practice class, but for the practice calls; and what was refused badly."""
    told: list[str] = []
    refused: list[str] = []

    def look(one: Request) -> None:
        spoken = f"{one.url} {one.post_data_buffer or b''!r}"
        if "practice-" in spoken and "/agents/" not in one.url and "/assets/" not in one.url:
            told.append(one.url)

    teacher.context.on("request", look)
    teacher.context.on("response", lambda one: refused.append(one.url) if one.status >= 500 else None)
    return told, refused


def running(day: SchoolDay) -> int:
    return int(httpx.get(f"{day.url}/agents/practice/health", timeout=5).json()["classes"])


def test_a_student_is_shown_no_practice_class(day: SchoolDay, browser: Browser) -> None:
    student = at_a_device(browser, language="es-US")
    student.sign_on(day.url, user_name(day, "student"))
    expect(student.page.get_by_test_id("practice-link")).to_have_count(0)
    student.page.goto(f"{day.url}/practice")
    expect(student.page.get_by_test_id("practice")).to_have_count(0)
