"""A lesson that goes on for a whole module: a teacher and two students with the tools she teaches with."""

from collections.abc import Iterator
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.in_class.people import come, opens, plain
from tests.school_day import SchoolDay

SOON_MS = 20_000
# The class book has what a device noted after its next turn, which is within half a minute.
IN_THE_BOOK_SECONDS = 90


class Lesson:
    """
    A teacher and two students, who stay for the whole module.

    `presents`: the browser of the teacher, when hers is another one than theirs.
    """

    def __init__(self, browser: Browser, day: SchoolDay, *, presents: Browser | None = None) -> None:
        self.browser, self.day = browser, day
        # Where no dialog is pretended, the browser would ask her.
        allowed = ("camera", "microphone") if presents else ()
        self.teacher = come(presents or browser, day, "teacher", permissions=allowed)
        self.student = come(browser, day, "twin")
        self.other = come(browser, day, "other_twin")
        for one in (self.student, self.other):
            expect(one.page.get_by_test_id(f"tile-{self.teacher.id}")).to_be_visible(timeout=SOON_MS)

    @property
    def pages(self) -> tuple[Page, Page, Page]:
        return self.teacher.page, self.student.page, self.other.page

    @property
    def errors(self) -> list[str]:
        """What their pages said that was an error."""
        return [*self.teacher.device.errors, *self.student.device.errors, *self.other.device.errors]

    @cached_property
    def meeting(self) -> str:
        """The id of the meeting they are in."""
        device = plain(self.day, "teacher")
        with closing(device.http):
            return str(device.meeting_now()[1]["id"])

    def opens(self, panel: str) -> Page:
        """The teacher opens one of her tools."""
        return opens(self.teacher.page, panel)

    def asks(self, who: Page, path: str) -> Any:
        """What the office answers this person's device."""
        answer = who.request.get(f"{self.day.url}{path}")
        assert answer.ok, (path, answer.status)
        return answer.json()

    def book(self) -> Any:
        """The class book of this meeting, as its teacher takes it out."""
        return self.asks(self.teacher.page, f"/office/book/{self.meeting}/export.json")

    def files(self, who: Page) -> dict[str, dict[str, Any]]:
        """The files of this meeting, by name, as this person is given them."""
        answer = self.asks(who, f"/api/classbook/files?meeting={self.meeting}")
        return {str(one["name"]): one for one in answer["files"]}


@pytest.fixture(scope="module")
def lesson(browser: Browser, day: SchoolDay) -> Iterator[Lesson]:
    lesson = Lesson(browser, day)
    yield lesson
    assert not lesson.errors, lesson.errors


def reload(page: Page) -> None:
    """She is back in class, with what her device kept."""
    page.reload()
    expect(page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=60_000)


def pdf(file: Path, *pages: str) -> Path:
    """Write a small PDF, each page a line of large text."""
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
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    file.write_bytes(out)
    return file
