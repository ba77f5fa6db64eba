"""
An operator at her desk on a real day: the bell moves as people come, what fails is named, no office is needed.

The bell rings within a minute of the start, so that a class without a teacher is one while the test still looks.
"""

import contextlib
import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import figures
from tests.browser.axe import wrong_with
from tests.browser.people import Someone, at_a_device
from tests.device import Device
from tests.kill import held_supervisor
from tests.school_day import SchoolDay, class_day

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.timeout(600)]
LOOK_SECONDS = "10" if figures.full_form() else "2"
NAMED_WITHIN_SECONDS = 120
SHOWN_WITHIN_MS = 45_000  # the desk asks every ten seconds, a door counts once a second
ALONE_WITHIN_MS = 120_000  # the bell, twenty seconds, and the next look
TABS_AT_MOST = 40


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SchoolDay]:
    with class_day(tmp_path_factory.mktemp("day") / "home", bell_in=0, PROBE_EVERY_SECONDS=LOOK_SECONDS) as day:
        yield day


@pytest.fixture
def devices(browser: Browser) -> Iterator[Callable[[], Someone]]:
    came: list[Someone] = []

    def comes() -> Someone:
        came.append(at_a_device(browser))
        return came[-1]

    yield comes
    for who in came:
        who.context.close()
    assert not [error for who in came for error in who.errors]


@contextlib.contextmanager
def no_database(day: SchoolDay) -> Iterator[None]:
    """Take the database's files away; whoever had them open is dead by now."""
    files = list(day.home.glob("office.sqlite3*"))
    assert files
    for file in files:
        file.rename(file.with_name(f"away-{file.name}"))
    try:
        yield
    finally:
        for file in files:
            file.with_name(f"away-{file.name}").rename(file)


def number(page: Page, name: str) -> int:
    """What the desk says of `expected`, `arrived`, `in-class` …"""
    found = re.match(r"[\d,]+", page.get_by_test_id(f"desk-{name}").inner_text())
    assert found
    return int(found[0].replace(",", ""))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(TABS_AT_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def comes_to_class(device: Device) -> None:
    section, meeting = device.meeting_now()
    device.join(section=section, meeting=meeting["id"])


@pytest.fixture
def twins(day: SchoolDay) -> Iterator[list[Device]]:
    """Two students who hold their passes already, on devices without a browser."""
    found = [Device.signed_on(day.url, login["user_name"]) for login in day.logins["twins"]]
    yield found
    for device in found:
        device.http.close()


def test_the_desk_of_a_real_day(day: SchoolDay, devices: Callable[[], Someone], twins: list[Device]) -> None:
    began = time.monotonic()
    operator, student = devices(), devices()
    operator.sign_on(day.url, day.logins["operator"]["user_name"])
    desk = operator.page
    desk.get_by_test_id("language").first.select_option("en")
    expect(desk.get_by_test_id("to-desk")).to_be_visible(timeout=20_000)
    tab_to(desk, "[data-testid=to-desk]")
    desk.keyboard.press("Enter")
    expect(desk.get_by_test_id("desk-truth")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    assert (number(desk, "expected"), number(desk, "arrived"), number(desk, "in-class")) == (120, 0, 0)
    expect(desk.get_by_test_id("desk-verdict")).to_have_attribute("data-state", "well", timeout=SHOWN_WITHIN_MS)

    # A student comes in by a real door: district, school and grade band move; her class has no adult.
    student.sign_on(day.url, day.logins["student"]["user_name"])
    student.join()
    expect(desk.get_by_test_id("desk-arrived")).to_have_text(re.compile("^1 "), timeout=SHOWN_WITHIN_MS)
    expect(desk.get_by_test_id("desk-in-class")).to_have_text("1", timeout=SHOWN_WITHIN_MS)
    for list_of, name in (("desk-bands", "6-8"), ("desk-schools", "Mangrove Middle")):
        expect(desk.get_by_test_id(list_of).locator("li", has_text=name)).to_contain_text("1 of 27")

    with held_supervisor(day) as parts:
        # A door is killed: the desk says so in words, and where nobody may press anything else first.
        parts.kill("door-b")
        killed = time.monotonic()
        finding = desk.get_by_test_id("desk-findings")
        expect(finding).to_contain_text(
            re.compile(r"doors: not working since .*\(d2\)"), timeout=NAMED_WITHIN_SECONDS * 1000
        )
        named = time.monotonic() - killed
        expect(desk.get_by_test_id("desk-layer-door")).to_contain_text("1/2")
        expect(desk.get_by_test_id("desk-verdict")).to_have_attribute("data-state", "failing")

        # Then office, worker and database go; the bell needs none of them.
        parts.kill("office", "work")
        with no_database(day):
            assert httpx.get(f"{day.url}/api/health", timeout=5).status_code >= 500
            comes_to_class(twins[0])
            expect(desk.get_by_test_id("desk-arrived")).to_have_text(re.compile("^2 "), timeout=SHOWN_WITHIN_MS)
            desk.set_viewport_size({"width": 320, "height": 640})
            desk.reload()  # a desk that is opened only now works as well; it knows what the living door knows
            expect(desk.get_by_test_id("desk-some-doors")).to_be_visible(timeout=SHOWN_WITHIN_MS)
            expect(finding).to_contain_text("doors", timeout=SHOWN_WITHIN_MS)
            expect(finding).to_contain_text("sign-on", timeout=SHOWN_WITHIN_MS)
            known = number(desk, "arrived")
            assert known >= 1
            comes_to_class(twins[1])
            expect(desk.get_by_test_id("desk-arrived")).to_have_text(
                re.compile(f"^{known + 1} "), timeout=SHOWN_WITHIN_MS
            )
            assert desk.evaluate("document.documentElement.scrollWidth") <= 320
            assert not wrong_with(desk)
            tab_to(desk, "a[href='/office/detours/new/']")
            box = desk.locator("a[href='/office/detours/new/']").bounding_box()
            assert box
            assert box["y"] + box["height"] <= 640, "what to press next is on the screen, not below it"

        expect(desk.get_by_test_id("desk-alone")).to_have_text("1", timeout=ALONE_WITHIN_MS)
    figures.say(
        "desk",
        f"a dead door named at the desk after {named:.0f} s (a look every {LOOK_SECONDS} s); three arrivals counted, "
        f"two of them without office and database; {time.monotonic() - began:.0f} s in all",
    )
    assert named <= NAMED_WITHIN_SECONDS
