"""What a teacher brings to her class: slides, links, files, and the notes that are hers alone."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.figures import say
from tests.in_class.forger import Forger
from tests.in_class.lesson import IN_THE_BOOK_SECONDS, SOON_MS, Lesson, pdf, reload
from tests.in_class.people import plain
from tests.school_day import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]

_DARK = """(image) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] < 200) dark++;
  return dark;
}"""
_SECRET = "zebrafinch: a quiet word after class"


@pytest.fixture
def slides(lesson: Lesson, tmp_path: Path) -> Iterator[Lesson]:
    """A PDF of three pages is open, at its first."""
    panel = lesson.opens("slides")
    file = pdf(tmp_path / "plants.pdf", "Plants need light", "They drink water", "They breathe")
    panel.get_by_test_id("slides-file").set_input_files(file)
    expect(panel.get_by_test_id("slides-stage")).to_have_attribute("data-here", "true", timeout=SOON_MS)
    yield lesson
    lesson.teacher.page.get_by_test_id("stage-close").click()
    expect(lesson.other.page.get_by_test_id("slides-stage")).to_be_hidden(timeout=SOON_MS)


def _picture(page: Page, text: str) -> int:
    """Wait for a page with these words, and return how many dark points its picture has."""
    expect(page.get_by_test_id("slide-text")).to_contain_text(text, timeout=SOON_MS)
    picture = page.get_by_test_id("slide-picture")
    expect(picture).to_have_js_property("complete", True, timeout=SOON_MS)
    dark = int(picture.evaluate(_DARK))
    assert dark > 500, dark
    return dark


def _place(of: Locator) -> tuple[float, float, float, float]:
    box = of.bounding_box()
    assert box
    return box["x"], box["y"], box["width"], box["height"]


def test_a_pdf_is_seen_by_all_also_by_who_comes_later(slides: Lesson) -> None:
    teacher, student, other = slides.pages
    seen = _picture(student, "Plants need light")
    teacher.get_by_test_id("slides-stage").focus()
    teacher.keyboard.press("ArrowRight")
    _picture(student, "They drink water")
    # Back alone, and with the class again.
    student.get_by_test_id("slides-previous").click()
    expect(student.get_by_test_id("slide-text")).to_contain_text("Plants need light")
    student.get_by_test_id("slides-return").click()
    expect(student.get_by_test_id("slide-text")).to_contain_text("They drink water")
    reload(other)
    later = _picture(other, "They drink water")
    # She who has the file goes on where she was, also after a reload.
    reload(teacher)
    _picture(teacher, "They drink water")
    teacher.get_by_test_id("thumbnail-3").click()
    for page in (student, other):
        _picture(page, "They breathe")
    say("class-slides", f"{seen} dark points of page 1 at a student, {later} of page 2 at one who came later")


def _points_at(page: Page, across: float, down: float) -> bool:
    """Whether the pointer's middle is there on the slide, in shares of its width and height."""
    pointer, slide = (page.get_by_test_id(name).bounding_box() for name in ("laser", "slide"))
    if not pointer or not slide:
        return False
    x = (pointer["x"] + pointer["width"] / 2 - slide["x"]) / slide["width"]
    y = (pointer["y"] + pointer["height"] / 2 - slide["y"]) / slide["height"]
    return abs(x - across) < 0.02 and abs(y - down) < 0.02


def test_she_points_and_draws_on_a_page_and_it_is_kept(slides: Lesson) -> None:
    teacher, student, other = slides.pages
    _picture(student, "Plants need light")
    left, top, width, height = _place(teacher.get_by_test_id("slide"))
    teacher.mouse.move(left + width * 0.2, top + height * 0.2)
    teacher.mouse.move(left + width * 0.75, top + height * 0.25)
    laser = student.get_by_test_id("laser")
    expect(laser).to_be_visible(timeout=SOON_MS)
    wait_until(lambda: _points_at(student, 0.75, 0.25), seconds=3, what="the pointer is where hers is")
    expect(laser).to_be_hidden(timeout=SOON_MS)
    teacher.get_by_test_id("slides-draw").click()
    ink = teacher.get_by_test_id("slide-ink")
    expect(ink.locator("canvas").first).to_be_attached(timeout=SOON_MS)
    left, top, width, height = _place(ink)
    teacher.mouse.move(left + width * 0.2, top + height * 0.3)
    teacher.mouse.down()
    teacher.mouse.move(left + width * 0.6, top + height * 0.5, steps=8)
    teacher.mouse.up()
    for page in (student, other):
        expect(page.get_by_test_id("slide-ink")).to_have_attribute("data-count", "1", timeout=SOON_MS)
        expect(page.get_by_test_id("board-tools")).to_be_hidden()


def test_a_file_that_is_none_is_said_so(lesson: Lesson, tmp_path: Path) -> None:
    bad = tmp_path / "homework.pdf"
    bad.write_bytes(b"this is no PDF at all")
    panel = lesson.opens("slides")
    panel.get_by_test_id("slides-file").set_input_files(bad)
    expect(panel.get_by_test_id("slides-bad")).to_be_visible(timeout=SOON_MS)
    expect(lesson.student.page.get_by_test_id("slides-stage")).to_be_hidden()


def test_what_was_drawn_on_a_page_is_kept_with_the_lesson(lesson: Lesson) -> None:
    """The page with what stands on it, as one picture; and the book tells which slides were shown."""
    teacher, other = lesson.teacher.page, lesson.other.page
    wait_until(lambda: any("plants" in name for name in lesson.files(other)), seconds=40, what="the drawn page is kept")
    name, file = next((name, one) for name, one in lesson.files(other).items() if "plants" in name)
    assert (file["kind"], file["media_type"]) == ("board", "image/png"), name
    answer = other.request.get(f"{lesson.day.url}/api/classbook/files/{file['id']}")
    picture = f"data:image/png;base64,{b64encode(answer.body()).decode()}"
    dark = teacher.evaluate(
        "async (source) => { const image = new Image(); image.src = source; await image.decode(); "
        f"return ({_DARK})(image); }}",
        picture,
    )
    assert dark > 500


def test_a_link_and_a_file_come_to_every_child(lesson: Lesson, tmp_path: Path) -> None:
    teacher, student, other = lesson.pages
    lesson.opens("links")
    teacher.get_by_test_id("link-url").fill("javascript:alert(1)")
    teacher.get_by_test_id("link-give").click()
    expect(teacher.locator("#link-bad")).not_to_be_empty()
    expect(student.get_by_test_id("link-banner")).to_be_hidden()
    teacher.get_by_test_id("link-url").fill("example.org/leaves")
    teacher.get_by_test_id("link-give").click()
    for page in (student, other):
        link = page.get_by_test_id("link-banner").locator("a")
        expect(link).to_have_attribute("href", "https://example.org/leaves", timeout=SOON_MS)
        expect(link).to_have_attribute("rel", "noopener noreferrer")
        expect(link).to_contain_text("example.org")
    file = tmp_path / "words.txt"
    file.write_text("leaf, root, stem\n" * 200)
    teacher.get_by_test_id("class-file").set_input_files(file)
    button = student.get_by_test_id("link-banner").locator("button.link-open")
    expect(button).to_contain_text("words", timeout=SOON_MS)
    with student.expect_download() as loading:
        button.click()
    assert loading.value.path().read_text() == file.read_text()
    # A newcomer has both, behind More; what is taken away goes from everybody, and comes back with one tap.
    reload(other)
    expect(other.get_by_test_id("link-banner")).to_contain_text("words", timeout=SOON_MS)
    teacher.locator('[data-testid^="link-away-f"]').click()
    expect(other.get_by_test_id("link-banner")).not_to_contain_text("words", timeout=SOON_MS)
    teacher.get_by_test_id("link-back").click()
    expect(other.get_by_test_id("link-banner")).to_contain_text("words", timeout=SOON_MS)


def test_her_notes_are_hers_alone_and_outlive_a_reload(lesson: Lesson) -> None:
    teacher = lesson.teacher.page
    node = teacher.get_by_test_id("live-room").get_attribute("data-node") or ""
    device = plain(lesson.day, "student")
    with closing(device.http), Forger(device, node=node) as listener:
        wait_until(lambda: any(topic == "steer" for topic, _ in listener.heard), seconds=30, what="she hears the class")
        lesson.opens("own_notes").get_by_test_id("own-notes").fill(_SECRET)
        expect(teacher.get_by_test_id("own-notes-state")).to_have_attribute("data-state", "saved", timeout=SOON_MS)
        # What she says after it comes after it: a link.
        lesson.opens("links").get_by_test_id("link-url").fill("example.org/after")
        teacher.get_by_test_id("link-give").click()
        wait_until(lambda: any("after" in text for _, text in listener.heard), seconds=30, what="what came after")
        assert not [text for _, text in listener.heard if "zebrafinch" in text]
        refused = device.http.get(f"/api/classbook/notes/{lesson.meeting}")
        assert refused.status_code == 404
    assert "zebrafinch" not in str(lesson.book())
    reload(teacher)
    expect(lesson.opens("own_notes").get_by_test_id("own-notes")).to_have_value(_SECRET, timeout=SOON_MS)
    # On another device of hers they are too: the office has them.
    answer = lesson.asks(teacher, f"/api/classbook/notes/{lesson.meeting}")
    assert answer["text"] == _SECRET


def test_the_book_tells_what_was_given(lesson: Lesson) -> None:
    def told() -> str:
        return str(lesson.book()["timeline"])

    for what in ("plants", "example.org", "words.txt"):
        wait_until(lambda what=what: what in told(), seconds=IN_THE_BOOK_SECONDS, what=f"the book tells of {what}")
