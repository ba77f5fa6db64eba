"""The whiteboard: who may write on it, who has it, and that it is kept with its lesson."""

import json
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.figures import say
from tests.in_class.forger import Forger
from tests.in_class.lesson import SOON_MS, Lesson, reload
from tests.in_class.people import plain
from tests.school_day import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]

# A text as js-draw serializes it.
_TEXT = {
    "textObjects": [{"text": "I was here"}],
    "transform": [1, 0, 40, 0, 1, 200, 0, 0, 1],
    "style": {"size": 60, "fontFamily": "sans-serif", "renderingStyle": {"fill": "#ff0000"}},
}
# How many points of the board's paper are not white.
_INK = """(element) => {
  let ink = 0;
  for (const canvas of element.querySelectorAll('canvas')) {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 3; at < data.length; at += 4) if (data[at] > 60) ink++;
  }
  return ink;
}"""


def _paper(page: Page) -> Locator:
    return page.get_by_test_id("board-paper")


def _draw(page: Page) -> None:
    paper = _paper(page)
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.7, steps=8)
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.3, steps=8)
    page.mouse.up()


def _counts(page: Page, count: int) -> None:
    expect(page.get_by_test_id("board-stage")).to_have_attribute("data-count", str(count), timeout=SOON_MS)


def _ink(page: Page, at_least: int) -> int:
    paper = _paper(page)
    paper.scroll_into_view_if_needed()
    handle = paper.element_handle()
    assert handle
    page.wait_for_function(f"(element) => ({_INK})(element) >= {at_least}", arg=handle, timeout=SOON_MS)
    return int(paper.evaluate(_INK))


def test_a_board_on_which_they_write_with_leave(lesson: Lesson) -> None:
    lesson.opens("board").get_by_test_id("board-new").click()
    teacher, student, other = lesson.pages
    for page in lesson.pages:
        expect(page.get_by_test_id("board-stage")).to_be_visible(timeout=SOON_MS)
    # Nobody gave leave: her hand leaves nothing, on her own screen neither.
    expect(student.get_by_test_id("board-stage")).to_have_attribute("data-may-write", "false")
    expect(_paper(student).locator("canvas").first).to_be_attached(timeout=SOON_MS)
    _draw(student)
    _draw(teacher)
    for page in lesson.pages:
        _counts(page, 1)
    inked = _ink(other, 300)
    # One child has leave, and the other sees what she draws.
    teacher.get_by_test_id("writers-some").check()
    teacher.get_by_test_id(f"writer-{lesson.student.id}").check()
    expect(student.get_by_test_id("board-tools")).to_be_visible(timeout=SOON_MS)
    student.get_by_test_id("board-text").fill("cat")
    student.get_by_test_id("board-text").press("Enter")
    for page in lesson.pages:
        _counts(page, 2)
    written = _ink(other, inked + 100)
    expect(other.get_by_test_id("board-tools")).to_be_hidden()
    student.get_by_test_id("board-undo").click()
    for page in lesson.pages:
        _counts(page, 1)
    # A frozen class writes nothing; after it her leave is there again.
    teacher.get_by_test_id("freeze").click()
    expect(student.get_by_test_id("board-tools")).to_be_hidden(timeout=SOON_MS)
    teacher.get_by_test_id("freeze").click()
    expect(student.get_by_test_id("board-tools")).to_be_visible(timeout=SOON_MS)
    say(
        "class-board",
        f"{inked} points of a teacher's stroke and {written - inked} of a child's word on another child's screen",
    )


def test_what_a_student_sends_without_leave_is_taken_by_nobody(lesson: Lesson) -> None:
    """Her client obeys no rule: it says what one with leave would say, also as if a grown-up said it."""
    _draw(lesson.teacher.page)
    _counts(lesson.other.page, 2)
    node = lesson.teacher.page.get_by_test_id("live-room").get_attribute("data-node") or ""
    device = plain(lesson.day, "student")
    with closing(device.http), Forger(device, node=node) as forger:
        wait_until(lambda: _board_told(forger), seconds=30, what="who comes in is told which board is open")
        stroke = {"name": "text", "zIndex": 1, "id": "x", "data": _TEXT}
        for number, by in enumerate((f"{device.person_id}-evil", f"{lesson.teacher.id}-evil"), 1):
            act = {"by": by, "n": 1, "t": number, "page": "1", "adult": True}
            what = {"do": "add", "command": {"commandType": "add-element", "data": {"elemData": stroke}}}
            acts = json.dumps({"board": _board_told(forger), "acts": [act | {"what": what}], "whole": True})
            forger.send("board", {"id": f"evil{number}", "at": 0, "of": 1, "text": acts})
        forger.send("steer", {"rules": {"writers": {"v": 999, "by": "z", "value": {"who": "all", "subs": []}}}})
        forger.send("hand", {"up": True, "at": 1})
        # Her words come in order: who sees her hand has heard all that she sent before; and what is drawn after it
        # comes to the others after it.
        row = lesson.teacher.page.get_by_test_id(f"roll-row-{device.person_id}")
        expect(row.locator(".hand-place")).to_be_visible(timeout=40_000)
        _draw(lesson.teacher.page)
        for page in lesson.pages:
            _counts(page, 3)
        expect(lesson.other.page.get_by_test_id("board-tools")).to_be_hidden()


def _board_told(forger: Forger) -> str:
    rules = [json.loads(text)["rules"] for topic, text in list(forger.heard) if topic == "steer"]
    return next((str(one["board"]["value"]["id"]) for one in rules if "board" in one), "")


def test_a_newcomer_and_a_teacher_who_reloads_have_the_whole_board(lesson: Lesson) -> None:
    teacher = lesson.teacher.page
    reload(teacher)
    expect(teacher.get_by_test_id("board-stage")).to_be_visible(timeout=SOON_MS)
    _counts(teacher, 3)
    reload(lesson.student.page)
    _counts(lesson.student.page, 3)
    _ink(lesson.student.page, 300)
    teacher.get_by_test_id("board-clear").click()
    _counts(lesson.other.page, 0)
    teacher.get_by_test_id("board-undo").click()
    _counts(lesson.other.page, 3)


def test_a_board_is_kept_with_its_lesson(lesson: Lesson) -> None:
    """Put away, its page is at the office as a drawing and as a picture, for the children too."""
    teacher = lesson.teacher.page
    teacher.get_by_test_id("stage-close").click()
    expect(lesson.other.page.get_by_test_id("board-stage")).to_be_hidden(timeout=SOON_MS)
    for who in (teacher, lesson.other.page):
        wait_until(lambda who=who: len(lesson.files(who)) >= 2, seconds=30, what="the board is at the office")
    files = lesson.files(lesson.other.page)
    assert sorted(one["media_type"] for one in files.values()) == ["image/png", "image/svg+xml"]
    picture = next(one for one in files.values() if one["media_type"] == "image/png")
    answer = lesson.other.page.request.get(f"{lesson.day.url}/api/classbook/files/{picture['id']}")
    assert answer.body().startswith(b"\x89PNG")
    assert len(answer.body()) > 2_000  # not an empty page
