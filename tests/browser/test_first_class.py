"""
The main job: people known only from roster files meet in a live class at the bell, and the register knows.

One real school day (`schoolday run`), one real browser with a camera, one real live server.
"""

import csv
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from schoolday.lib import signing
from tests import figures
from tests.browser.people import Someone, at_a_device
from tests.device import Device, Refused
from tests.school_day import SchoolDay, class_day, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SchoolDay]:
    with class_day(tmp_path_factory.mktemp("day") / "home", TARDY_AFTER_MINUTES="1") as day:
        yield day


@pytest.fixture(scope="module")
def people(day: SchoolDay) -> Iterator[dict[str, Device]]:
    """The cast by role, each with a device that speaks plain HTTP: for ids, and for what a browser would not do."""
    cast = {name: day.logins[name] for name in ("teacher", "student", "outsider", "principal")}
    cast["twin"], cast["other_twin"] = day.logins["twins"]
    devices = {name: Device.signed_on(day.url, login["user_name"]) for name, login in cast.items()}
    yield devices
    for device in devices.values():
        device.http.close()


def test_the_main_job(day: SchoolDay, people: dict[str, Device], browser: Browser) -> None:
    teacher, student, twin, other_twin = (at_a_device(browser) for _ in range(4))
    section, meeting = people["student"].meeting_now()
    came: dict[str, datetime] = {}

    def comes(who: Someone, name: str) -> None:
        who.sign_on(
            day.url,
            day.logins["twins"][name == "other_twin"]["user_name"] if "twin" in name else day.logins[name]["user_name"],
        )
        came[name] = datetime.now(UTC)
        who.join()

    comes(teacher, "teacher")
    comes(twin, "twin")
    comes(other_twin, "other_twin")
    ids = {name: device.person_id for name, device in people.items()}

    for who in (twin, other_twin):
        wait_until(lambda w=who: w.frames_from(ids["teacher"]) > 0, seconds=30, what="the teacher's picture comes")
    before = [who.frames_from(ids["teacher"]) for who in (twin, other_twin)]
    time.sleep(5)
    after = [who.frames_from(ids["teacher"]) for who in (twin, other_twin)]
    assert all(later > earlier + 10 for earlier, later in zip(before, after, strict=True)), (before, after)
    figures.say(
        "class-at-the-bell", f"{[b - a for a, b in zip(before, after, strict=True)]} frames in 5 s on two devices"
    )

    # Two children of one name, told apart in the teacher's list, both here.
    rows = [teacher.page.get_by_test_id(f"roll-row-{ids[name]}") for name in ("twin", "other_twin")]
    for row in rows:
        expect(row).to_have_attribute("data-state", "here", timeout=15_000)
    assert rows[0].inner_text() != rows[1].inner_text()
    expect(teacher.page.get_by_test_id(f"roll-row-{ids['student']}")).to_have_attribute("data-state", "not_yet")

    # A minute after the bell another student comes: she is tardy.
    late_from = meeting["starts_at"] + 61
    time.sleep(max(0, late_from - time.time()))
    comes(student, "student")
    expect(teacher.page.get_by_test_id(f"roll-row-{ids['student']}")).to_have_attribute(
        "data-state", "late", timeout=15_000
    )

    _outsider_is_refused(day, people, section, meeting)
    for who in (teacher, student, twin, other_twin):
        assert not who.errors

    # Nobody pressed anything: the register has it, to the minute.
    def registered() -> dict[str, Any]:
        return {entry["sub"]: entry for entry in people["principal"].register(section, meeting["id"])}

    wait_until(
        lambda: registered()[ids["student"]]["arrived_at"], seconds=30, what="the last arrival is in the register"
    )
    entries = registered()
    for name in ("twin", "other_twin", "student"):
        arrived = datetime.fromtimestamp(entries[ids[name]]["arrived_at"], UTC)
        assert abs((arrived - came[name]).total_seconds()) < 30, name
    assert [entries[ids[n]]["status"] for n in ("twin", "other_twin", "student")] == ["present", "present", "tardy"]
    minutes = int((came["student"].timestamp() - meeting["starts_at"]) // 60)
    assert entries[ids["student"]]["minutes_tardy"] in (minutes, minutes + 1)
    absent = [e for sub, e in entries.items() if sub not in ids.values()]
    assert absent
    assert not any(e["arrived_at"] for e in absent)
    exported = people["principal"].register_csv()
    assert len(list(csv.DictReader(exported.splitlines()))) >= len(entries)
    off = max(abs(entries[ids[n]]["arrived_at"] - came[n].timestamp()) for n in ("twin", "other_twin", "student"))
    figures.say(
        "register-by-itself",
        f"3 of 3 arrivals in the register, at most {off:.0f} s off; 1 tardy, told by the clock alone",
    )


def _outsider_is_refused(day: SchoolDay, people: dict[str, Device], section: str, meeting: dict[str, Any]) -> None:
    outsider = people["outsider"]
    with pytest.raises(Refused, match="not_your_class"):
        outsider.join(section=section, meeting=meeting["id"])

    # At the live server: her own good token, changed to the other class, is no token.
    own_section, own_meeting = outsider.meeting_now()
    own = outsider.join(section=own_section, meeting=own_meeting["id"])["ticket"]["seats"][0]
    other = people["student"].join(section=section, meeting=meeting["id"])["ticket"]["seats"][0]
    head, body, tag = own["token"].split(".")
    names = [_live_name(token) for token in (own["token"], other["token"])]
    assert names[0] != names[1]
    forged = signing.b64(signing.unb64(body).replace(names[0].encode(), names[1].encode()))
    live = other["url"].replace("ws", "http", 1)
    assert _validate(live, own["token"]) == 200
    assert _validate(live, f"{head}.{forged}.{tag}") == 401
    figures.say("outsider-refused", "door: 403 not_your_class; live server: 401")


def _validate(live: str, token: str) -> int:
    return httpx.get(f"{live}/rtc/validate", params={"access_token": token}, timeout=5).status_code


def _live_name(token: str) -> str:
    import msgspec

    name: str = msgspec.json.decode(signing.unb64(token.split(".")[1]))["video"]["room"]
    return name
