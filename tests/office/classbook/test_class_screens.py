"""Pages of who comes to a class, of what families say, of the class book and of slips, in a real browser."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, sync_playwright

from schoolday.lib import clock
from schoolday.office.arrangements.access import access_section
from schoolday.office.arrangements.actions import arrange, say_as_guardian
from schoolday.office.people.models import Person
from tests.browser.conftest import FLAGS
from tests.browser.office_pages import SITE, answered_by, look
from tests.cast import Cast
from tests.office.attendance.day import AFTER, ON
from tests.office.classbook.test_pages import lesson, own_folder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["own_folder"]
_WIDTHS = {"ht": 320, "es": 390, "en": 1366}
# Where to keep pictures of the pages for somebody who wants to look at them; nowhere unless it is set.
_PICTURES = os.environ.get("SCREENS_DIR", "")


def a_lesson_with_a_substitute(cast: Cast) -> dict[str, list[str]]:
    """Make one of everything; return by person the addresses to look at."""
    Person.objects.filter(id=cast.guardian.id).update(phone="+1 305 555 0101")
    meeting = lesson(cast)
    leave = access_section(cast.principal, cast.section.id)
    arrange(leave, person_id=cast.other_teacher.id, kind="substitute", begins_on=ON, last_on=ON, actor=cast.principal)
    say_as_guardian(cast.student, subject="recording", yes=True, guardian=cast.guardian)
    school, section = cast.school.id, cast.section.id
    return {
        "principal": [
            f"/office/arrangements/school/{school}/", f"/office/arrangements/class/{section}/",
            f"/office/arrangements/class/{section}/families/", f"/office/consents/school/{school}/",
            "/office/book/", f"/office/book/section/{section}/", f"/office/book/{meeting.id}/",
            "/office/phone/", f"/office/phone/class/{section}/",
        ],
        "operator": ["/office/arrangements/", "/office/phone/"],
        "guardian": ["/office/consents/", f"/office/book/child/{cast.student.id}/"],
    }  # fmt: skip


def at_her_device(cast: Cast, who: str, language: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, who))
    client.cookies["language"] = language
    return client


def test_axe_finds_nothing_and_a_small_phone_shows_all(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
    monkeypatch.setitem(settings.SCHOOLDAY.values, "PHONE_NUMBERS", "+13055550100")
    wrong: dict[str, list[str]] = {}
    with clock.at(AFTER):
        pages = a_lesson_with_a_substitute(cast)
        # Before playwright's loop runs: what opens the database inside of it has a line of its own, which stays open.
        clients = {(who, language): at_her_device(cast, who, language) for who in pages for language in _WIDTHS}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            for language, width in _WIDTHS.items():
                for who, urls in pages.items():
                    client = clients[who, language]
                    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
                    answered_by(client, context, at=AFTER)
                    wrong |= {f"{language} {who} {url}": found for url in urls if (found := look(context, url))}
                    if _PICTURES:
                        _keep(context, f"{_PICTURES}/{language}-{who}", urls)
                    context.close()
            browser.close()
    assert not wrong, wrong


def _keep(context: BrowserContext, where: str, urls: list[str]) -> None:
    page = context.new_page()
    for number, url in enumerate(urls):
        page.goto(SITE + url)
        page.screenshot(path=Path(f"{where}-{number}.png"), full_page=True)
    page.close()
