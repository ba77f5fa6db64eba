"""What a teacher teaches with, as her students have it: board, slides, questions, timer, and the sound of a screen."""

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from livekit import rtc
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.conftest import FLAGS
from tests.figures import say
from tests.in_class.people import come, plain
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.unproven]
_SOON_MS = 20_000

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """As everywhere, and it chooses the tab itself when a screen is shown: nobody sits at its dialog."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*FLAGS, "--auto-accept-this-tab-capture"]
        )
        yield browser
        browser.close()


class Class:
    """A teacher and two students, who stay for the whole module."""

    def __init__(self, browser: Browser, day: SchoolDay) -> None:
        self.browser, self.day = browser, day
        self.teacher = come(browser, day, "teacher")
        self.student = come(browser, day, "twin")
        self.other = come(browser, day, "other_twin")
        for one in (self.student, self.other):
            expect(one.page.get_by_test_id(f"tile-{self.teacher.id}")).to_be_visible(timeout=_SOON_MS)

    def opens(self, panel: str) -> Page:
        """The teacher opens one of her tools."""
        page = self.teacher.page
        if page.get_by_test_id("panel-close").count():
            page.get_by_test_id("panel-close").click()
        page.get_by_test_id("teach").click()
        page.get_by_test_id(f"teach-{panel}").click()
        return page


def _reload(page: Page) -> None:
    """She is back in class, with what her device kept."""
    page.reload()
    expect(page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=60_000)


@pytest.fixture(scope="module")
def lesson(browser: Browser, day: SchoolDay) -> Iterator[Class]:
    lesson = Class(browser, day)
    yield lesson
    assert not lesson.teacher.device.errors + lesson.student.device.errors + lesson.other.device.errors


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
    expect(page.get_by_test_id("board-stage")).to_have_attribute("data-count", str(count), timeout=_SOON_MS)


def _ink(page: Page, at_least: int) -> int:
    paper = _paper(page)
    paper.scroll_into_view_if_needed()
    handle = paper.element_handle()
    assert handle
    page.wait_for_function(f"(element) => ({_INK})(element) >= {at_least}", arg=handle, timeout=_SOON_MS)
    return int(paper.evaluate(_INK))


def test_a_board_on_which_they_write_with_leave(lesson: Class) -> None:
    lesson.opens("board").get_by_test_id("board-new").click()
    teacher, student, other = lesson.teacher.page, lesson.student.page, lesson.other.page
    for page in (teacher, student, other):
        expect(page.get_by_test_id("board-stage")).to_be_visible(timeout=_SOON_MS)
    # Nobody gave leave: her hand leaves nothing, on her own screen neither.
    expect(student.get_by_test_id("board-stage")).to_have_attribute("data-may-write", "false")
    expect(_paper(student).locator("canvas").first).to_be_attached(timeout=_SOON_MS)
    _draw(student)
    _draw(teacher)
    for page in (teacher, student, other):
        _counts(page, 1)
    inked = _ink(other, 300)
    # One child has leave, and the other sees what she draws.
    teacher.get_by_test_id("writers-some").check()
    teacher.get_by_test_id(f"writer-{lesson.student.id}").check()
    expect(student.get_by_test_id("board-tools")).to_be_visible(timeout=_SOON_MS)
    student.get_by_test_id("board-text").fill("cat")
    student.get_by_test_id("board-text").press("Enter")
    for page in (teacher, student, other):
        _counts(page, 2)
    written = _ink(other, inked + 100)
    expect(other.get_by_test_id("board-tools")).to_be_hidden()
    student.get_by_test_id("board-undo").click()
    for page in (teacher, student, other):
        _counts(page, 1)
    say(
        "class-board",
        f"{inked} points of a teacher's stroke and {written - inked} of a child's word on another child's screen",
    )


def test_what_a_student_sends_without_leave_is_taken_by_nobody(lesson: Class) -> None:
    """Her client obeys no rule: it says what one with leave would say, also as if a grown-up said it."""
    _draw(lesson.teacher.page)
    _counts(lesson.other.page, 2)
    device = plain(lesson.day, "student")
    with closing(device.http):
        section, meeting = device.meeting_now()
        seats = device.join(section=section, meeting=meeting["id"])["ticket"]["seats"]
    node = lesson.teacher.page.get_by_test_id("live-room").get_attribute("data-node")
    seat = next(one for one in seats if one["node"] == node)
    seen = Event()
    with ThreadPoolExecutor(1) as thread:
        intruder = thread.submit(asyncio.run, _intrude(seat, device.person_id, lesson.teacher.id, seen))
        try:
            # Her words come in order: who sees her hand has heard all that she sent before; and what is drawn after it
            # comes to the others after it.
            row = lesson.teacher.page.get_by_test_id(f"roll-row-{device.person_id}")
            expect(row.locator(".hand-place")).to_be_visible(timeout=40_000)
            _draw(lesson.teacher.page)
            for page in (lesson.teacher.page, lesson.student.page, lesson.other.page):
                _counts(page, 3)
        finally:
            seen.set()
        intruder.result(timeout=60)


async def _intrude(seat: dict[str, str], sub: str, teacher: str, seen: Event) -> None:
    room, board, told = rtc.Room(), [""], asyncio.Event()

    def hear(packet: rtc.DataPacket) -> None:
        if packet.topic == "steer" and (said := json.loads(packet.data)["rules"].get("board")):
            board[0] = said["value"]["id"]
            told.set()

    room.on("data_received", hear)
    await room.connect(seat["url"], seat["token"])
    await asyncio.wait_for(told.wait(), 30)
    stroke = {"name": "text", "zIndex": 1, "id": "x", "data": _TEXT}
    for number, by in enumerate((f"{sub}-evil", f"{teacher}-evil"), 1):
        act = {"by": by, "n": 1, "t": number, "page": "1", "adult": True}
        what = {"do": "add", "command": {"commandType": "add-element", "data": {"elemData": stroke}}}
        acts = json.dumps({"board": board[0], "acts": [act | {"what": what}], "whole": True})
        piece = {"id": f"evil{number}", "at": 0, "of": 1, "text": acts}
        await room.local_participant.publish_data(json.dumps(piece), reliable=True, topic="board")
    mine = {"writers": {"v": 999, "by": "z", "value": {"who": "all", "subs": []}}}
    await room.local_participant.publish_data(json.dumps({"rules": mine}), reliable=True, topic="steer")
    await room.local_participant.publish_data(json.dumps({"up": True, "at": 1}), reliable=True, topic="hand")
    await asyncio.to_thread(seen.wait, 120)
    await room.disconnect()


def test_a_newcomer_and_a_teacher_who_reloads_have_the_whole_board(lesson: Class) -> None:
    teacher = lesson.teacher.page
    _reload(lesson.teacher.page)
    expect(teacher.get_by_test_id("board-stage")).to_be_visible(timeout=_SOON_MS)
    _counts(teacher, 3)
    _reload(lesson.student.page)
    _counts(lesson.student.page, 3)
    _ink(lesson.student.page, 300)
    teacher.get_by_test_id("board-clear").click()
    _counts(lesson.other.page, 0)
    teacher.get_by_test_id("board-undo").click()
    _counts(lesson.other.page, 3)
    teacher.get_by_test_id("stage-close").click()
    expect(lesson.other.page.get_by_test_id("board-stage")).to_be_hidden(timeout=_SOON_MS)


def test_questions_are_counted_once_a_child_also_after_a_reload(lesson: Class) -> None:
    teacher = lesson.opens("polls")
    student, other = lesson.student.page, lesson.other.page
    teacher.get_by_test_id("poll-question").fill("Which one?")
    teacher.get_by_test_id("poll-form-abcd").check()
    teacher.get_by_test_id("poll-ask").click()
    student.get_by_test_id("answer-A").click(timeout=_SOON_MS)
    expect(student.get_by_test_id("answer-state")).to_have_attribute("data-taken", "true", timeout=_SOON_MS)
    student.get_by_test_id("answer-B").click()
    other.get_by_test_id("answer-B").click(timeout=_SOON_MS)
    for page in (student, other):
        expect(page.get_by_test_id("answer-state")).to_have_attribute("data-taken", "true", timeout=_SOON_MS)
        expect(page.get_by_test_id("poll-result")).to_be_hidden()
    running = teacher.get_by_test_id("poll-running")
    expect(running).to_have_attribute("data-answers", "2")
    _reload(lesson.teacher.page)
    lesson.opens("polls")
    expect(running).to_have_attribute("data-answers", "2", timeout=_SOON_MS)
    expect(teacher.locator('[data-testid="poll-live"] [data-answer="B"]')).to_have_attribute("data-count", "2")
    expect(teacher.locator('[data-testid="poll-live"] [data-answer="A"]')).to_have_attribute("data-count", "0")
    teacher.get_by_test_id("poll-close").click()
    expect(student.get_by_test_id("answer-A")).to_be_hidden(timeout=_SOON_MS)
    teacher.get_by_test_id("poll-show").click()
    expect(other.locator('[data-testid="poll-result"] [data-answer="B"]')).to_have_attribute(
        "data-count", "2", timeout=_SOON_MS
    )
    teacher.get_by_test_id("poll-away").click()
    expect(other.get_by_test_id("poll")).to_be_hidden(timeout=_SOON_MS)
    say("class-polls", "2 of 2 answers counted once each, one of them changed, after a reload of the teacher")


def test_a_timer_runs_on_all_screens_and_rests(lesson: Class) -> None:
    lesson.opens("timer").get_by_test_id("timer-5").click()
    teacher, student = lesson.teacher.page, lesson.student.page
    expect(student.get_by_test_id("timer")).to_have_attribute("data-running", "true", timeout=_SOON_MS)
    lefts = [int(page.get_by_test_id("timer").get_attribute("data-left-ms") or 0) for page in (teacher, student)]
    assert abs(lefts[0] - lefts[1]) < 3_000, lefts
    teacher.get_by_test_id("timer-pause").click()
    expect(student.get_by_test_id("timer")).to_have_attribute("data-running", "false", timeout=_SOON_MS)
    teacher.get_by_test_id("timer-add").click()
    expect(student.get_by_test_id("timer-left")).to_have_text(re.compile(r"5:[345]\d"), timeout=_SOON_MS)
    assert student.get_by_test_id("timer-left").inner_text() == teacher.get_by_test_id("timer-left").inner_text()
    teacher.get_by_test_id("timer-end").click()
    expect(student.get_by_test_id("timer")).to_be_hidden(timeout=_SOON_MS)


def test_a_pdf_is_seen_by_all_also_by_who_comes_later(lesson: Class, tmp_path: Path) -> None:
    file = tmp_path / "plants.pdf"
    file.write_bytes(_pdf("Plants need light", "They drink water"))
    teacher, student = lesson.opens("slides"), lesson.student.page
    teacher.get_by_test_id("slides-file").set_input_files(file)
    seen = _picture(student, "Plants need light")
    teacher.get_by_test_id("slides-stage").focus()
    teacher.keyboard.press("ArrowRight")
    _picture(student, "They drink water")
    # Back alone, and with the class again.
    student.get_by_test_id("slides-previous").click()
    expect(student.get_by_test_id("slide-text")).to_contain_text("Plants need light")
    student.get_by_test_id("slides-return").click()
    expect(student.get_by_test_id("slide-text")).to_contain_text("They drink water")
    _reload(lesson.other.page)
    later = _picture(lesson.other.page, "They drink water")
    say("class-slides", f"{seen} dark points of page 1 at a student, {later} of page 2 at one who came later")
    teacher.get_by_test_id("stage-close").click()


def test_the_sound_of_a_shown_tab_is_heard(lesson: Class) -> None:
    teacher, student = lesson.teacher.page, lesson.student.page
    _plays_and_shows_this_tab(teacher)
    lesson.opens("screen").get_by_test_id("share-start").click()
    expect(teacher.get_by_test_id("sharing")).to_have_attribute("data-sound", "true", timeout=_SOON_MS)
    expect(student.get_by_test_id(f"screen-{lesson.teacher.id}")).to_be_visible(timeout=_SOON_MS)
    levels: list[float] = []

    def is_heard() -> bool:
        levels.append(float(student.evaluate(_HEARD)))
        return levels[-1] > 0.01

    wait_until(is_heard, seconds=_SOON_MS / 1000, what="the tone of the shown tab sounds at a student")
    level = levels[-1]
    say("class-screen-sound", f"level {level:.3f} of 1 at a student (silence: 0)")
    teacher.get_by_test_id("share-end").click()
    expect(student.get_by_test_id(f"screen-{lesson.teacher.id}")).to_be_hidden(timeout=_SOON_MS)


def test_a_child_shows_her_screen_with_leave_only(lesson: Class) -> None:
    teacher, student, other = lesson.teacher.page, lesson.student.page, lesson.other.page
    expect(student.get_by_test_id("share-mine")).to_be_hidden()
    _plays_and_shows_this_tab(student)
    lesson.opens("screen").get_by_test_id(f"sharer-{lesson.student.id}").check()
    student.get_by_test_id("share-mine").click(timeout=_SOON_MS)
    expect(other.get_by_test_id(f"screen-{lesson.student.id}")).to_be_visible(timeout=_SOON_MS)
    teacher.get_by_test_id(f"sharer-{lesson.student.id}").uncheck()
    expect(other.get_by_test_id(f"screen-{lesson.student.id}")).to_be_hidden(timeout=_SOON_MS)
    expect(student.get_by_test_id("sharing")).to_be_hidden(timeout=_SOON_MS)


def _picture(page: Page, text: str) -> int:
    """Wait for a page with these words, and return how many dark points its picture has."""
    expect(page.get_by_test_id("slide-text")).to_contain_text(text, timeout=_SOON_MS)
    picture = page.get_by_test_id("slide-picture")
    expect(picture).to_have_js_property("complete", True, timeout=_SOON_MS)
    dark = int(picture.evaluate(_DARK))
    assert dark > 500, dark
    return dark


def _plays_and_shows_this_tab(page: Page) -> None:
    """A real tone in her tab; the headless browser can show the tab itself, where a person would choose another one."""
    page.evaluate(
        """() => {
          const context = new AudioContext();
          const tone = context.createOscillator();
          tone.frequency.value = 440;
          tone.connect(context.destination);
          tone.start();
          const shown = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
          const own = { preferCurrentTab: true, selfBrowserSurface: 'include' };
          navigator.mediaDevices.getDisplayMedia = (how) => shown({ ...how, ...own });
        }"""
    )


# The level of the loudest steady sound that is played here but the beeping test microphones: those are short, so the
# quietest of 20 looks counts.
_HEARD = """async () => {
  const context = (window.listening ??= new AudioContext());
  let best = 0;
  for (const element of document.querySelectorAll('audio')) {
    if (!element.srcObject || element.muted) continue;
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(element.srcObject).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let least = 1;
    for (let look = 0; look < 20; look++) {
      await new Promise((next) => setTimeout(next, 100));
      analyser.getFloatTimeDomainData(samples);
      least = Math.min(least, Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
    }
    best = Math.max(best, least);
  }
  return best;
}"""


def _pdf(*pages: str) -> bytes:
    """A small PDF, each page a line of large text."""
    objects: list[bytes] = [b"", b""]
    font = 3 + 2 * len(pages)
    for index, text in enumerate(pages):
        stream = f"BT /F1 48 Tf 40 200 Td ({text}) Tj ET".encode()
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 640 360]/Contents {4 + 2 * index} 0 R"
            f"/Resources<</Font<</F1 {font} 0 R>>>>>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    kids = " ".join(f"{3 + 2 * index} 0 R" for index in range(len(pages)))
    objects[1] = f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode()
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
