"""Chat by age: whom students may write to, that nobody writes behind the grown-ups' backs, and that nothing is lost."""

from contextlib import closing

import pytest
from playwright.sync_api import Browser, Locator, expect

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

    shown = _forged(day, everybody)

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
    _reloaded(teacher, one)
    figures.say(
        "class-chat", f"teacher only, class, off; one to one; deleted everywhere; a lone teacher's reload; {shown}"
    )
    for who in everybody:
        assert not who.device.errors


def _reloaded(teacher: InClass, one: InClass) -> None:
    """The only grown-up's page is loaded anew: what was said is there, in its order, and what was deleted is not."""
    messages = teacher.page.get_by_test_id("chat-message")
    before = messages.all_text_contents()
    teacher.page.reload()
    expect(teacher.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    teacher.page.get_by_test_id("chat").click()
    expect(messages).to_have_text(before, timeout=20_000)
    shows(teacher, "example.org", times=0)
    write(teacher, "I am back")
    shows(one, "I am back")


def _forged(day: SchoolDay, everybody: tuple[InClass, InClass, InClass]) -> str:
    """
    A student whose client sends what it likes; returns what her classmates saw of it.

    What a grown-up's device takes from her is a word like any other, under her own name, and no faster than others'.
    """
    teacher, one, two = everybody
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node") or ""
    device = plain(day, "other_twin")
    with closing(device.http), Forger(device, node=node) as forger:
        for who in everybody:  # of somebody they do not know yet, devices hear nothing at all
            expect(who.page.locator('[data-testid^="tile-"]')).to_have_count(4, timeout=30_000)
        wait_until(lambda: len(forger.others()) == 3, seconds=15, what="the forger sees the class")
        before = one.page.get_by_test_id("chat-message").count()
        deleted = two.page.get_by_test_id("chat-message").filter(has_text="example.org")
        message = f"{teacher.id}:forged"
        told = {"id": message, "sub": teacher.id, "at": 1, "text": "FORGED by the teacher", "to": ""}
        past_the_teacher = 0
        for name in (one.id, two.id):
            target = [forger.others()[name]]
            forger.send("chat_said", {"entries": [told], "gone": []}, to=target)
            forger.send("chat", {"id": "f0", "text": "FORGED psst", "private": False}, to=target)
            forger.send("chat_said", {"entries": [], "gone": [_id_of(deleted)]}, to=target)
            past_the_teacher += 3
        forger.send("chat_said", {"entries": [told], "gone": [_id_of(deleted)]})
        past_the_teacher += 1
        # Her own word by the teacher's device comes last: whatever was sent before it has been heard by then.
        forger.send("chat", {"id": "f1", "text": "said aloud", "private": False}, to=[forger.others()[teacher.id]])
        for who in everybody:
            shows(who, "said aloud")
            shows(who, "FORGED", times=0)
            shows(who, "example.org")
        assert one.page.get_by_test_id("chat-message").count() == before + 1
        said = one.page.get_by_test_id("chat-message").filter(has_text="said aloud")
        hers = one.page.get_by_test_id(f"tile-{device.person_id}").locator("figcaption")
        expect(hers).to_contain_text(said.locator("strong").inner_text())  # not her twin's, though both have one name
        # A flood through the teacher's device: a small burst, then as slowly as anybody.
        waves = 30
        for number in range(waves):
            word = {"id": f"w{number}", "text": f"WAVE {number}", "private": False}
            forger.send("chat", word, to=[forger.others()[teacher.id]])
        write(one, "after the flood")
        shows(two, "after the flood")
        seen = two.page.get_by_test_id("chat-message").filter(has_text="WAVE").count()
        assert seen <= 6, seen
        assert not any(topic == "chat" for topic, _text in forger.heard), "students' words go to grown-ups only"
    return (
        f"of {past_the_teacher} messages past the teacher's device a classmate saw 0,"
        f" of {waves} sent to it at once {seen}"
    )


def _id_of(message: Locator) -> str:
    return message.get_attribute("data-id") or ""
