"""Taking part is evidence: a child's own device tells it, the register shows it, and nobody is graded by it."""

import pytest

from schoolday.lib import clock
from schoolday.office.attendance import queries
from schoolday.office.attendance.models import EvidenceEvent, RegisterEntry
from tests.cast import Cast
from tests.office.attendance.day import BELL, DURING, ON, event, meet, took
from tests.office.attendance.test_api import client_of, told, upload


def test_each_way_is_shown_once_in_the_register(cast: Cast) -> None:
    meeting = meet(cast.section)
    for after, what in ((3.0, "chat"), (4.0, "hand"), (5.0, "hand")):
        took(event("took_part", cast.student, meeting, after, what=what))
    with clock.at(DURING):
        [sitting] = queries.sittings_of(cast.section, ON)
        assert {line.student.id: line.took_part for line in sitting.lines} == {
            cast.student.id: ["hand", "chat"],
            cast.twin.id: [],
        }
        page = client_of(cast.teacher).get(f"/office/register/{cast.school.id}/{cast.section.id}/?on={ON}")
    assert "Took part: raised a hand, wrote in the chat" in page.content.decode()


def test_taking_part_is_no_arrival(cast: Cast) -> None:
    took(event("took_part", cast.student, meet(cast.section), 3, what="hand"))
    assert not RegisterEntry.objects.exists()


@pytest.mark.parametrize("detail", [{}, {"what": "best of all"}])
def test_only_the_known_ways_are_taken(cast: Cast, detail: dict[str, str]) -> None:
    meeting = meet(cast.section)
    with clock.at(BELL):
        answer = upload(client_of(cast.student), told("took_part", cast.student, meeting, detail=detail)).json()
    assert answer["kept"] == []
    assert not EvidenceEvent.objects.exists()


@pytest.mark.parametrize("who", ["twin", "teacher", "guardian", "other_student"])
def test_nobody_takes_part_for_somebody_else(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        upload(client_of(getattr(cast, who)), told("took_part", cast.student, meeting, detail={"what": "hand"}))
    assert not EvidenceEvent.objects.exists()
