"""Who asks a door what it has: the section's teacher, and the office."""

from datetime import timedelta

import httpx
import pytest

from schoolday.lib import clock, ids
from tests.door.district import District, Section
from tests.door.process import Door, day


def roll(door: Door, section: Section, session: str | None) -> httpx.Response:
    return door.http.get("/roll", params={"meeting": section.meetings["now"].id}, headers=day(session))


def test_the_teacher_sees_who_has_come_once_each(door: Door, district: District) -> None:
    session = door.session(district.twin)
    for _ in range(2):
        door.join(district.section, session=session)
    body = roll(door, district.section, door.session(district.teacher)).json()
    mine = [entry for entry in body["entries"] if entry["sub"] == district.twin.sub]
    assert (body["door"], len(mine)) == ("d1", 1)
    first = min(
        one["received_at"]
        for one in door.drained()
        if (one["sub"], one["kind"], one["meeting"]) == (district.twin.sub, "arrived", body["meeting"])
    )
    assert mine[0]["arrived_at"] == first


@pytest.mark.parametrize("asker", ["student", "other_teacher"])
def test_nobody_else_sees_the_roll(door: Door, district: District, asker: str) -> None:
    answer = roll(door, district.section, door.session(getattr(district, asker)))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_class")


def test_the_roll_needs_a_session_and_a_meeting(door: Door, district: District) -> None:
    assert roll(door, district.section, None).json()["code"] == "session_over"
    session = door.session(district.teacher)
    for query in ("", "?meeting=", "?meeting=x", f"?meeting={ids.new_id()}"):
        assert door.http.get(f"/roll{query}", headers=day(session)).json()["code"] == "not_your_class"


def test_only_the_office_drains(door: Door, district: District) -> None:
    long_ago = (clock.now() - timedelta(days=2)).strftime("%Y%m%d")
    for path in ("/drain", "/drain/spools"):
        for headers in (
            {},
            {"Authorization": "Drain x"},
            door.drain_header(day=long_ago),
            day(door.session(district.teacher)),
        ):
            answer = door.http.get(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_ours")
    yesterday = (clock.now() - timedelta(days=1)).strftime("%Y%m%d")
    assert door.http.get("/drain/spools", headers=door.drain_header(day=yesterday)).status_code == 200


def test_pages_follow_each_other_and_leave_nothing_out(door: Door, district: District) -> None:
    session = door.session(district.student)
    events = [ids.new_event_id() for _ in range(7)]
    for event in events:
        door.join(district.section, session=session, event=event)
    spool = door.http.get("/drain/spools", headers=door.drain_header()).json()["spools"][-1]
    after, seen = 0, []
    while True:
        query = {"spool": spool, "after": str(after), "limit": "3"}
        page = door.http.get("/drain", params=query, headers=door.drain_header()).json()
        assert (page["door"], page["spool"]) == ("d1", spool)
        if not page["events"]:
            assert page["last"] == after
            break
        assert len(page["events"]) <= 3
        assert page["last"] > after
        after = page["last"]
        seen += [one["id"] for one in page["events"]]
    assert [one for one in seen if one in events] == events
    assert door.wait()["spool_pending"] == 0, "the office has come as far as it asked for"


def test_a_drain_of_nonsense_is_told_so(door: Door) -> None:
    for query in ("?after=x", "?after=-1", "?limit=1e3", "?after=" + "9" * 30):
        assert door.http.get(f"/drain{query}", headers=door.drain_header()).json()["code"] == "bad_request"
    for spool in (ids.new_event_id(), "../lock", "x"):
        answer = door.http.get("/drain", params={"spool": spool}, headers=door.drain_header())
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
