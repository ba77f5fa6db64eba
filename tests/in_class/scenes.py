"""What goes on in a class while somebody looks at its screens: each scene begins, stays, and is over again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from playwright.sync_api import expect

from tests.in_class.groups_people import back, in_group, open_groups, panel
from tests.in_class.lesson import SOON_MS, pdf
from tests.in_class.people import InClass, opens

Scene = Callable[[InClass, InClass, Path], AbstractContextManager[None]]


@contextmanager
def board(teacher: InClass, student: InClass, _: Path) -> Iterator[None]:
    """All may write, and she has drawn a line."""
    opens(teacher.page, "board")
    teacher.page.get_by_test_id("board-new").click()
    stage = teacher.page.get_by_test_id("board-stage")
    paper = teacher.page.get_by_test_id("board-paper")
    expect(paper.locator("canvas").first).to_be_attached(timeout=SOON_MS)
    teacher.page.get_by_test_id("writers-all").check()
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box
    mouse = teacher.page.mouse
    mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6, steps=5)
    mouse.up()
    expect(stage).to_have_attribute("data-count", "1", timeout=SOON_MS)
    expect(student.page.get_by_test_id("board-tools")).to_be_visible(timeout=SOON_MS)
    yield
    teacher.page.get_by_test_id("stage-close").click()
    expect(student.page.get_by_test_id("board-stage")).to_be_hidden(timeout=SOON_MS)


@contextmanager
def slides(teacher: InClass, student: InClass, folder: Path) -> Iterator[None]:
    opens(teacher.page, "slides")
    file = pdf(folder / "plants.pdf", "Plants need light", "They drink water")
    teacher.page.get_by_test_id("slides-file").set_input_files(file)
    expect(student.page.get_by_test_id("slide-picture")).to_be_visible(timeout=SOON_MS)
    yield
    teacher.page.get_by_test_id("stage-close").click()
    expect(student.page.get_by_test_id("slides-stage")).to_be_hidden(timeout=SOON_MS)


@contextmanager
def question(teacher: InClass, student: InClass, _: Path) -> Iterator[None]:
    """A child has answered."""
    opens(teacher.page, "polls")
    teacher.page.get_by_test_id("poll-question").fill(
        "Which of these four numbers can be divided by seven and by nine?"
    )
    teacher.page.get_by_test_id("poll-form-abcd").check()
    teacher.page.get_by_test_id("poll-ask").click()
    student.page.get_by_test_id("answer-B").click(timeout=SOON_MS)
    expect(teacher.page.get_by_test_id("poll-running")).to_have_attribute("data-answers", "1", timeout=SOON_MS)
    yield
    teacher.page.get_by_test_id("poll-away").click()
    expect(student.page.get_by_test_id("poll")).to_be_hidden(timeout=SOON_MS)


@contextmanager
def results(teacher: InClass, student: InClass, folder: Path) -> Iterator[None]:
    """What they answered is shown to all."""
    with question(teacher, student, folder):
        teacher.page.get_by_test_id("poll-show").click()
        expect(student.page.get_by_test_id("poll-result")).to_be_visible(timeout=SOON_MS)
        yield


@contextmanager
def timer(teacher: InClass, student: InClass, _: Path) -> Iterator[None]:
    opens(teacher.page, "timer")
    teacher.page.get_by_test_id("timer-5").click()
    expect(student.page.get_by_test_id("timer-left")).to_be_visible(timeout=SOON_MS)
    yield
    teacher.page.get_by_test_id("timer-end").click()
    expect(student.page.get_by_test_id("timer")).to_be_hidden(timeout=SOON_MS)


@contextmanager
def talk(teacher: InClass, student: InClass, _: Path) -> Iterator[None]:
    """A hand is up, she looks at the hands; the child has written and reads the chat."""
    student.page.get_by_test_id("hand").click()
    teacher.page.get_by_test_id("hands").click()
    expect(teacher.page.get_by_test_id(f"queue-{student.id}")).to_be_visible(timeout=SOON_MS)
    student.page.get_by_test_id("chat").click()
    student.page.get_by_test_id("chat-input").fill("May I show my drawing of the volcano now?")
    student.page.get_by_test_id("chat-send").click()
    yield
    student.page.get_by_test_id("chat").click()
    student.page.get_by_test_id("hand").click()
    teacher.page.get_by_test_id("hands").click()


@contextmanager
def frozen(teacher: InClass, student: InClass, _: Path) -> Iterator[None]:
    teacher.page.get_by_test_id("freeze").click()
    expect(student.page.get_by_test_id("frozen")).to_be_visible(timeout=SOON_MS)
    yield
    teacher.page.get_by_test_id("freeze").click()
    expect(student.page.get_by_test_id("frozen")).to_be_hidden(timeout=SOON_MS)


@contextmanager
def groups(teacher: InClass, student: InClass, _: Path) -> Iterator[None]:
    """The child is in one; her teacher looks at all of them."""
    open_groups(teacher.page, count=2, of={student.id: "1"}, minutes="10")
    in_group(student.page, "1")
    panel(teacher.page)
    yield
    teacher.page.get_by_test_id("groups-back").click()
    back(student.page)
    side = teacher.page.get_by_test_id("panel-close")
    if side.count():
        side.click()


SCENES: dict[str, Scene] = {
    "board": board,
    "slides": slides,
    "question": question,
    "results": results,
    "timer": timer,
    "talk": talk,
    "frozen": frozen,
    "groups": groups,
}
