"""Who counts as a grown-up, how one on duty is told and looks in, and a class whose live name changes."""

import asyncio
import time

import pytest
from livekit import rtc
from playwright.sync_api import Browser, expect

from tests import figures
from tests.browser.people import HANGS_AFTER_SECONDS, at_a_device
from tests.live_nodes import mock
from tests.live_nodes.test_one_place import come
from tests.school_day import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(HANGS_AFTER_SECONDS)]
DUTY = mock.PEOPLE["duty"].id
FOLLOWS_WITHIN_SECONDS = 30
AGAIN_AT_MOST_SECONDS = 16  # from one try of a device that is behind to its next one


async def _claims_to_be_a_teacher() -> dict[str, str]:
    """A student's client of her own making says it is a teacher; returns what another one sees of her."""
    student, other = rtc.Room(), rtc.Room()
    for room, who in ((student, "student4"), (other, "student5")):
        seat = mock.seats_of(who)[0]
        await room.connect(seat["url"], seat["token"])
    # The server answers a refusal that this SDK does not pass on; what counts is what the others see.
    await student.local_participant.set_attributes({"role": "teacher"})
    await student.local_participant.set_metadata("teacher")
    await asyncio.sleep(1)
    seen = next(one.attributes for one in other.remote_participants.values() if one.identity.startswith("student00004"))
    await asyncio.gather(student.disconnect(), other.disconnect())
    return dict(seen)


def test_a_student_cannot_make_herself_a_teacher(school: str) -> None:
    seen = asyncio.run(_claims_to_be_a_teacher())
    assert seen == {"meeting": "meeting00001", "role": "student"}
    figures.say("role-is-signed", f"a student's client that says role=teacher is seen as {seen['role']}")


def test_an_adult_on_duty_looks_in_and_the_class_moves_to_its_new_name(school: str, browser: Browser) -> None:
    one, two = come(browser, school, "student0"), come(browser, school, "student1")
    for who in (one, two):
        expect(who.page.get_by_test_id("quiet")).to_be_visible(timeout=20_000)
    since = int(time.time()) - 30
    mock.School.alone = [
        {"meeting": "meeting00001", "section": mock.day.MATH, "org": mock.day.SCHOOL, "since": since, "students": 2}
    ]
    duty = at_a_device(browser)
    duty.sign_on(school, "duty")
    card = duty.page.get_by_test_id("alone-meeting00001")
    expect(card).to_be_visible(timeout=25_000)
    expect(card).to_contain_text("Math has no grown-up since")
    expect(duty.page.get_by_test_id("alone-announcer")).to_contain_text("Math has no grown-up")
    expect(duty.page).to_have_title("(1) My School Online")
    duty.page.get_by_test_id("look-in-meeting00001").click()
    looked_in_at = time.monotonic()
    mock.School.alone = []
    for who in (one, two):
        room = who.page.get_by_test_id("live-room")
        expect(room).to_have_attribute("data-quiet", "false", timeout=25_000)
        expect(who.page.get_by_test_id(f"tile-{DUTY}")).to_contain_text("A grown-up of your school", timeout=20_000)
    figures.say("duty-looks-in", f"the class is open {time.monotonic() - looked_in_at:.1f} s after one tap on the card")
    # She has no list of this class in her bundle: its names came from the office.
    expect(duty.page.get_by_test_id(f"tile-{mock.PEOPLE['student0'].id}")).to_contain_text(
        mock.PEOPLE["student0"].name, timeout=20_000
    )

    # Somebody was taken out: the plan says another turn, and all move to the new live name, which she cannot know.
    everybody = [duty, one, two]
    mock.School.live_name, mock.School.turn, mock.School.doors_turn = "mnextturn01", 1, 1
    changed_at = time.monotonic()
    wait_until(
        lambda: all(who.page.get_by_test_id("live-room").get_attribute("data-turn") == "1" for who in everybody),
        seconds=60, what="every device has heard of the new turn",
    )  # fmt: skip
    name = mock.School.live_name
    wait_until(
        lambda: all(who.page.get_by_test_id("live-room").get_attribute("data-place") == name[:6] for who in everybody),
        seconds=30, what="every device has moved to the new live name",
    )  # fmt: skip
    for who in (one, two):
        wait_until(lambda w=who: w.frames_from(DUTY) > 0, seconds=15, what="pictures run in the new place")
        expect(who.page.get_by_test_id("quiet")).to_have_count(0)
    figures.say(
        "turn", f"the class of 3 is in its new place {time.monotonic() - changed_at:.1f} s after the plan changed"
    )
    for who in everybody:
        assert not who.errors


def test_who_comes_through_a_door_that_is_behind_goes_after_the_class(school: str, browser: Browser) -> None:
    """Somebody was taken out a moment ago: her device has the new plan, and the door it asks has not."""
    mock.School.turn = 1
    one = come(browser, school, "student0")
    room = one.page.get_by_test_id("live-room")
    expect(room).to_have_attribute("data-turn", "1")
    expect(room).to_have_attribute("data-place", mock.LIVE_NAME[:6], timeout=20_000)
    mock.School.live_name, mock.School.doors_turn = "mnextturn01", 1
    changed_at = time.monotonic()
    expect(room).to_have_attribute("data-place", "mnextt", timeout=FOLLOWS_WITHIN_SECONDS * 1000)
    seconds = time.monotonic() - changed_at
    figures.say("turn-behind", f"in the class's new place {seconds:.1f} s after the door has heard of it")
    expect(room).to_have_attribute("data-line", "open", timeout=20_000)
    joins = len(mock.School.joins)
    time.sleep(AGAIN_AT_MOST_SECONDS)
    assert len(mock.School.joins) == joins, "once there she asks for no other ticket"
    assert not one.errors
