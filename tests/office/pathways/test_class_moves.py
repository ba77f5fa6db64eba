"""A teacher moves her own class from her device: until the end of the meeting, once, and back."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from schoolday.lib import clock
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.models import Alternate
from schoolday.office.people.models import Person
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast
from tests.office.attendance.day import DURING, meet


@pytest.fixture
def meeting(cast: Cast) -> Iterator[Meeting]:
    """The class is on."""
    Alternate.objects.create(section=cast.section, rank=1, kind="zoom", url="https://district.zoom.us/j/1")
    with clock.at(DURING):
        yield meet(cast.section)


def moves(person: Person | None, meeting: Meeting, **more: Any) -> Any:
    client = Client()
    if person:
        client.force_login(person)
    body = {"section": meeting.section_id, "meeting": meeting.id, "pathway": "zoom", **more}
    return client.post("/api/class-moves", json.dumps(body), content_type="application/json")


def test_it_holds_until_the_end_of_the_meeting_and_asked_twice_it_is_one(cast: Cast, meeting: Meeting) -> None:
    for _ in range(2):
        assert moves(cast.teacher, meeting).status_code == 200
    one = Detour.objects.get()
    assert (one.sections, one.pathway, one.until_at) == ([cast.section.id], "zoom", meeting.ends_at)
    assert moves(cast.teacher, meeting, back=True).status_code == 200
    one.refresh_from_db()
    assert one.state == Detour.State.UNDONE
    assert moves(cast.teacher, meeting, back=True).status_code == 200


@pytest.mark.parametrize("who", ["student", "guardian", "other_teacher", "other_principal", "other_student"])
def test_nobody_else_moves_it(cast: Cast, meeting: Meeting, who: str) -> None:
    assert moves(getattr(cast, who), meeting).status_code == 404
    assert moves(getattr(cast, who), meeting, back=True).status_code == 404
    assert moves(None, meeting).status_code == 401
    assert not Detour.objects.exists()


def test_a_way_that_the_class_does_not_have_is_refused(cast: Cast, meeting: Meeting) -> None:
    for pathway in ("teams", ""):
        assert moves(cast.teacher, meeting, pathway=pathway).json()["code"] == "no_such_way"
    assert moves(cast.teacher, meeting, section=cast.other_section.id).status_code == 404
    assert moves(cast.teacher, meet(cast.section, bell=DURING - timedelta(hours=2))).json()["code"] == "no_such_way"
    assert not Detour.objects.exists()


def test_what_the_school_declared_is_not_the_teachers_to_undo(cast: Cast, meeting: Meeting) -> None:
    assert moves(cast.principal, meeting).status_code == 200
    moves(cast.teacher, meeting, back=True)
    assert Detour.objects.get().state == Detour.State.IN_FORCE
