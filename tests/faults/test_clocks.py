"""Devices whose clocks are three days off: everybody comes in, and the register has the right minutes."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from schoolday.lib import clock, ids
from schoolday.office.attendance.models import RegisterEntry
from tests import figures
from tests.cast import Cast
from tests.door.process import Door
from tests.door.process import day as day_session
from tests.faults.bells import SHARE_AT_LEAST, figure, ring
from tests.faults.doors import addresses_of, running_doors
from tests.faults.fleet import Fleet, Student
from tests.faults.register import compare, drain_all, put_in_roster

STUDENTS = 60  # for each clock
OFFLINE = 10  # for each clock; these noted their arrival without a line, and bring it later
WITHOUT_A_LINE = timedelta(minutes=3)
_DAY_MS = 86_400_000
CLOCKS = {"three days ahead": 3 * _DAY_MS, "right": 0, "three days behind": -3 * _DAY_MS}
RIGHT_WITHIN = timedelta(seconds=20)  # a loaded machine; a minute is what the register says


@pytest.mark.timeout(240)
def test_clocks_three_days_off(cast: Cast, tmp_path: Path) -> None:
    with running_doors(tmp_path) as doors:
        fleet = Fleet(doors["d1"].district, addresses_of(doors), random.Random(2))
        for off in CLOCKS.values():
            fleet.enroll(STUDENTS, clock_off_ms=off)
        began = clock.now()
        ring(fleet, over_seconds=1.0)
        took = clock.now() - began
        late = Fleet(fleet.district, fleet.addresses, random.Random(3))
        for off in CLOCKS.values():
            for student in late.enroll(OFFLINE, clock_off_ms=off):
                bring_late(doors["d1"], student)
        brought = clock.now()
        meeting = put_in_roster(cast, fleet.district, [*fleet.students, *late.students])
        assert drain_all(fleet.district, addresses_of(doors)).refused == 0
    found = compare(fleet, None)
    entries = {entry.person_id: entry for entry in RegisterEntry.objects.all()}
    wrong: list[timedelta] = []
    for student in fleet.students:
        wrong.append(distance(entries[student.one.sub].arrived_at, began, began + took))
    for student in late.students:
        earliest = began + took - WITHOUT_A_LINE
        wrong.append(distance(entries[student.one.sub].arrived_at, earliest, brought - WITHOUT_A_LINE))
    worst = max(wrong)
    seconds = worst.total_seconds()
    clocks = f"{len(wrong)} arrivals with clocks three days ahead, right, and behind: at most {seconds:.0f} s off"
    figures.say(
        "clock-days-off", f"{figure(fleet)}; {clocks}; {len(found.lost)} acknowledged lost, {len(found.twice)} twice"
    )
    assert fleet.share_in_class() >= SHARE_AT_LEAST
    assert worst <= RIGHT_WITHIN
    assert (found.lost, found.twice) == ([], [])
    minutes = {entry.minutes_tardy for entry in entries.values()}
    since_bell = (datetime.now(UTC) - meeting.starts_at).total_seconds() / 60
    assert max(minutes) <= since_bell, "nobody is three days tardy"


def bring_late(door: Door, student: Student) -> None:
    """Upload an arrival that the device noted some minutes ago, by the device's own wrong clock."""
    first = door.district.first_contact(student.one, door.nonce(), token=student.token)
    session = door.join(door.district.section, meeting="later", first=first).json()["session"]
    event = {
        "id": ids.new_event_id(),
        "kind": "arrived",
        "sub": student.one.sub,
        "meeting": student.meeting,
        "device_at": student.now_ms() - round(WITHOUT_A_LINE.total_seconds() * 1000),
    }
    body = {"sent_at": student.now_ms(), "events": [event]}
    answer: httpx.Response = door.http.post("/evidence", json=body, headers=day_session(session))
    assert answer.json()["kept"] == [event["id"]], answer.text


def distance(moment: datetime | None, earliest: datetime, latest: datetime) -> timedelta:
    """Return how far a moment lies outside of a span."""
    assert moment is not None
    return max(earliest - moment, moment - latest, timedelta())
