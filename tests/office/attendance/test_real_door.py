"""A real door process, and the office that drains it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schoolday.office.attendance.drain import Drained, drain_door
from schoolday.office.attendance.models import DoorCursor, EvidenceEvent
from schoolday.office.attendance.spools import DoorClient, DoorTrouble
from tests.cast import Cast, enroll
from tests.door.district import District
from tests.door.process import Door
from tests.office.attendance.day import entry_of, meet


@pytest.fixture
def district(tmp_path: Path) -> District:
    district = District(tmp_path / "plan")
    district.publish()
    return district


@pytest.fixture
def door(district: District, tmp_path: Path) -> Iterator[Door]:
    door = Door(district, tmp_path / "home")
    door.wait()
    yield door
    door.stop()


@pytest.fixture
def client(district: District, door: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[DoorClient]:
    monkeypatch.setattr(
        "schoolday.office.attendance.spools.drain_mac", lambda: door.drain_header()["Authorization"][6:]
    )
    client = DoorClient("d1", f"http://127.0.0.1:{door.port}")
    yield client
    client.close()


def test_a_join_at_the_door_is_in_the_register_and_a_killed_door_loses_nothing(
    cast: Cast, district: District, door: Door, client: DoorClient
) -> None:
    sitting = district.section.meetings["now"]
    meeting = meet(cast.section, id_=sitting.id, bell=datetime.fromtimestamp(sitting.starts_at, UTC))
    cast.student.id = district.student.sub  # the same child in the plan and in the roster
    cast.student.pk, cast.student.sourced_id, cast.student.user_name = district.student.sub, "door", "door"
    cast.student.badge_number = None
    cast.student.save(force_insert=True)
    enroll(cast.section, cast.student, "student")
    first = door.first_join(district.student, district.section)
    assert first.status_code == 200
    assert drain_door(client) == Drained(new=1)
    assert entry_of(meeting, cast.student).status in ("present", "tardy")
    assert EvidenceEvent.objects.get().source == "door:d1"

    assert door.join(district.section, session=first.json()["session"]).status_code == 200
    door.kill()
    with pytest.raises(DoorTrouble):
        drain_door(client)
    door.start()
    door.wait()
    assert drain_door(client) == Drained(new=1)  # its second arrival, answered just before the kill
    assert EvidenceEvent.objects.count() == 2
    assert DoorCursor.objects.count() >= 1


def test_the_office_with_another_secret_is_a_stranger(cast: Cast, door: Door) -> None:
    client = DoorClient("d1", f"http://127.0.0.1:{door.port}")
    with pytest.raises(DoorTrouble, match="status 401"):
        drain_door(client)
    client.close()
