"""The pages of detours in a real browser, as somebody walks them who sees them for the first time."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

from schoolday.lib import clock
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.models import Alternate
from tests.browser.axe import wrong_with
from tests.browser.conftest import FLAGS
from tests.cast import Cast, enroll, make_section
from tests.figures import full_form
from tests.office.pathways.conftest import MONDAY_7

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SITE = "http://office.test"
STYLE = Path(__file__).parents[3] / "app" / "dist" / "assets" / "office.css"
LOOKS = (("ht", 320), ("es", 320), ("en", 1366)) if full_form() else (("ht", 320),)
ACTS_AT_MOST = 8  # of two minutes: fifteen seconds each to read and to press


class Walk:
    """One person's browser; counts what she does and gathers what is wrong with what she sees."""

    def __init__(self, context: BrowserContext, client: Client, name: str) -> None:
        self._client, self._name = client, name
        self.acts = 0
        self.wrong: list[str] = []
        context.route("**/*", self._answer)
        self.page: Page = context.new_page()

    def press(self, selector: str) -> None:
        self.acts += 1
        self.page.locator(selector).click()

    def go(self, selector: str) -> None:
        self.page.evaluate("window.isBefore = true")
        self.press(selector)
        self.page.wait_for_function(
            "!window.isBefore && document.readyState == 'complete' && document.querySelector('main')"
        )

    def look(self, what: str) -> None:
        self.wrong += [f"{self._name} {what}: {found}" for found in wrong_with(self.page)]

    def _answer(self, route: Route) -> None:
        """Answer from Django without a server, and the stylesheet as the edge does."""
        request = route.request
        path = request.url.removeprefix(SITE)
        if not path.startswith("/office/"):
            is_style = path == "/assets/office.css"
            route.fulfill(path=STYLE, content_type="text/css") if is_style else route.fulfill(status=404, body="")
            return
        with clock.at(MONDAY_7):  # playwright calls back in a context of its own
            answer: Any = (
                self._client.get(path)
                if request.method == "GET"
                else self._client.generic("POST", path, request.post_data or "", request.headers["content-type"])
            )
        connection.close()  # ... which has its own line to PostgreSQL
        if answer.status_code == 302:  # what a stand-in answers with 302 the browser would look for in the network
            body = f"<script>location.replace('{answer['Location']}')</script>"
            route.fulfill(body=body, content_type="text/html")
            return
        route.fulfill(status=answer.status_code, body=answer.content, content_type=answer["Content-Type"])


def test_the_miami_decision_is_walked_changed_and_undone(
    belled: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each language, on a small phone and on a desk; nothing for axe, nothing too wide, few acts."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
    high = make_section(belled.school, "History 10", periods="1", grades="10")
    make_section(belled.school, "Reading 2", periods="1", grades="02")
    enroll(high, belled.student, "student")
    Alternate.objects.create(section=belled.section, rank=0, kind="teams", url="https://teams.microsoft.com/meet/1")
    publish_plan()
    client.force_login(belled.operator)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for language, width in LOOKS:
            context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
            client.cookies["language"] = language
            walk = Walk(context, client, f"detour-{language}-{width}")
            _walk(walk)
            context.close()
            assert walk.wrong == []
        browser.close()


def _walk(walk: Walk) -> None:
    walk.page.goto(f"{SITE}/office/detours/")
    walk.look("1-list")
    walk.go(".usa-button[href$='/new/']")
    walk.look("2-questions")
    for one in ("band-6-8", "band-9-12", "reason-as_teacher"):
        walk.press(f"label[for={one}]")
    walk.page.locator("#review_on").fill("2026-09-25")
    walk.go("button[value=preview]")
    walk.look("3-preview")
    assert walk.page.locator("#sections").inner_text() == "3"
    assert walk.page.locator("#lacking").inner_text() == "2"
    walk.go("button[value=declare]")
    walk.look("4-declared")
    assert walk.acts <= ACTS_AT_MOST, "from the list to what is in force"
    first = Detour.objects.exclude(state="undone").get()
    assert (first.state, first.bands, first.pathway) == ("in_force", ["6-8", "9-12"], "")

    walk.go("a[href$='/change/']")
    walk.look("5-change")
    assert walk.page.locator("#review_on").input_value() == "2026-09-25"
    for one in ("band-9-12", "pathway-zoom", "end-day", "begin-bell"):
        walk.press(f"label[for={one}]")
    walk.go("button[value=preview]")
    walk.look("6-differs")
    assert walk.page.locator("#returned").inner_text() == "1"
    walk.go("button[value=back]")
    walk.look("7-back")
    assert walk.page.locator("#from_at").input_value() == "2026-09-14T08:30"
    walk.go("button[value=preview]")
    walk.go("button[value=declare]")
    second = Detour.objects.exclude(state="undone").exclude(id=first.id).get()
    first.refresh_from_db()
    assert second.replaces == first
    assert first.until_at == second.from_at, "one holds until the other does"
    walk.go("button[value=undo]")
    walk.look("8-undone")
    walk.page.goto(f"{SITE}/office/detours/{first.id}/")
    walk.go("button[value=undo]")
    assert {one.state for one in Detour.objects.all()} == {"undone"}
    connection.close()  # while the browser runs, this too is a line of its own
