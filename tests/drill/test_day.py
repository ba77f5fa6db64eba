"""The invented district in the office: imported, its bell rings for everybody whom the demo names."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schoolday.drill.district import write_bells, write_district
from schoolday.lib import clock
from schoolday.office.people.models import Person
from schoolday.office.rosters.actions import import_roster
from schoolday.office.rosters.queries import sections_of
from schoolday.office.timetable.actions import import_timetable
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.queries import meetings_of

SATURDAY = datetime(2026, 11, 21, 23, 50, tzinfo=ZoneInfo("America/New_York"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    write_district(tmp_path, students=120, seed=1, bell_at=SATURDAY)
    with clock.at(SATURDAY - timedelta(minutes=2)):
        assert import_roster(tmp_path).problems == ()
        assert import_timetable(tmp_path).problems == ()
        yield tmp_path


def who_meets(folder: Path, bell_at: datetime) -> dict[str, set[str]]:
    """The sections in which each of the logins meets at this minute."""
    logins = json.loads((folder / "logins.json").read_text())
    plays = {"twin": logins["twins"][0], "other twin": logins["twins"][1]}
    plays |= {name: login for name, login in logins.items() if "section" in login}
    found = {}
    for name, login in plays.items():
        person = Person.objects.get(sourced_id=login["sourced_id"])
        sections = {section.id: section.sourced_id for section in sections_of(person, bell_at.date())}
        meetings = meetings_of(sections, bell_at.date() - timedelta(days=1), bell_at.date() + timedelta(days=1))
        found[name] = {sections[m.section_id] for m in meetings if m.starts_at == bell_at}
        assert found[name] == {login["section"]}, name
    return found


def test_everybody_meets_at_the_bell_late_on_a_saturday(folder: Path) -> None:
    found = who_meets(folder, SATURDAY)
    assert found["student"] == found["teacher"] == found["twin"] == found["other twin"]
    assert found["outsider"] != found["student"]
    assert found["kindergartner"] != found["student"]


def test_everybody_meets_at_the_next_bell_when_it_is_started_again(folder: Path) -> None:
    bell_at = SATURDAY + timedelta(hours=10)
    kept = set(Meeting.objects.filter(starts_at__lt=SATURDAY + timedelta(minutes=1)).values_list("id", flat=True))
    with clock.at(bell_at - timedelta(minutes=2)):
        assert write_bells(folder, bell_at=bell_at).zone_moved
        assert import_roster(folder).problems == ()
        assert import_timetable(folder).problems == ()
    who_meets(folder, bell_at)
    assert kept <= set(Meeting.objects.values_list("id", flat=True)), "what has begun stays"
