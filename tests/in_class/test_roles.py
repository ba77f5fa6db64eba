"""Whoever comes beside the roster: arranged by the school's office in a real day, in class with her own account."""

import base64
import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from schoolday.contracts.day_session import DaySession
from schoolday.contracts.passes import Pass
from schoolday.door.rights import place_in
from schoolday.embedded.demo_day import PASSWORD
from schoolday.lib import clock, signing
from tests.browser.axe import wrong_with
from tests.browser.people import HANGS_AFTER_SECONDS, Someone, at_a_device
from tests.device import Device, Refused
from tests.figures import say
from tests.in_class.at_live import AtLive, Server
from tests.in_class.groups_people import back, in_group, open_groups
from tests.in_class.people import InClass, come, plain, user_name
from tests.school_day import SchoolDay, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.timeout(HANGS_AFTER_SECONDS),
]
_SOON_MS = 20_000
_PLAN_SECONDS = 120  # a plan is made each minute, and doors look for it
# Who has a class herself is sent to no other; and near her own bell her device asks the office nothing.
_FREE_AT_THE_BELL = """
SELECT user_name, family_name FROM people_person AS who
WHERE id IN (SELECT person_id FROM people_roleassignment WHERE role = 'teacher')
AND id NOT IN (SELECT person_id FROM rosters_enrollment JOIN timetable_meeting USING (section_id)
  WHERE starts_at BETWEEN datetime('now', '-30 minutes') AND datetime('now', '+30 minutes'))
ORDER BY user_name LIMIT 3
"""
_WORDS = Path(__file__).parents[2] / "app" / "src" / "live" / "roles" / "words"


class Office:
    """The principal at the office's own pages, in a browser."""

    def __init__(self, browser: Browser, day: SchoolDay) -> None:
        self.day = day
        self.someone = at_a_device(browser)
        self.someone.sign_on(day.url, user_name(day, "principal"))
        self.page = self.someone.page
        self.page.goto(f"{day.url}/office/")
        self.page.locator("button[name=language][value=en]").click()
        teacher = plain(day, "teacher")
        with closing(teacher.http):
            self.section, self.meeting = teacher.meeting_now()

    def at_class(self) -> None:
        self.page.goto(f"{self.day.url}/office/")
        self.page.get_by_role("link", name="Substitutes and helpers").click()
        self.page.locator(f'a[href$="/class/{self.section}/"]').click()

    def lets_come(self, name: str, kind: str) -> None:
        """Find somebody by her user name and tap `Let her come`, for today."""
        self.at_class()
        self.page.get_by_label("Comes as").select_option(kind)
        self.page.get_by_label("Name or e-mail").fill(name)
        self.page.get_by_role("button", name="Find", exact=True).click()
        self.page.get_by_role("button", name="Let her come").click()
        expect(self.page.get_by_role("status")).to_contain_text("has the class")

    def ends(self, name: str) -> None:
        self.at_class()
        row = self.page.locator(".come-list li").filter(has_text=name)
        row.get_by_role("button", name="End now").click()
        expect(self.page.get_by_role("status")).to_contain_text("Ended")

    def lets_guardians_observe(self) -> None:
        self.page.goto(f"{self.day.url}/office/arrangements/")
        self.page.locator("label[for=guardians]").click()
        self.page.get_by_role("button", name="Save").click()
        expect(self.page.get_by_role("status")).to_contain_text("Saved")


def called(kind: str) -> re.Pattern[str]:
    """What the class reads beside her name, in whatever language a child's family has."""
    words = (json.loads(path.read_text())[f"role_{kind}"] for path in sorted(_WORDS.glob("*.json")))
    return re.compile("|".join(re.escape(f"({one})") for one in words))


@pytest.fixture(scope="module")
def office(browser: Browser, day: SchoolDay) -> Office:
    return Office(browser, day)


@pytest.fixture(scope="module")
def others(day: SchoolDay) -> list[tuple[str, str]]:
    """Three teachers of the demo who are free at its bell, user name and family name, with passwords of their own."""
    with sqlite3.connect(f"file:{day.home / 'office.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
        found = database.execute(_FREE_AT_THE_BELL).fetchall()
    assert len(found) == 3, found
    for name, _ in found:
        said = day.command("password", name, "--stdin", "--json", typed=PASSWORD + "\n")
        assert said.returncode == 0, said.stderr
    return found


def in_class(someone: Someone) -> InClass:
    """She taps the large button and is in; what she is called there is hers."""
    someone.join()
    expect(someone.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    tile = someone.page.locator('[data-testid^="tile-"][data-self="true"]')
    expect(tile).to_have_count(1, timeout=_SOON_MS)
    return InClass(someone, (tile.get_attribute("data-testid") or "").removeprefix("tile-"))


def rights(seat: dict[str, Any]) -> dict[str, Any]:
    """What the seat's token says, as LiveKit reads it."""
    body = str(seat["token"]).split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def seats_of(device: Device, office: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = device.join(section=office.section, meeting=office.meeting["id"])["ticket"]["seats"]
    return found


def seat_beside(who: Page, device: Device, office: Office) -> dict[str, Any]:
    """
    The seat that this device is given in the place where `who` is now, at the same live server.

    When somebody was taken out, the class goes to a new place: for a minute doors and devices may not agree on it yet.
    """
    room = who.get_by_test_id("live-room")
    found: list[dict[str, Any]] = []

    def beside(seat: dict[str, Any]) -> bool:
        place = str(rights(seat)["video"]["room"])[:6]
        return (seat["node"], place) == (room.get_attribute("data-node"), room.get_attribute("data-place"))

    def agree() -> bool:
        found[:] = filter(beside, seats_of(device, office))
        return bool(found)

    wait_until(agree, seconds=_PLAN_SECONDS, what="a door sends her where the class is")
    return found[0]


def book_status(page: Page, office: Office) -> int:
    return page.context.request.get(f"{office.day.url}/office/book/{office.meeting['id']}/").status


def test_a_substitute_for_today_with_her_own_account(
    day: SchoolDay, browser: Browser, office: Office, others: list[tuple[str, str]]
) -> None:
    name, family = others[0]
    # She has opened the app before anybody sent for her: the class is not hers.
    device = at_a_device(browser)
    device.sign_on(day.url, name)
    card = device.page.locator(f'[data-testid="class-card"][data-section="{office.section}"]')
    expect(device.page.get_by_test_id("today")).to_be_visible(timeout=_SOON_MS)
    expect(card).to_have_count(0)
    assert book_status(device.page, office) == 404

    office.lets_come(name, "substitute")
    device.page.reload()
    expect(card).to_be_visible(timeout=_SOON_MS)
    student = come(browser, day, "student")
    substitute = in_class(device)
    page = substitute.page
    expect(student.page.get_by_test_id(f"tile-{substitute.id}")).to_contain_text(called("substitute"), timeout=_SOON_MS)
    wait_until(lambda: student.device.frames_from(substitute.id) > 10, seconds=30, what="the substitute's picture")

    # What a teacher may, at the live server itself; and the class obeys.
    page.get_by_test_id("freeze").click()
    expect(student.page.get_by_test_id("live-room")).to_have_attribute("data-frozen", "true", timeout=_SOON_MS)
    page.get_by_test_id("freeze").click()
    expect(student.page.get_by_test_id("live-room")).to_have_attribute("data-frozen", "false", timeout=_SOON_MS)
    plain_device = Device.signed_on(day.url, name)
    with closing(plain_device.http):
        node = page.get_by_test_id("live-room").get_attribute("data-node")
        seat = next(one for one in seats_of(plain_device, office) if one["node"] == node)
        assert {student.id, substitute.id} <= Server(seat).people(), "LiveKit takes her for the room's admin"
        held: Pass = msgspec.json.decode(
            signing.unb64(plain_device.bundle["pass"]["token"].split(".")[2])[:-64], type=Pass
        )
        place = held.places[office.section]
        zone = ZoneInfo(plain_device.plan()["time_zone"])
        midnight = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        assert place.role == "teacher"
        assert datetime.fromtimestamp(place.exp, UTC) == midnight, (
            "it ends by itself, at doors that hear of no plan too"
        )
        _tomorrow_is_not_hers(plain_device, held, office)
    assert book_status(page, office) == 200
    assert not wrong_with(page)

    office.ends(family)
    page.get_by_test_id("more").click()
    page.get_by_test_id("leave").click()

    # One device more, and no more: beyond ten the oldest is taken away, and then it is that which doors refuse.
    again = Device.signed_on(day.url, name)
    again.bundle["pass"] = plain_device.bundle["pass"]
    again.private = plain_device.private

    def refused() -> bool:
        try:
            seats_of(again, office)
        except Refused as error:
            return str(error) == "not_your_class"
        return False

    with closing(again.http):
        wait_until(refused, seconds=_PLAN_SECONDS, what="doors refuse the pass she still holds")
    assert book_status(page, office) == 404, "what was taken back is taken back"
    say(
        "class-substitute",
        "on her Today after one reload; freezes the class, room admin at LiveKit; refused once ended",
    )
    assert not substitute.device.errors + student.device.errors


def _tomorrow_is_not_hers(device: Device, held: Pass, office: Office) -> None:
    """By a door's own rule and this very pass, and by her spare tickets."""
    session = DaySession(
        sub=held.sub, kind=held.kind, org=held.org, cohort=held.cohort, sections=held.sections, exp=held.exp,
        device=held.cnf, jti=held.jti, epoch=held.epoch, places=held.places,
    )  # fmt: skip
    assert place_in(session, office.section)
    with clock.shifted(timedelta(days=1)):
        assert place_in(session, office.section) is None
        assert office.section not in session.sections
    end = held.places[office.section].exp
    assert all(one["nbf"] < end for one in device.bundle["spares"] if one["section"] == office.section)


def test_an_interpreter_and_an_aide_are_seen_as_what_they_are(
    day: SchoolDay, browser: Browser, office: Office, others: list[tuple[str, str]]
) -> None:
    for (name, _), kind in zip(others[1:], ("interpreter", "aide"), strict=True):
        office.lets_come(name, kind)
    teacher = come(browser, day, "teacher")
    for (name, _), kind in zip(others[1:], ("interpreter", "aide"), strict=True):
        device = Device.signed_on(day.url, name)
        with closing(device.http):
            seat = seat_beside(teacher.page, device, office)
        video = rights(seat)["video"]
        assert not video.get("roomAdmin"), kind
        assert Server(seat).ask("ListParticipants").status_code in (401, 403)
        guest = AtLive(seat)
        try:
            assert guest.may_publish_microphone()
            tile = teacher.page.get_by_test_id(f"tile-{device.person_id}")
            expect(tile).to_contain_text(called(kind), timeout=_SOON_MS)
        finally:
            guest.leave()
    assert not teacher.device.errors


def test_an_interpreter_goes_with_a_child_into_her_group(
    day: SchoolDay, browser: Browser, office: Office, others: list[tuple[str, str]]
) -> None:
    name, _ = others[1]
    office.lets_come(name, "interpreter")
    teacher, student = come(browser, day, "teacher"), come(browser, day, "student")
    device = at_a_device(browser, width=390, height=844)
    device.sign_on(day.url, name)
    interpreter = in_class(device)
    page = interpreter.page
    expect(page.get_by_test_id("group-banner")).to_have_count(0)
    open_groups(teacher.page, count=2, of={student.id: "2"})
    in_group(student.page, "2")
    expect(page.get_by_test_id("groups-visit-2")).to_be_visible(timeout=_SOON_MS)
    page.get_by_test_id("groups-visit-2").click()
    in_group(page, "2")
    wait_until(lambda: student.device.frames_from(interpreter.id) > 10, seconds=30, what="the child sees her sign")
    expect(student.page.get_by_test_id(f"tile-{interpreter.id}")).to_contain_text(called("interpreter"))
    expect(teacher.page.get_by_test_id("groups-view-2").get_by_test_id(f"groups-guest-{interpreter.id}")).to_be_visible(
        timeout=_SOON_MS
    )
    page.reload()
    in_group(page, "2")
    wait_until(lambda: student.device.frames_from(interpreter.id) > 10, seconds=30, what="she is there again, and seen")
    teacher.page.get_by_test_id("groups-back").click()
    for one in (page, student.page):
        back(one)
    wait_until(lambda: student.device.frames_from(interpreter.id) > 10, seconds=30, what="she is seen in the class")
    say("class-interpreter", "in the child's group by one tap, seen there, also after a reload; back with everyone")
    assert not teacher.device.errors + student.device.errors + interpreter.device.errors


def test_a_guardian_looks_in_where_the_school_allows_it(day: SchoolDay, browser: Browser, office: Office) -> None:
    name = user_name(day, "guardian")
    guardian = at_a_device(browser, width=390, height=844)
    guardian.sign_on(day.url, name)
    expect(guardian.page.get_by_test_id("family")).to_be_visible(timeout=_SOON_MS)
    expect(guardian.page.get_by_test_id("visit")).to_have_count(0)
    office.at_class()
    assert "guardian" not in office.page.get_by_label("Comes as").inner_html(), "off at first"
    office.lets_guardians_observe()
    office.lets_come(name, "guardian")
    guardian.page.reload()
    expect(guardian.page.get_by_test_id("visit")).to_be_visible(timeout=_SOON_MS)
    assert not wrong_with(guardian.page)

    student = come(browser, day, "student")
    visitor = in_class(guardian)
    for button in ("microphone", "camera", "hand", "chat"):
        expect(visitor.page.get_by_test_id(button)).to_have_count(0)
    tile = student.page.get_by_test_id(f"tile-{visitor.id}")
    expect(tile).to_contain_text(called("guardian"), timeout=_SOON_MS)
    expect(student.page.get_by_test_id("live-room")).to_have_attribute("data-quiet", "true", timeout=60_000)
    teacher = come(browser, day, "teacher")
    wait_until(lambda: visitor.device.frames_from(teacher.id) > 10, seconds=30, what="the guardian sees the teacher")
    node = teacher.page.get_by_test_id("live-room").get_attribute("data-node")
    device = plain(day, "guardian")
    with closing(device.http):
        seat = next(one for one in seats_of(device, office) if one["node"] == node)
        assert rights(seat)["video"].get("canPublish") is False
        assert device.http.get(f"/office/book/{office.meeting['id']}/").status_code == 404
    silent = AtLive(seat)
    try:
        assert not silent.may_publish_microphone(), "LiveKit takes no sound of hers"
    finally:
        silent.leave()
    say("class-guardian-observer", "asked in by the office; sees the teacher's frames, sends nothing, named to all")
    assert not visitor.device.errors + student.device.errors + teacher.device.errors
