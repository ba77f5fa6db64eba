"""The pages in a real browser: nothing for axe to find, nothing wider than a small phone."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

from schoolday.office.notices import actions
from schoolday.office.notices.audience import Audience
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.leaving import leave_token
from schoolday.office.notices.models import Delivery
from schoolday.office.notices.receipts import take_mail_event
from tests.browser.conftest import FLAGS
from tests.browser.office_pages import answered_by, look
from tests.cast import Cast
from tests.office.notices.sending import give_contacts, moved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_and_a_small_phone_shows_all(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
    give_contacts(cast)
    notice = moved(cast, clock_from=None)
    prepare_waiting()
    notice.deliveries.filter(channel="mail").update(state=Delivery.State.UNDELIVERABLE, reason="smtp_550")
    take_mail_event("guardian@bay.example", "bounced")
    draft = actions.draft_notice(audience=Audience(), actor=cast.operator)
    whole = dict.fromkeys(("en", "es", "ht"), "A word of our own")
    actions.write_draft(draft, sentences=["all_well"], facts={}, free=whole, level="info", channels=["mail", "sms"])
    urls = [
        "/office/notices/", "/office/notices/new/", f"/office/notices/new/?school={cast.school.id}",
        f"/office/notices/draft/{draft.id}/", f"/office/notices/draft/{draft.id}/send/",
        f"/office/notices/{notice.id}/?hold=1", f"/office/notices/{notice.id}/calls/{cast.school.id}/",
        "/office/notices/preferences/", f"/office/notices/guardians/{cast.student.id}/",
        f"/api/notices/leave/{leave_token(cast.guardian.id)}",
    ]  # fmt: skip
    client.force_login(cast.operator)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for language, width in (("ht", 320), ("en", 1366)):
            context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
            client.cookies["language"] = language
            answered_by(client, context)
            found = {url: look(context, url) for url in urls}
            context.close()
            assert found == {url: [] for url in urls}, (language, width)
        browser.close()
