"""`GET /bbb` at a real door: an address that a BigBlueButton server takes, for those of the class and nobody else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from schoolday.contracts.plan import Alternate
from schoolday.live import bbb, seats
from tests.door.district import District, Section
from tests.door.process import Door, day
from tests.live.bbb_server import BbbServer

SECRET = "a-shared-secret"


@pytest.fixture(scope="module")
def server() -> Iterator[BbbServer]:
    server = BbbServer(SECRET)
    yield server
    server.close()


@pytest.fixture(scope="module")
def door(server: BbbServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    district = District(tmp_path_factory.mktemp("plan"))
    district.section.alternates = (*district.section.alternates, Alternate(kind="bbb", url="bbb:"))
    district.publish()
    env = {"BBB_URL": server.url, "BBB_SECRET": SECRET}
    door = Door(district, Path(tmp_path_factory.mktemp("home")), env=env)
    door.wait()
    yield door
    assert door.stop() == 0
    assert "Traceback" not in door.log()


def ask(door: Door, session: str | None, section: Section, *, meeting: str = "now", **more: Any) -> httpx.Response:
    query = {"section": section.id, "meeting": section.meetings[meeting].id, **more}
    return door.http.get("/bbb", params=query, headers=day(session))


def test_student_and_teacher_come_in_without_a_name(door: Door, server: BbbServer) -> None:
    district, section = door.district, door.district.section
    sitting = section.meetings["now"]
    live_day = seats.live_day(sitting.starts_at)
    ours = bbb.BbbServer(url=f"{server.url}/api", secret=SECRET)
    name = bbb.meeting_id(sitting.id, cell_secret=district.secret, day=live_day)
    httpx.get(ours.create(name, name="Math 7", starts_at=sitting.starts_at, ends_at=sitting.ends_at), trust_env=False)
    shown = []
    for who, language in ((district.student, "ht"), (district.twin, "es"), (district.teacher, "en")):
        answer = ask(door, door.session(who), section, language=language)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        url = answer.json()["url"]
        assert who.sub not in url
        assert httpx.get(url, trust_env=False).status_code == 302
        shown.append((server.entered[-1]["fullName"], server.entered[-1]["role"]))
    numbers = {int(text.split()[1]) for text, role in shown if role == "VIEWER"}
    assert numbers <= {1, 2, 3}
    assert len(numbers) == 2, "each child has her own number"
    assert [text.split()[0] for text, _role in shown] == ["Elèv", "Estudiante", "Teacher"]
    assert [role for _text, role in shown] == ["VIEWER", "VIEWER", "MODERATOR"]
    assert len({one["userID"] for one in server.entered}) == 3


def test_the_duty_list_may_lead_it(door: Door, server: BbbServer) -> None:
    answer = ask(door, door.session(door.district.duty), door.district.section)
    assert "role=MODERATOR" in answer.json()["url"]


def test_outsiders_get_no_address(door: Door) -> None:
    district = door.district
    for who in (district.other_student, district.other_teacher, district.other_duty):
        answer = ask(door, door.session(who), district.section)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_class")
    answer = ask(door, None, district.section)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")
    answer = ask(door, "forged", district.section)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")


def test_only_while_the_class_is_open_and_has_one(door: Door) -> None:
    district, session = door.district, door.session(door.district.student)
    for meeting in ("later", "over"):
        answer = ask(door, session, district.section, meeting=meeting)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_meeting")
    answer = ask(door, session, district.zoom_section)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_bbb")
    answer = door.http.get("/bbb", params={"section": district.section.id}, headers=day(session))
    assert answer.json()["code"] == "unknown_meeting"


def test_after_somebody_was_taken_out_the_meeting_is_another(door: Door) -> None:
    district, session = door.district, door.session(door.district.student)
    before = ask(door, session, district.section).json()["url"]
    district.turn(district.section)
    door.wait_for_plan(district.publish())
    after = ask(door, session, district.section).json()["url"]
    assert before.split("meetingID=")[1].split("&")[0] != after.split("meetingID=")[1].split("&")[0]


def test_a_door_without_a_server_says_so(tmp_path: Path) -> None:
    district = District(tmp_path / "plan")
    district.section.alternates = (Alternate(kind="bbb", url="bbb:"),)
    district.publish()
    door = Door(district, tmp_path / "home")
    door.wait()
    answer = ask(door, door.session(district.student), district.section)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_bbb")
    assert door.stop() == 0
