"""Quick questions and the timer: counted once a child, the same on all screens, results kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.figures import say
from tests.in_class.lesson import IN_THE_BOOK_SECONDS, SOON_MS, Lesson, reload
from tests.school_day import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]


def test_questions_are_counted_once_a_child_also_after_a_reload(lesson: Lesson) -> None:
    teacher = lesson.opens("polls")
    student, other = lesson.student.page, lesson.other.page
    teacher.get_by_test_id("poll-question").fill("Which one?")
    teacher.get_by_test_id("poll-form-abcd").check()
    teacher.get_by_test_id("poll-ask").click()
    student.get_by_test_id("answer-A").click(timeout=SOON_MS)
    expect(student.get_by_test_id("answer-state")).to_have_attribute("data-taken", "true", timeout=SOON_MS)
    student.get_by_test_id("answer-B").click()
    other.get_by_test_id("answer-B").click(timeout=SOON_MS)
    for page in (student, other):
        expect(page.get_by_test_id("answer-state")).to_have_attribute("data-taken", "true", timeout=SOON_MS)
        expect(page.get_by_test_id("poll-result")).to_be_hidden()
    running = teacher.get_by_test_id("poll-running")
    expect(running).to_have_attribute("data-answers", "2")
    reload(teacher)
    lesson.opens("polls")
    expect(running).to_have_attribute("data-answers", "2", timeout=SOON_MS)
    expect(teacher.locator('[data-testid="poll-live"] [data-answer="B"]')).to_have_attribute("data-count", "2")
    expect(teacher.locator('[data-testid="poll-live"] [data-answer="A"]')).to_have_attribute("data-count", "0")
    teacher.get_by_test_id("poll-close").click()
    expect(student.get_by_test_id("answer-A")).to_be_hidden(timeout=SOON_MS)
    teacher.get_by_test_id("poll-show").click()
    expect(other.locator('[data-testid="poll-result"] [data-answer="B"]')).to_have_attribute(
        "data-count", "2", timeout=SOON_MS
    )
    teacher.get_by_test_id("poll-away").click()
    expect(other.get_by_test_id("poll")).to_be_hidden(timeout=SOON_MS)
    say("class-polls", "2 of 2 answers counted once each, one of them changed, after a reload of the teacher")


def test_of_a_question_without_names_nobody_learns_who_said_what(lesson: Lesson) -> None:
    teacher = lesson.opens("polls")
    teacher.get_by_test_id("poll-question").fill("Was it too fast?")
    teacher.get_by_test_id("poll-named").uncheck()
    teacher.get_by_test_id("poll-ask").click()
    lesson.student.page.get_by_test_id("answer-yes").click(timeout=SOON_MS)
    expect(teacher.get_by_test_id("poll-running")).to_have_attribute("data-answers", "1", timeout=SOON_MS)
    expect(teacher.get_by_test_id("poll-names")).to_be_hidden()
    teacher.get_by_test_id("poll-away").click()
    expect(lesson.student.page.get_by_test_id("poll")).to_be_hidden(timeout=SOON_MS)


def _left_ms(page: Page) -> int:
    return int(page.get_by_test_id("timer").get_attribute("data-left-ms") or 0)


def test_a_timer_runs_on_all_screens_and_rests(lesson: Lesson) -> None:
    lesson.opens("timer").get_by_test_id("timer-5").click()
    teacher, student = lesson.teacher.page, lesson.student.page
    # It runs down, and at the same time on both screens.
    expect(student.get_by_test_id("timer-left")).to_have_text(re.compile(r"4:5[0-8]"), timeout=SOON_MS)
    lefts = [_left_ms(page) for page in (teacher, student)]
    assert abs(lefts[0] - lefts[1]) < 3_000, lefts
    teacher.get_by_test_id("timer-pause").click()
    for page in (teacher, student):
        expect(page.get_by_test_id("timer")).to_have_attribute("data-running", "false", timeout=SOON_MS)
    paused = _left_ms(student)
    assert 280_000 < paused < 299_000
    assert paused == _left_ms(teacher)
    teacher.get_by_test_id("timer-add").click()
    for page in (teacher, student):
        expect(page.get_by_test_id("timer")).to_have_attribute("data-left-ms", str(paused + 60_000), timeout=SOON_MS)
    # It goes on where it rested.
    teacher.get_by_test_id("timer-pause").click()
    expect(student.get_by_test_id("timer")).to_have_attribute("data-running", "true", timeout=SOON_MS)
    before = student.get_by_test_id("timer-left").inner_text()
    expect(student.get_by_test_id("timer-left")).not_to_have_text(before, timeout=SOON_MS)
    assert paused + 40_000 < _left_ms(student) < paused + 60_000
    teacher.get_by_test_id("timer-end").click()
    expect(student.get_by_test_id("timer")).to_be_hidden(timeout=SOON_MS)


def test_the_book_keeps_what_they_answered(lesson: Lesson) -> None:
    """With names where they were told so; of the other question its numbers only."""

    def answers() -> dict[str, dict[str, int]]:
        return {one["question"]: one["answers"] for one in lesson.book()["polls"]}

    wait_until(
        lambda: {"Which one?", "Was it too fast?"} <= set(answers()),
        seconds=IN_THE_BOOK_SECONDS,
        what="both questions are in the class book",
    )
    found = answers()
    assert found["Which one?"]["B"] == 2
    assert sum(found["Was it too fast?"].values()) == 1
    told = [row for row in lesson.book()["timeline"] if row["kind"] == "answer"]
    assert len(told) == 2, told
