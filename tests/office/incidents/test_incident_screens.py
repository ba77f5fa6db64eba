"""The pages in a real browser: nothing for axe to find, nothing wider than a small phone, a PDF with page numbers."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, sync_playwright

from schoolday.lib import clock
from schoolday.office.attendance.amnesty_actions import declare_amnesty
from schoolday.office.incidents import actions
from schoolday.office.incidents.help.collecting import collect
from schoolday.office.people.models import Person
from tests.browser.conftest import FLAGS
from tests.browser.office_pages import SITE, answered_by, look
from tests.cast import Cast
from tests.office.attendance.day import BELL, event, meet, took
from tests.office.incidents.test_help import SOON
from tests.office.incidents.test_incidents import REVIEW, TEXTS, declare, here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_morning(cast: Cast) -> list[str]:
    """Make one of everything; return the addresses to look at."""
    Person.objects.filter(id=cast.guardian.id).update(phone="+1 305 555 0101")
    meeting = meet(cast.section)
    incident = declare(cast, scope=here(cast), severity="critical", next_update_at=BELL)
    actions.write(cast.operator, incident.id, kind="seen", text="W" * 300)
    actions.set_public(cast.operator, incident.id, TEXTS)
    declare_amnesty(cast.operator, scope=here(cast), from_at=BELL, until_at=None, reason=TEXTS, incident_id=incident.id)
    closed = declare(cast)
    actions.close(cast.operator, closed.id, REVIEW)
    took(event("help_asked", cast.student, meeting, 5, layer="line"), event("help_asked", cast.guardian, None, 5))
    collect()
    return [
        "/office/incidents/", "/office/incidents/new/", f"/office/incidents/new/?of={cast.school.id}",
        f"/office/incidents/{incident.id}/", f"/office/incidents/{incident.id}/close/",
        f"/office/incidents/{incident.id}/board/", f"/office/incidents/{closed.id}/",
        f"/office/incidents/{incident.id}/change/", "/office/amnesty/",
        f"/office/amnesty/new/?incident={incident.id}", "/office/help/",
        f"/office/register/{cast.school.id}/?on=2026-09-01",
    ]  # fmt: skip


def test_axe_finds_nothing_and_a_small_phone_shows_all(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
    with clock.at(SOON):
        urls = a_morning(cast)
        client.force_login(cast.operator)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            for language, width in (("ht", 320), ("es", 320), ("en", 1366)):
                context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
                client.cookies["language"] = language
                answered_by(client, context, at=SOON)
                found = {url: look(context, url) for url in urls}
                if language == "en":
                    _prints(context, SITE + urls[5])
                context.close()
                assert found == {url: [] for url in urls}, (language, width)
            browser.close()


def _prints(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(url)
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    assert pdf.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 612 792]" in pdf.replace(b".00", b""), "letter, as the page's own CSS asks for"
