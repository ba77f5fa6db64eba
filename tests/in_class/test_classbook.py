"""The record of a class in a real day: kept without anybody asking, also while the office is dead; read by few."""

import csv
import io
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import wrong_with
from tests.browser.people import HANGS_AFTER_SECONDS, at_a_device
from tests.device import Device
from tests.figures import say
from tests.in_class.people import InClass, come, opens, plain, user_name
from tests.kill import held_supervisor
from tests.office.classbook.lesson import PNG
from tests.school_day import SchoolDay, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.timeout(HANGS_AFTER_SECONDS),
]
_SOON_MS = 20_000
_BOOK_SECONDS = 180  # the office starts anew, the device tries again with jitter of up to two minutes
_DEAD = "said while the office was dead"
# What this device keeps until the office has confirmed it: the database that the app opened.
_WAITING = """async () => {
  const [{ name }] = (await indexedDB.databases()).filter((one) => one.name.includes('schoolday'));
  const open = indexedDB.open(name);
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const ask = database.transaction('notes').objectStore('notes').getAll();
  const notes = await new Promise((done) => { ask.onsuccess = () => done(ask.result); });
  database.close();
  return notes.map((note) => JSON.stringify(note.body)).join(' ');
}"""


def test_the_book_has_what_happened_though_the_office_died_in_class(
    day: SchoolDay, browser: Browser, tmp_path: Path
) -> None:
    teacher, student, twin = (come(browser, day, who) for who in ("teacher", "student", "twin"))
    with closing((device := plain(day, "teacher")).http):
        _section, meeting = device.meeting_now()
        on = meeting["id"]
        for who in (teacher, student, twin):
            expect(who.page.locator('[data-testid^="tile-"]')).to_have_count(3, timeout=_SOON_MS)
        _raise_hand(teacher, student)
        _ask(teacher, student, twin)
        _give_a_file(teacher, tmp_path / "moon.png")
        _draw(teacher)
        _write(teacher, student, "before it died")
        with held_supervisor(day) as parts:
            parts.kill("office")
            _write(teacher, student, _DEAD)
            _raise_hand(teacher, twin)
            wait_until(lambda: _DEAD in str(teacher.page.evaluate(_WAITING)), seconds=20, what="her device keeps it")
            assert not _answers(f"{day.url}/api/health")
        wait_until(
            lambda: _DEAD in _book(device, on), seconds=_BOOK_SECONDS, what="the book has it, the office is back"
        )
        wait_until(lambda: _book(device, on).count("/api/classbook/files/") == 3, seconds=90, what="file and board")
        wait_until(lambda: min(_minutes(device, on, student, twin)) >= 1, seconds=240, what="minutes of both children")
        say("class-book-office-dead", "a hand and a message of while the office was dead are in the book, once each")
        told = json.loads(_get(device, f"/office/book/{on}/export.json"))
        _read(browser, day, on, told)
        _strangers(day, on, student)
    _export(day, browser, on)
    assert not teacher.device.errors + student.device.errors + twin.device.errors


def _raise_hand(teacher: InClass, who: InClass) -> None:
    who.page.get_by_test_id("hand").click()
    tile = teacher.page.get_by_test_id(f"tile-{who.id}")
    expect(tile).to_have_attribute("data-hand", "true", timeout=_SOON_MS)
    who.page.get_by_test_id("hand").click()
    expect(tile).to_have_attribute("data-hand", "false", timeout=_SOON_MS)


def _ask(teacher: InClass, *students: InClass) -> None:
    opens(teacher.page, "polls")
    teacher.page.get_by_test_id("poll-question").fill("Is the moon a star?")
    teacher.page.get_by_test_id("poll-form-abcd").check()
    teacher.page.get_by_test_id("poll-ask").click()
    for one in students:
        one.page.get_by_test_id("answer-B").click(timeout=_SOON_MS)
        expect(one.page.get_by_test_id("answer-state")).to_have_attribute("data-taken", "true", timeout=_SOON_MS)
    teacher.page.get_by_test_id("poll-close").click()
    teacher.page.get_by_test_id("poll-away").click()


def _give_a_file(teacher: InClass, moon: Path) -> None:
    opens(teacher.page, "links")
    moon.write_bytes(PNG)
    teacher.page.get_by_test_id("class-file").set_input_files(moon)
    expect(teacher.page.get_by_test_id(re.compile("^file-[a-z0-9]")).first).to_contain_text(
        "moon.png", timeout=_SOON_MS
    )


def _draw(teacher: InClass) -> None:
    page = teacher.page
    opens(page, "board")
    page.get_by_test_id("board-new").click()
    paper = page.get_by_test_id("board-paper")
    expect(paper.locator("canvas").first).to_be_attached(timeout=_SOON_MS)
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.7, steps=8)
    page.mouse.up()
    expect(page.get_by_test_id("board-stage")).to_have_attribute("data-count", "1", timeout=_SOON_MS)
    page.get_by_test_id("stage-close").click()
    expect(page.get_by_test_id("board-stage")).to_be_hidden(timeout=_SOON_MS)


def _write(teacher: InClass, who: InClass, words: str) -> None:
    for one in (teacher, who):
        if not one.page.get_by_test_id("chat-panel").count():
            one.page.get_by_test_id("chat").click()
    expect(who.page.get_by_test_id("chat-send")).to_be_enabled(timeout=_SOON_MS)
    who.page.get_by_test_id("chat-input").fill(words)
    who.page.get_by_test_id("chat-send").click()
    expect(teacher.page.get_by_test_id("chat-message").filter(has_text=words)).to_be_visible(timeout=_SOON_MS)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _get(device: Device, path: str) -> str:
    answer = device.http.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def _book(device: Device, on: str) -> str:
    try:
        answer = device.http.get(f"/office/book/{on}/")
    except httpx.HTTPError:
        return ""  # not back yet
    return answer.text if answer.status_code == 200 else ""


def _minutes(device: Device, on: str, *who: InClass) -> list[int]:
    text = _book(device, on)
    rows = re.findall(r'<tr data-child="(\w+)">.*?data-minutes="(\d+)"', text, re.DOTALL)
    by_child = {child: int(minutes) for child, minutes in rows}
    return [by_child.get(one.id, 0) for one in who]


def _read(browser: Browser, day: SchoolDay, on: str, told: dict[str, list[dict[str, Any]]]) -> None:
    """The teacher at the page, in three languages and two widths; her file and her board really open."""
    line = next(one for one in told["children"] if one["chat"] == 2)
    assert (line["hands"], line["answers"]) == (1, 1), line
    assert line["minutes"] >= 1
    other = next(one for one in told["children"] if one["answers"] == 1 and one is not line)
    assert (other["hands"], other["chat"]) == (1, 0), other
    [poll] = told["polls"]
    assert poll["question"] == "Is the moon a star?"
    assert {answer: count for answer, count in poll["answers"].items() if count} == {"B": 2}
    assert sorted(one["kind"] for one in told["files"]) == ["board", "board", "file"], told["files"]
    assert [one["text"] for one in told["timeline"] if one["kind"] == "chat"] == ["before it died", _DEAD]
    teacher = at_a_device(browser)
    teacher.sign_on(day.url, user_name(day, "teacher"))
    page = teacher.page
    page.get_by_test_id("my-book").click()
    page.locator('a[href*="/office/book/section/"]').first.click()
    page.goto(f"{day.url}/office/book/{on}/")
    for language, width in (("es", 1366), ("ht", 390), ("en", 1366)):
        page.set_viewport_size({"width": width, "height": 844})
        page.locator(f"button[name=language][value={language}]").click()
        assert not wrong_with(page), (language, width)
    expect(page.locator(".book-story")).to_contain_text(_DEAD)
    sizes = {}
    for link in page.locator('a[href*="/api/classbook/files/"]').all():
        with page.expect_download() as loading:
            link.click()
        data = Path(loading.value.path()).read_bytes()
        assert data == PNG or data[:4] in (b"\x89PNG", b"<svg", b"<?xm"), data[:20]
        sizes[loading.value.suggested_filename] = len(data)
    assert len(sizes) == 3, "the file, and the board as a drawing and as a picture"
    printed = page.pdf()
    assert printed.startswith(b"%PDF")
    say(
        "class-book",
        f"{line['minutes']} min, hands, answers, chat of 2 children; file and board load again ({sizes}); "
        f"prints to a PDF of {len(printed) // 1000} kB; axe finds nothing in 3 languages",
    )
    assert not teacher.errors


def _export(day: SchoolDay, browser: Browser, on: str) -> None:
    teacher = at_a_device(browser)
    teacher.sign_on(day.url, user_name(day, "teacher"))
    teacher.page.goto(f"{day.url}/office/book/{on}/")
    with teacher.page.expect_download() as loading:
        teacher.page.locator('a[href$="export.csv"]').click()
    text = Path(loading.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["text"] for row in rows if row["kind"] == "chat"] == ["before it died", _DEAD]
    assert {"hand", "answer", "poll", "file", "board"} <= {row["kind"] for row in rows}


def _strangers(day: SchoolDay, on: str, student: InClass) -> None:
    assert httpx.get(f"{day.url}/office/book/{on}/", follow_redirects=False).status_code == 302
    own = f"/office/book/child/{student.id}/"
    for who in ("student", "twin", "outsider", "guardian"):
        with closing((device := plain(day, who)).http):
            for path in ("", "export.csv", "export.json"):
                assert device.http.get(f"/office/book/{on}/{path}").status_code == 404, (who, path)
            may = who in ("student", "guardian")
            page = device.http.get(own)
            assert page.status_code == (200 if may else 404), who
            if may:
                assert "Is the moon a star?: B" in page.text
                assert _DEAD not in page.text, "the chat is no family's to read"
    # A small link leads there from the child's own Today.
    expect(student.page.get_by_test_id("live-room")).to_be_visible()
    student.device.leave()
    student.page.get_by_test_id("my-book").click()
    expect(student.page).to_have_url(f"{day.url}{own}")
