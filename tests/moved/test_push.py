"""A push reaches the service worker: it is shown in its language, and the card has the new plan at once."""

import json
import time

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests import figures
from tests.browser.people import HANGS_AFTER_SECONDS, at_a_device
from tests.moved import mock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(HANGS_AFTER_SECONDS)]

PAYLOAD = {
    "title": "Zoom hoy", "body": "Grados 6 a 12", "url": "/check", "tag": "notice000001", "lang": "es",
    "level": "warning",
}  # fmt: skip


def _registration(page: Page, session: CDPSession) -> str:
    found: list[str] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(_ids(told)))
    session.send("ServiceWorker.enable")
    for _ in range(50):
        if found:
            return found[-1]
        page.wait_for_timeout(100)
    raise AssertionError("no service worker")


def _ids(told: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["registrationId"] for one in told["registrations"]]


def test_a_push_is_shown_and_brings_the_plan_at_once(school: str, browser: Browser) -> None:
    who = at_a_device(browser, width=390, height=844)
    who.context.grant_permissions(["notifications"], origin=school)
    who.sign_on(school, "student")
    who.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(who.page.get_by_test_id("join")).to_be_visible()
    session = who.context.new_cdp_session(who.page)
    registration = _registration(who.page, session)
    published_at = mock.publish(detour=True)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": school, "registrationId": registration, "data": json.dumps(PAYLOAD)},
    )
    expect(who.page.get_by_test_id("go-there")).to_be_visible(timeout=10_000)
    seconds = time.monotonic() - published_at
    shown = who.page.evaluate(
        "navigator.serviceWorker.ready.then((one) => one.getNotifications())"
        ".then((all) => all.map((one) => [one.title, one.body, one.lang, one.tag, one.data.url]))"
    )
    assert shown == [["Zoom hoy", "Grados 6 a 12", "es", "notice000001", "/check"]]
    mock.publish(detour=False)
    figures.say("push-brings-plan", f"the card has moved {seconds:.1f} s after the push came in")
    assert not who.errors
