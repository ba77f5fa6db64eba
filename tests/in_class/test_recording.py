"""A teacher records her class: who agreed is in it, nobody else in a frame or a second; the office dies meanwhile."""

import base64
import re
import statistics
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.people import at_a_device
from tests.figures import say
from tests.in_class.own_media import decoded, known_media, played
from tests.in_class.people import InClass, come, opens, plain, user_name
from tests.kill import held_supervisor
from tests.school_day import SchoolDay, class_day, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.alone]

# Tones that are no multiples of one another.
HERTZ = {"teacher": 500, "without": 1_300, "agreed": 2_900}
TEACHER = known_media(colour="red", hertz=HERTZ["teacher"])
AGREED = known_media(colour="blue", hertz=HERTZ["agreed"])
WITHOUT = known_media(colour="lime", hertz=HERTZ["without"])
HEARD, NOT_HEARD = 0.05, 0.001  # of a full swing; a tone is sent with 0.2
SEEN, NOT_SEEN = 0.02, 0.0005  # shares of a picture; a small one has 0.06 of it
VIOLET, GREEN, THICK = "#783cb9", "#008817", "20px"  # of the board's pens; their names are in her own language
LARGE, LINE = 0.4, 0.001  # a board has a half of it; a thick line across the board 0.003
FRAMES_A_SECOND = 2  # at least: two cores paint, encode and decode the cameras of four devices beside it


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SchoolDay]:
    """A day in a district that lets its teachers record: by itself none does."""
    with class_day(tmp_path_factory.mktemp("day") / "home", RECORDINGS="teacher") as day:
        yield day


def family_says_yes(day: SchoolDay) -> None:
    """The guardian of `student` says so on her page, as a browser without our app would."""
    guardian = plain(day, "guardian")
    page = guardian.http.get("/office/consents/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    child = plain(day, "student")
    answer = guardian.http.post(
        "/office/consents/",
        data={"csrfmiddlewaretoken": token[1], "child": child.person_id, "subject": "recording", "says": "yes"},
        headers={"Origin": day.url},
        follow_redirects=True,
    )
    assert answer.status_code == 200
    for one in (guardian, child):
        one.http.close()


def recorded_seconds(page: Page) -> int:
    """How long it runs, as the teacher reads it: `1:05 ...`."""
    minutes, seconds = page.get_by_test_id("recording-time").inner_text().split(" ")[0].split(":")
    return 60 * int(minutes) + int(seconds)


def open_the_panel(teacher: InClass) -> Page:
    teacher.page.get_by_test_id("more").click()
    teacher.page.get_by_test_id("recording-menu").click()
    return teacher.page


def draw_a_line(who: InClass, colour: str, *, height: float) -> None:
    """Draw a thick line across the board, at this share of its height."""
    page = who.page
    tools = page.get_by_test_id("board-tools")
    expect(tools).to_be_visible(timeout=20_000)
    tools.locator(f'[style*="{colour}"]').click()
    tools.locator(f'button:has([style*="{THICK}"])').click()
    paper = page.get_by_test_id("board-paper")
    expect(paper.locator("canvas").first).to_be_attached(timeout=20_000)
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * height, steps=8)
    page.mouse.up()


def show_a_board_and_a_slide(teacher: InClass, agreed: InClass, without: InClass) -> None:
    """Both children draw, for all in class to see; then a pink slide is large, and everybody again."""
    page = opens(teacher.page, "board")
    page.get_by_test_id("board-new").click()
    page.get_by_test_id("writers-all").check()
    draw_a_line(agreed, VIOLET, height=0.3)
    draw_a_line(without, GREEN, height=0.6)
    for one in (teacher, agreed, without):
        expect(one.page.get_by_test_id("board-stage")).to_have_attribute("data-count", "2", timeout=20_000)
    page.wait_for_timeout(2_000)
    opens(page, "slides").get_by_test_id("slides-file").set_input_files(
        FilePayload(name="pink.png", mimeType="image/png", buffer=one_colour(page, "rgb(255, 0, 255)"))
    )
    expect(page.get_by_test_id("slides-stage")).to_have_attribute("data-here", "true", timeout=20_000)
    page.wait_for_timeout(3_000)
    page.get_by_test_id("stage-close").click()


def one_colour(page: Page, colour: str) -> bytes:
    """A picture of 1280 x 720 as a PNG."""
    address = page.evaluate(
        """(colour) => {
          const canvas = Object.assign(document.createElement('canvas'), {width: 1280, height: 720});
          const paint = canvas.getContext('2d');
          paint.fillStyle = colour;
          paint.fillRect(0, 0, 1280, 720);
          return canvas.toDataURL('image/png');
        }""",
        colour,
    )
    return base64.b64decode(address.partition(",")[2])


def test_who_agreed_is_in_it_and_nobody_else_also_when_the_office_dies(day: SchoolDay, browser: Browser) -> None:
    family_says_yes(day)
    office = plain(day, "teacher").http
    without, agreed = come(browser, day, "twin", before=WITHOUT), come(browser, day, "student", before=AGREED)
    teacher = come(browser, day, "teacher", before=TEACHER)
    late = at_a_device(browser)
    late.page.add_init_script(WITHOUT)
    late.sign_on(day.url, user_name(day, "other_twin"))
    everybody = [teacher.device, without.device, agreed.device]
    for who in ("without", "agreed"):
        # Each is really heard in class: what is not in the file was left out of it.
        wait_until(lambda who=who: played(teacher.page, HERTZ[who]) > NOT_HEARD, seconds=40, what=f"{who} is heard")
    page = open_the_panel(teacher)
    expect(page.get_by_test_id("recording-left-out")).to_contain_text(name_of(without), timeout=20_000)
    for one in everybody:
        expect(one.page.get_by_test_id("recording-sign")).to_have_count(0)
    page.get_by_test_id("recording-start").click()
    for one in everybody:
        expect(one.page.get_by_test_id("recording-sign")).to_be_visible(timeout=10_000)
    everybody.append(late)
    late.join()
    expect(late.page.get_by_test_id("recording-sign")).to_be_visible(timeout=20_000)
    show_a_board_and_a_slide(teacher, agreed, without)
    with held_supervisor(day) as parts:
        parts.kill("office")
        before = recorded_seconds(page)
        wait_until(lambda: recorded_seconds(page) >= before + 6, seconds=60, what="it runs on without the office")
        ran = recorded_seconds(page)
        page.get_by_test_id("recording-stop").click()
        for one in everybody:
            expect(one.page.get_by_test_id("recording-sign")).to_have_count(0, timeout=20_000)
    film: Any = decoded(page, arrived(office), hertz=HERTZ)
    office.close()
    pictures, levels = film["pictures"], film["levels"]
    moving = sum(one["moved"] > 0.01 for one in pictures)
    heard = {who: statistics.median(one[who] for one in levels) for who in HERTZ}
    loudest = max(one["without"] for one in levels)
    colours = ("red", "green", "blue", "white", "violet", "pink")
    seen = {colour: max(one[colour] for one in pictures) for colour in colours}
    say(
        "class-recording",
        f"{film['seconds']:.0f} s of {film['width']} x {film['height']}: {film['frames']} frames decoded, {moving} of "
        f"{len(pictures)} looked at move, sound {heard['teacher']:.2f}; "
        f"the board has {100 * seen['white']:.0f} % of a picture, a slide {100 * seen['pink']:.0f} %; "
        "brought though the office was killed meanwhile",
    )
    say(
        "class-recording-consent",
        f"two without consent: at most {100 * seen['green']:.3f} % of a frame and sound {loudest:.5f}; "
        f"with consent {100 * seen['blue']:.0f} % and {heard['agreed']:.2f}; of two lines drawn on the board "
        f"hers is in it ({100 * seen['violet']:.1f} % of a frame), the other is not",
    )
    assert (film["width"], film["height"]) == (1280, 720)
    assert max(before + 5, ran - 5) <= film["seconds"] <= ran + 5, (
        "what was recorded while the office was dead is in it"
    )
    assert abs(film["sought"] - film["seconds"] / 2) < 1, "one can jump in it"
    assert film["frames"] >= FRAMES_A_SECOND * film["seconds"]
    assert moving >= FRAMES_A_SECOND * film["seconds"] / 2
    assert min(heard["teacher"], heard["agreed"]) > HEARD
    assert min(seen["red"], seen["blue"]) > SEEN
    assert loudest < NOT_HEARD, "no second of a child without consent"
    assert seen["green"] < NOT_SEEN, "no frame either, and no line of hers on the board"
    assert min(seen["white"], seen["pink"]) > LARGE, "the board, then the slide"
    assert seen["violet"] > LINE, "what a child drew whose family agreed"
    assert not [error for one in everybody for error in one.errors]


def name_of(one: InClass) -> str:
    """Her own name, as her page greets her."""
    device_name = one.page.locator(f'[data-testid="tile-{one.id}"] figcaption').inner_text()
    return device_name.split("\n")[0].split("(")[0].strip()[:12]


def arrived(office: httpx.Client) -> str:
    """Wait until the office has it whole, and return its address."""
    found: list[str] = []

    def whole() -> bool:
        try:
            ids = re.findall(r"/office/recordings/([0-9a-z]{12})/", office.get("/office/recordings/").text)
            found[:] = [f"/office/recordings/{one}/media" for one in ids]
            return any(office.head(url).status_code == 200 for url in found)
        except httpx.HTTPError:
            return False  # the office is not back yet

    wait_until(whole, seconds=120, what="the recording is at the office, whole")
    return found[0]
