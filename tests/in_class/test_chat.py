"""Chat by age: whom students may write to, that nobody writes behind the grown-ups' backs, and that nothing is lost."""

import pytest
from playwright.sync_api import Browser, expect

from tests import figures
from tests.browser.axe import wrong_with
from tests.browser.people import HANGS_AFTER_SECONDS
from tests.in_class.forger import Forger
from tests.in_class.people import InClass, come, plain
from tests.school_day import SchoolDay, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.timeout(HANGS_AFTER_SECONDS),
    pytest.mark.unproven,
]


def write(someone: InClass, text: str) -> None:
    expect(someone.page.get_by_test_id("chat-send")).to_be_enabled()
    someone.page.get_by_test_id("chat-input").fill(text)
    someone.page.get_by_test_id("chat-send").click()


def shows(someone: InClass, text: str, *, times: int = 1) -> None:
    expect(someone.page.get_by_test_id("chat-message").filter(has_text=text)).to_have_count(times, timeout=30_000)


def under(someone: InClass, policy: str) -> None:
    expect(someone.page.get_by_test_id("chat-panel")).to_have_attribute("data-policy", policy, timeout=10_000)


def test_chat_by_age(day: SchoolDay, browser: Browser) -> None:
    teacher, one, two = (come(browser, day, who) for who in ("teacher", "twin", "student"))
    everybody = (teacher, one, two)
    for who in everybody:
        expect(who.page.locator('[data-testid^="tile-"]')).to_have_count(3, timeout=20_000)
        who.page.get_by_test_id("chat").click()
    under(one, teacher.page.get_by_test_id("chat-panel").get_attribute("data-policy") or "")

    # The teacher lets only grown-ups read: one tap.
    teacher.page.get_by_test_id("chat-policy-teacher").click()
    under(one, "teacher")
    write(one, "I do not understand")
    shows(teacher, "I do not understand")
    shows(one, "I do not understand")
    expect(one.page.get_by_test_id("chat-waiting")).to_have_count(0)
    write(teacher, "Good morning all")
    shows(two, "Good morning all")
    shows(two, "I do not understand", times=0)

    # To one child: she has it, the other child does not.
    teacher.page.get_by_test_id("chat-to").select_option(one.id)
    expect(teacher.page.get_by_test_id("chat-others-read")).to_be_visible()
    write(teacher, "Look at page 3")
    shows(one, "Look at page 3")
    teacher.page.get_by_test_id("chat-to").select_option("")
    shows(two, "Look at page 3", times=0)

    # The class may read; a link is text or a link, but never from another scheme.
    teacher.page.get_by_test_id("chat-policy-class").click()
    under(two, "class")
    write(two, "see https://example.org/a and javascript:alert(1)")
    for who in everybody:
        shows(who, "https://example.org/a")
    link = teacher.page.get_by_test_id("chat-message").locator("a")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert not wrong_with(teacher.page)
    assert not wrong_with(two.page)

    _forged(day, everybody)

    # The teacher deletes one message: it is gone everywhere.
    message = teacher.page.get_by_test_id("chat-message").filter(has_text="example.org")
    message.get_by_test_id("chat-delete").click()
    message.get_by_test_id("chat-delete").click()
    for who in everybody:
        shows(who, "example.org", times=0)

    # Off: the field rests; a grown-up still writes.
    teacher.page.get_by_test_id("chat-policy-off").click()
    for who in (one, two):
        expect(who.page.get_by_test_id("chat-input")).to_be_disabled()
    write(teacher, "Eyes on the board")
    shows(two, "Eyes on the board")

    # The badge counts what came while the chat was closed.
    two.page.get_by_test_id("chat-close").click()
    write(teacher, "One more thing")
    expect(two.page.get_by_test_id("chat")).to_contain_text("1", timeout=10_000)
    figures.say(
        "class-chat", "teacher only, class, off; one to one read by all grown-ups; a forger's 24 messages: 0 shown"
    )
    for who in everybody:
        assert not who.device.errors


def _forged(day: SchoolDay, everybody: tuple[InClass, InClass, InClass]) -> None:
    teacher, one, two = everybody
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node") or ""
    with Forger(plain(day, "other_twin"), node=node) as forger:
        wait_until(lambda: len(forger.others()) == 3, seconds=15, what="the forger sees the class")
        told = {"id": f"{teacher.id}:forged", "sub": teacher.id, "at": 1, "text": "FORGED", "to": ""}
        before = len(one.page.get_by_test_id("chat-message").all())
        for target in (None, [forger.others()[one.id]], [forger.others()[two.id]]):
            forger.send("chat_said", {"entries": [told], "gone": []}, to=target)
            forger.send("chat", {"id": "f1", "text": "FORGED psst", "private": False}, to=target and list(target))
            forger.send("chat_refused", {"id": "x", "why": "off"}, to=target)
        # A true word of hers comes by the teacher: what was sent before it has been heard by then.
        forger.send("chat", {"id": "f2", "text": "said aloud", "private": False}, to=[forger.others()[teacher.id]])
        for who in everybody:
            shows(who, "said aloud")
        shows(one, "FORGED", times=1)  # the one that reached the teacher was relayed, under her own name
        expect(one.page.get_by_test_id("chat-message").filter(has_text="FORGED")).not_to_contain_text("Ruiz")
        assert len(one.page.get_by_test_id("chat-message").all()) == before + 2
        # A flood: three, then nothing.
        for number in range(20):
            forger.send(
                "chat",
                {"id": f"w{number}", "text": f"WAVE {number}", "private": False},
                to=[forger.others()[teacher.id]],
            )
        forger.send("chat_said", {"entries": [], "gone": [told["id"]]})
        write(one, "after the flood")
        shows(two, "after the flood")
        waves = two.page.get_by_test_id("chat-message").filter(has_text="WAVE").count()
        assert waves <= 6, waves
        assert not any(topic == "chat" for topic, _text in forger.heard), "students' words go to grown-ups only"
