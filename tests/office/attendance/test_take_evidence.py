from datetime import timedelta

import msgspec
import pytest
from pytest_django import DjangoAssertNumQueries

from schoolday.contracts.evidence import Evidence
from schoolday.lib import clock, ids
from schoolday.office.attendance.actions import MarkRefused, mark, take_evidence
from schoolday.office.attendance.models import EvidenceEvent, RegisterEntry
from schoolday.office.attendance.times import from_ms, to_ms
from schoolday.office.people.models import AuditEntry, Org
from schoolday.office.rosters.models import Enrollment
from tests.cast import Cast
from tests.office.attendance.day import AFTER, BELL, DURING, ON, entry_of, event, meet, took


def test_evidence_becomes_register(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(AFTER):
        took(event("arrived", cast.student, meeting, -2), event("arrived", cast.twin, meeting, 7.5))
    on_time, late = entry_of(meeting, cast.student), entry_of(meeting, cast.twin)
    assert (on_time.status, on_time.minutes_tardy, on_time.minutes_present) == ("present", 0, 50)
    assert (late.status, late.minutes_tardy, late.minutes_present) == ("tardy", 7, 42)
    assert late.arrived_at == BELL + timedelta(minutes=7.5)


def test_the_same_event_twice_is_one(cast: Cast) -> None:
    meeting = meet(cast.section)
    arrival = event("arrived", cast.student, meeting)
    first = take_evidence([arrival, arrival], trusted_source="door:d1")
    again = take_evidence([arrival], trusted_source="door:d2")
    assert (first.new, again.new) == (1, 0)
    assert first.kept == again.kept == [arrival.id]
    assert EvidenceEvent.objects.get().source == "door:d1"


def test_what_stands_is_never_changed_by_a_second_event_of_the_id(cast: Cast) -> None:
    meeting = meet(cast.section)
    arrival = event("arrived", cast.student, meeting, 20)
    took(arrival)
    took(msgspec.structs.replace(arrival, received_at=to_ms(BELL)))
    assert entry_of(meeting, cast.student).minutes_tardy == 20


def test_a_device_whose_clock_is_days_off_is_on_time(cast: Cast) -> None:
    meeting = meet(cast.section)
    arrival = event("arrived", cast.student, meeting, 30)
    days_ago = to_ms(BELL) - 3 * 86_400_000
    took(msgspec.structs.replace(arrival, device_at=days_ago, sent_at=days_ago + 30 * 60_000))
    assert entry_of(meeting, cast.student).status == "present"
    assert EvidenceEvent.objects.get().happened_at == BELL


def test_late_evidence_takes_an_absence_back(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(AFTER):
        took(event("tried", cast.student, meeting, 1))
        assert not RegisterEntry.objects.exists()
        took(event("left", cast.twin, None, 1))
        RegisterEntry.objects.create(meeting=meeting, person=cast.student, status="absent", computed_at=AFTER)
        took(event("arrived", cast.student, meeting, -1))
    assert entry_of(meeting, cast.student).status == "present"


def test_only_students_of_the_section_stand_in_its_register(cast: Cast) -> None:
    meeting = meet(cast.section)
    took(event("arrived", cast.teacher, meeting), event("arrived", cast.other_student, meeting))
    assert EvidenceEvent.objects.count() == 2
    assert not RegisterEntry.objects.exists()


def test_only_those_enrolled_that_day(cast: Cast) -> None:
    meeting = meet(cast.section)
    Enrollment.objects.filter(person=cast.student).update(begins_on=ON + timedelta(days=1))
    Enrollment.objects.filter(person=cast.twin).update(ends_on=ON + timedelta(days=1))
    took(event("arrived", cast.student, meeting), event("arrived", cast.twin, meeting))
    assert RegisterEntry.objects.get().person == cast.twin


def test_a_school_has_its_own_threshold(cast: Cast) -> None:
    Org.objects.filter(id=cast.school.id).update(tardy_after_minutes=15)
    meeting, other = meet(cast.section), meet(cast.other_section)
    took(event("arrived", cast.student, meeting, 10), event("arrived", cast.other_student, other, 10))
    assert entry_of(meeting, cast.student).status == "present"
    assert entry_of(other, cast.other_student).status == "tardy"


def test_a_second_connection_of_one_device_is_not_leaving(cast: Cast) -> None:
    meeting = meet(cast.section)
    took(
        event("entered", cast.student, meeting, 0),
        event("entered", cast.student, meeting, 10),
        event("left", cast.student, meeting, 10.1, reason="DUPLICATE_IDENTITY"),
    )
    assert entry_of(meeting, cast.student).left_at is None


def test_the_teachers_mark_wins_and_stays(cast: Cast) -> None:
    meeting = meet(cast.section)
    took(event("teacher_mark", cast.student, meeting, 5, by=cast.teacher.id, status="excused"))
    assert entry_of(meeting, cast.student).shown_status == "excused"
    took(event("arrived", cast.student, meeting, 30))
    entry = entry_of(meeting, cast.student)
    assert (entry.status, entry.mark, entry.shown_status) == ("tardy", "excused", "excused")
    assert entry.marked_by_id == cast.teacher.id
    assert entry.shown_minutes_tardy == 0


def test_the_later_mark_wins_however_they_come(cast: Cast) -> None:
    meeting = meet(cast.section)
    took(event("teacher_mark", cast.student, meeting, 20, by=cast.teacher.id, status="tardy", minutes="9"))
    took(event("teacher_mark", cast.student, meeting, 10, by=cast.teacher.id, status="absent"))
    entry = entry_of(meeting, cast.student)
    assert (entry.mark, entry.shown_minutes_tardy) == ("tardy", 9)


def test_a_mark_can_be_withdrawn_and_what_was_marked_stays_in_evidence(cast: Cast) -> None:
    meeting = meet(cast.section)
    took(event("arrived", cast.student, meeting, -1))
    took(event("teacher_mark", cast.student, meeting, 5, by=cast.teacher.id, status="absent"))
    took(event("teacher_mark", cast.student, meeting, 6, by=cast.teacher.id, status=""))
    assert entry_of(meeting, cast.student).shown_status == "present"
    assert EvidenceEvent.objects.filter(kind="teacher_mark").count() == 2


@pytest.mark.parametrize("who", ["teacher", "principal", "operator"])
def test_whose_mark_counts(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    took(event("teacher_mark", cast.student, meeting, by=getattr(cast, who).id, status="present"))


@pytest.mark.parametrize("who", ["student", "twin", "guardian", "other_teacher", "other_principal", "other_guardian"])
def test_whose_mark_does_not_count(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    forged = event("teacher_mark", cast.student, meeting, by=getattr(cast, who).id, status="present")
    taken = take_evidence([forged], trusted_source="door:d1")
    assert list(taken.refused) == [forged.id]
    assert taken.kept == []
    assert not EvidenceEvent.objects.exists()
    assert not RegisterEntry.objects.exists()


def test_a_teacher_who_left_the_roster_marks_no_more(cast: Cast) -> None:
    meeting = meet(cast.section)
    cast.teacher.is_active = False
    cast.teacher.save()
    forged = event("teacher_mark", cast.student, meeting, by=cast.teacher.id, status="present")
    assert forged.id in take_evidence([forged], trusted_source="door:d1").refused


def test_nobody_is_marked_in_a_class_that_is_not_hers(cast: Cast) -> None:
    meeting = meet(cast.section)
    wrong = event("teacher_mark", cast.other_student, meeting, by=cast.teacher.id, status="absent")
    nowhere = event("teacher_mark", cast.student, None, by=cast.teacher.id, status="absent")
    unknown = msgspec.structs.replace(nowhere, id=ids.new_event_id(), meeting="000000000000")
    taken = take_evidence([wrong, nowhere, unknown], trusted_source="door:d1")
    assert set(taken.refused) == {wrong.id, nowhere.id, unknown.id}


BROKEN = {
    "id": "not-a-uuid",
    "sub": "",
    "meeting": "m" * 13,
    "device": "d" * 44,
    "source": "s" * 41,
    "by": "b\0",
    "received_at": 10**18,
    "device_at": -1,
    "detail": {"layer": "x" * 3_000},
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refused_alone(cast: Cast, name: str) -> None:
    meeting = meet(cast.section)
    good = event("arrived", cast.student, meeting)
    broken = msgspec.structs.replace(event("arrived", cast.twin, meeting), **{name: BROKEN[name]})
    taken = take_evidence([broken, good], trusted_source="door:d1")
    assert taken.kept == [good.id]
    assert list(taken.refused) == [broken.id]
    assert entry_of(meeting, cast.student).status == "present"


@pytest.mark.parametrize(
    "detail", [{"status": "here"}, {}, {"status": "tardy", "minutes": "601"}, {"status": "tardy", "minutes": "-1"}]
)
def test_a_mark_that_makes_no_sense_is_refused(cast: Cast, detail: dict[str, str]) -> None:
    meeting = meet(cast.section)
    odd = event("teacher_mark", cast.student, meeting, by=cast.teacher.id, **detail)
    assert list(take_evidence([odd], trusted_source="door:d1").refused) == [odd.id]


def test_evidence_of_people_the_roster_does_not_know_is_kept(cast: Cast) -> None:
    unknown = Evidence(id=ids.new_event_id(), kind="arrived", sub="000000000000", received_at=to_ms(BELL))
    took(unknown)
    assert EvidenceEvent.objects.get().source == "door:d1"


def test_a_page_takes_as_many_queries_as_an_event(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    meeting = meet(cast.section)
    events = [event("arrived", person, meeting, n / 60) for n in range(100) for person in (cast.student, cast.twin)]
    with django_assert_max_num_queries(14):
        took(*events)


def test_the_offices_mark_is_evidence_and_audited(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        mark(cast.principal, meeting, cast.student.id, status="tardy", minutes=3)
    stands = EvidenceEvent.objects.get()
    assert (stands.kind, stands.by_id, stands.source) == ("teacher_mark", cast.principal.id, "office")
    audit = AuditEntry.objects.get()
    assert (audit.verb, audit.actor_id, audit.subject_id) == ("register.mark", cast.principal.id, meeting.id)
    assert "Pierre" not in str(audit.detail)


def test_a_mark_that_does_not_count_leaves_no_audit(cast: Cast) -> None:
    meeting = meet(cast.section)
    with pytest.raises(MarkRefused):
        mark(cast.other_teacher, meeting, cast.student.id, status="present")
    assert not AuditEntry.objects.exists()


def test_times_are_exact_to_the_millisecond() -> None:
    for value in (0, 1, 1_800_000_000_123, 1_800_000_000_999):
        assert to_ms(from_ms(value)) == value
