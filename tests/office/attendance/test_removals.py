"""Taken out of a meeting at a door: the office tells every door by the plan, moves the class on, and undoes it."""

import random

import msgspec
import pytest
from django.test import Client

from schoolday.contracts.evidence import Evidence, EvidenceKind
from schoolday.contracts.plan import Deny
from schoolday.lib import clock, ids
from schoolday.office.attendance.actions import take_evidence
from schoolday.office.attendance.models import EvidenceEvent
from schoolday.office.pathways.denials import deny_list
from schoolday.office.people.models import AuditEntry
from schoolday.office.signin.models import SectionTurn
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast
from tests.office.attendance.day import AFTER, DURING, ON, entry_of, event, meet, took

pytestmark = pytest.mark.django_db


def denied() -> Deny:
    with clock.at(DURING):
        return deny_list(ON, ON)


def turn(meeting: Meeting) -> int:
    row = SectionTurn.objects.filter(section=meeting.section_id).first()
    return row.turn if row else 0


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return meet(cast.section)


def test_every_door_hears_of_it_and_the_class_moves_once(cast: Cast, meeting: Meeting) -> None:
    removed = event("removed", cast.student, meeting, 10, by=cast.teacher.id)
    with clock.at(DURING):
        took(removed)
        took(removed)  # through the second door
    assert denied().out == ((cast.student.id, meeting.id),)
    assert denied().removed == ()
    assert turn(meeting) == 1
    (entry,) = AuditEntry.objects.filter(verb="class.removed")
    assert (entry.actor_id, entry.subject_id) == (cast.teacher.id, meeting.id)
    with clock.at(AFTER):
        assert deny_list(ON, ON).out == (), "it is for this meeting alone"


def test_let_back_in_she_is_denied_no_more_and_the_class_stays(cast: Cast, meeting: Meeting) -> None:
    with clock.at(DURING):
        took(event("removed", cast.student, meeting, 10, by=cast.teacher.id))
        took(event("let_back", cast.student, meeting, 12, by=cast.teacher.id))
    assert denied() == Deny()
    assert turn(meeting) == 1


def test_in_whatever_order_and_pages_they_come_the_last_word_holds(cast: Cast, meeting: Meeting) -> None:
    chance = random.Random(5)
    kinds: tuple[EvidenceKind, ...] = ("removed", "let_back", "removed")
    events = [event(kind, cast.student, meeting, at, by=cast.teacher.id) for at, kind in enumerate(kinds, 5)]
    for _ in range(6):
        chance.shuffle(events)
        with clock.at(DURING):
            for one in events:
                took(one)
        assert denied().out == ((cast.student.id, meeting.id),)


def test_a_page_without_one_asks_nothing_more(cast: Cast, meeting: Meeting) -> None:
    took(event("arrived", cast.student, meeting))
    assert denied() == Deny()
    assert turn(meeting) == 0


def test_the_register_is_as_it_was(cast: Cast, meeting: Meeting) -> None:
    """Taken out is evidence, no absence: what she was here counts."""
    took(event("arrived", cast.student, meeting, 0), event("left", cast.student, meeting, 20))
    before = entry_of(meeting, cast.student).minutes_present
    with clock.at(DURING):
        took(event("removed", cast.student, meeting, 20, by=cast.teacher.id))
    assert entry_of(meeting, cast.student).minutes_present == before
    assert entry_of(meeting, cast.student).status == "present"


def test_only_a_doors_word_counts(cast: Cast, meeting: Meeting) -> None:
    """Whatever is said at the office itself is nobody's word but the sender's."""
    value = msgspec.structs.replace(event("removed", cast.student, meeting, 3, by=cast.teacher.id), source="office")
    with clock.at(DURING):
        take_evidence([value], trusted_source="office")
    assert denied() == Deny()
    assert turn(meeting) == 0


def test_of_strangers_and_unknown_meetings_nothing_comes(cast: Cast, meeting: Meeting) -> None:
    unknown = Evidence(
        id=ids.new_event_id(), kind="removed", sub="nobody000000", meeting=meeting.id, source="door:d1",
        received_at=round(DURING.timestamp() * 1000),
    )  # fmt: skip
    with clock.at(DURING):
        took(unknown, msgspec.structs.replace(unknown, id=ids.new_event_id(), sub=cast.student.id, meeting="nosuch"))
    assert denied() == Deny()
    assert EvidenceEvent.objects.filter(kind="removed").count() == 2, "kept as evidence all the same"


@pytest.mark.parametrize("kind", ["removed", "let_back"])
def test_nobody_lets_herself_back_in_by_the_office(cast: Cast, meeting: Meeting, client: Client, kind: str) -> None:
    client.force_login(cast.student)
    body = {
        "sent_at": clock.now_ms(),
        "events": [{"id": ids.new_event_id(), "kind": kind, "sub": cast.student.id, "meeting": meeting.id}],
    }
    answer = client.post("/api/evidence", body, content_type="application/json")
    assert answer.status_code == 200
    assert list(answer.json()["refused"].values()) == ["this is about somebody else"]
    assert not EvidenceEvent.objects.exists()
