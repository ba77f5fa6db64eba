"""The pages of alternates in a real browser: axe finds nothing, a small phone shows all, a keyboard does all."""

import os
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, sync_playwright

from schoolday.contracts import plan
from schoolday.lib import clock
from schoolday.office.pathways.models import Alternate, LinkCheck
from schoolday.office.pathways.ways.lists import set_alternates
from schoolday.office.pathways.ways.packets import put_packet
from tests.browser.axe import wrong_with
from tests.browser.conftest import FLAGS
from tests.browser.office_pages import SITE, answered_by
from tests.cast import Cast, enroll, make_section
from tests.office.pathways.conftest import MONDAY_7
from tests.office.pathways.settings_for import with_settings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("SCHOOLDAY_PICTURES", "")  # a folder: the pages are kept there, to be looked at


def test_axe_finds_nothing_and_a_small_phone_shows_all(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
    _fill(cast)
    urls = {
        "list": f"/office/sections/{cast.section.id}/alternates/",
        "empty": f"/office/sections/{cast.other_section.id}/alternates/",
        "packets": f"/office/sections/{cast.section.id}/packets/",
        "allowed": f"/office/schools/{cast.school.id}/pathways/",
        "missing": "/office/alternates/missing/",
        "missing-school": f"/office/alternates/missing/{cast.school.id}/",
    }
    client.force_login(cast.operator)
    with (
        with_settings(MAIN_PATH_SHARES={"sign_on": "microsoft"}, BBB_URL="https://bbb.bay.example", BBB_SECRET="s"),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for language, width in (("ht", 320), ("es", 390), ("en", 1366)):
            context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
            client.cookies["language"] = language
            answered_by(client, context, at=MONDAY_7)
            found = {name: _look(context, url, f"{name}-{language}-{width}") for name, url in urls.items()}
            context.close()
            assert found == {name: [] for name in urls}, (language, width)
        browser.close()


def test_a_teacher_moves_a_line_by_keyboard_alone(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    _fill(cast)
    client.force_login(cast.teacher)
    client.cookies["language"] = "en"
    before = list(Alternate.objects.filter(section=cast.section).order_by("rank").values_list("url", flat=True))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False).new_page()
        answered_by(client, page.context, at=MONDAY_7)
        page.goto(f"{SITE}/office/sections/{cast.section.id}/alternates/")
        _tab_to(page, "Move line 2 up")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Saved.")
        browser.close()
    after = list(Alternate.objects.filter(section=cast.section).order_by("rank").values_list("url", flat=True))
    assert after == [before[1], before[0], *before[2:]]


def _fill(cast: Cast) -> None:
    second = make_section(cast.school, "Matemáticas de séptimo grado, segundo grupo", periods="2")
    enroll(second, cast.teacher, "teacher")
    enroll(cast.section, cast.operator, "teacher")
    enroll(second, cast.operator, "teacher")
    ways = [
        plan.Alternate(kind="zoom", url="https://district.zoom.us/j/123456789?pwd=" + "x" * 60, label="Ms. Ruiz"),
        plan.Alternate(kind="teams", url="https://teams.microsoft.com/meet/123"),
        plan.Alternate(kind="link", url="https://gone.example/"),
        plan.Alternate(kind="phone", url="tel:+13055550100,,123456#", label="By phone"),
        plan.Alternate(kind="bbb", url="bbb:"),
    ]
    set_alternates(cast.section, ways, actor=None)
    for url, state in ((ways[0].url, "answered"), (ways[2].url, "gone")):
        LinkCheck.objects.create(url=url, state=state, checked_at=clock.now())
    put_packet(cast.section, clock.now().date(), title="Fractions, page 3", data=b"Read page 3.\n", actor=cast.teacher)


def _look(context: BrowserContext, url: str, picture: str) -> list[str]:
    """Return what is wrong with one page, all of it opened; a thumb must meet every button."""
    page = context.new_page()
    page.goto(SITE + url)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    found = wrong_with(page)
    small = page.evaluate(
        "[...document.querySelectorAll('main button')].filter(one => one.offsetHeight < 44).map(one => one.innerText)"
    )
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{picture}.png", full_page=True)
    page.close()
    return [*found, *(f"too small: {one}" for one in small)]


def _tab_to(page: Page, label: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        if focused.count() and focused.get_attribute("aria-label") == label:
            return
    raise AssertionError(f"no Tab leads to {label}")
