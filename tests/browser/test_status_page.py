"""The public pages in a real browser without JavaScript: read on a small phone, by keyboard, in three languages."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from schoolday.office.pathways.cards import write_cards
from tests import figures
from tests.browser.axe import wrong_with
from tests.office.pathways.card_plans import MONDAY_830, Publisher, detour, incident, meeting, notice, school, section

PHONE = ViewportSize(width=320, height=640)
BROKEN = school(
    "school000001",
    section("section00001", meetings=(meeting(0, detour="d1d1d1d1d1d1", pathway="zoom"),)),
    section("section00002", cohort="9-12"),
    detours=(detour(review_on="2026-09-18"),),
    notices=(notice(next_at=MONDAY_830 + 900),),
    incidents=(incident(next_at=MONDAY_830 + 900), incident("i2i2i2i2i2i2", over_at=MONDAY_830 - 2_400)),
)
WELL = school("school000002", section("section00009", title="A very long title of a class: Multivariable Calculus II"))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A plan and its pages at a plain static host."""
    publisher = Publisher(tmp_path_factory.mktemp("status") / "plan")
    index = publisher.publish(BROKEN, WELL)
    write_cards(publisher.folder, index, publisher.read)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(publisher.folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def answer(page: Page) -> str:
    return page.locator(".answer").inner_text()


def test_a_parent_at_work_sees_at_a_glance_what_is_and_what_to_do(phone: Page, url: str) -> None:
    phone.goto(f"{url}/status/school000001.html")
    box = phone.locator(".answer").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"], "all of it is on the first screen of a small phone"
    for said in (
        "School is on. Something does not work right now.",
        "Signing on is slow.",
        "What to do",
        "More news here by 8:45 AM",
    ):
        assert said in answer(phone)
    phone.get_by_role("link", name="Find your class").click()
    assert phone.url.endswith("/go/school000001.html")
    phone.goto(f"{url}/status/school000002.html")
    assert "School is on. All classes meet live, as always." in answer(phone)


def test_the_languages_are_a_tap_apart_and_stay_chosen(phone: Page, url: str) -> None:
    phone.goto(f"{url}/status/index.html")
    phone.get_by_role("link", name="Kreyòl ayisyen").click()
    assert phone.locator("html").get_attribute("lang") == "ht"
    assert "Gen lekòl. Gen yon bagay ki pa mache kounye a." in answer(phone)
    phone.get_by_role("link", name="Olinda Middle").first.click()
    assert "Koneksyon an dousman." in answer(phone)
    phone.get_by_role("link", name="Español").click()
    assert "Hay clases. Algo no funciona en este momento." in answer(phone)
    phone.get_by_role("link", name="Todas las escuelas").click()
    assert phone.url.endswith("/status/index.es.html")
    phone.get_by_role("link", name="English").click()
    assert phone.url.endswith("/status/index.html")


def test_by_keyboard_alone(phone: Page, url: str) -> None:
    phone.goto(f"{url}/status/school000001.html")
    reached = []
    for _ in range(4):
        phone.keyboard.press("Tab")
        focused = phone.locator(":focus")
        reached.append(focused.inner_text())
        assert focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid", "the focus is seen"
    assert reached == ["Español", "Kreyòl ayisyen", "Find your class", "Look for news"]
    phone.keyboard.press("Shift+Tab")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/go/school000001.html")
    figures.say(
        "status-page",
        "without JavaScript, 320 x 640, by keyboard: what is, what to do and when there is more on the first screen; "
        "three languages a tap apart",
    )


@pytest.mark.parametrize(
    "path",
    ["status/index.html", "status/school000001.html", "status/school000002.ht.html", "status/school000001.es.html",
     "go/index.html", "go/school000001.html", "go/school000001/section00001.html"],
)  # fmt: skip
def test_axe_finds_nothing_and_a_small_phone_shows_all(browser: Browser, url: str, path: str) -> None:
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{url}/{path}")
    assert wrong_with(page) == []
    context.close()


def test_the_newest_is_shown_where_scripts_run(browser: Browser, url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{url}/status/school000001.html")
    page.wait_for_load_state("networkidle")
    context.close()
    assert errors == [], "the page's own policy lets its script run"
