"""
Every page of a real day, found by following its links: nothing for axe, nothing too wide.

The full form does it in three languages and widths, the short one in the longest words on the smallest phone.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests import figures
from tests.browser.axe import wrong_with
from tests.browser.people import at_a_device
from tests.school_day import SchoolDay

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.timeout(600)]
APP_SCREENS = {"student": ("/", "/check"), "teacher": ("/", "/check"), "guardian": ("/",), "principal": ("/", "/desk")}
OFFICE = {
    "operator": ("/office/",),
    "principal": ("/office/",),
    "teacher": ("/office/detours/", "/office/badges/", "/office/help/", "/office/readiness/own/"),
    "guardian": ("/office/notices/preferences/",),
}
STATIC = ("/plan/go/", "/plan/status/")
LANGUAGES = {"ht": 320, "es": 390, "en": 1366} if figures.full_form() else {"ht": 320}
PAGES_AT_MOST = 120
NO_PAGE = re.compile(r"\.(csv|ics|pdf|svg|json|atom|xml|zip)($|\?)|/export|/language/|/sign-off")


def test_axe_finds_nothing_on_any_page(day: SchoolDay, browser: Browser) -> None:
    wrong: dict[str, list[str]] = {}
    looked = 0
    for language, width in LANGUAGES.items():
        stranger = at_a_device(browser, width=width, height=800, language=language)
        for path in ("/", *STATIC):
            looked += _look(stranger.page, day.url, [path], f"{language} nobody", wrong)
        looked += _crawl(stranger.page, day.url, STATIC, f"{language} nobody", wrong)
        stranger.context.close()
        for role in dict.fromkeys((*APP_SCREENS, *OFFICE)):
            who = at_a_device(browser, width=width, height=800, language=language)
            who.sign_on(day.url, day.logins[role]["user_name"])
            who.page.get_by_test_id("language").first.select_option(language)
            where = f"{language} {role}"
            looked += _look(who.page, day.url, APP_SCREENS.get(role, ()), where, wrong)
            if role in OFFICE:
                looked += _crawl(who.page, day.url, OFFICE[role], where, wrong)
            who.context.close()
    found = [f"{page}: {what}" for page, whats in wrong.items() for what in whats]
    figures.say("axe", f"{looked} looks at pages in {len(LANGUAGES)} language(s), {len(found)} findings")
    assert not found, "\n".join(found)


def _look(page: Page, url: str, paths: "tuple[str, ...] | list[str]", where: str, wrong: dict[str, list[str]]) -> int:
    for path in paths:
        page.goto(url + path, wait_until="load")
        page.wait_for_timeout(700)  # the app draws itself
        if found := wrong_with(page):
            wrong[f"{where} {path}"] = found
    return len(paths)


def _crawl(page: Page, url: str, start: tuple[str, ...], where: str, wrong: dict[str, list[str]]) -> int:
    """Follow links from page to page; of pages that differ by an id or a date only, one is looked at."""
    waiting, seen = list(start), {_shape(path) for path in start}
    looked = 0
    while waiting and looked < PAGES_AT_MOST:
        path = waiting.pop(0)
        answer = page.goto(url + path, wait_until="load")
        assert answer, path
        assert answer.status < 400, f"{where}: {path} is linked and answers {answer.status}"
        looked += 1
        if found := wrong_with(page):
            wrong[f"{where} {path}"] = found
        links: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        for link in links:
            parts = urlsplit(link)
            inside = f"{parts.scheme}://{parts.netloc}" == url and parts.path.startswith(("/office/", *STATIC))
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if inside and not NO_PAGE.search(target) and _shape(target) not in seen:
                seen.add(_shape(target))
                waiting.append(target)
    return looked


def _shape(path: str) -> str:
    """A path without what is particular in it: ids of 12 letters, numbers, dates, the query's values."""
    path = re.sub(r"=[^&]*", "=", path)
    return re.sub(r"(?<=/)([0-9a-z]{12}|\d[\d-]*)(?=[/.?]|$)", "*", path)
