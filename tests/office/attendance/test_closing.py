from datetime import timedelta

from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from schoolday.lib import clock
from schoolday.office.attendance.closing import OVERLAP, close_ended
from schoolday.office.attendance.models import EvidenceEvent, RegisterClose, RegisterEntry
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.rosters.models import Enrollment
from tests.cast import Cast, enroll
from tests.office.attendance.day import AFTER, BELL, DURING, END, ON, entry_of, event, meet, took


def publish() -> None:
    PlanRelease.objects.create(
        version=1, made_at=BELL - timedelta(hours=12), from_date=ON, until_date=ON, schools=2, meetings=2
    )


def test_who_did_not_come_is_absent_once_it_is_over(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(event("arrived", cast.student, meeting, -1))
        assert close_ended() == 0
        assert RegisterEntry.objects.count() == 1
    with clock.at(AFTER):
        assert close_ended() == 1
        assert close_ended() == 0
    assert entry_of(meeting, cast.student).status == "present"
    absent = entry_of(meeting, cast.twin)
    assert (absent.status, absent.minutes_present, absent.mark, absent.left_early) == ("absent", 0, "", False)


def test_teachers_and_people_of_other_days_are_not_absent(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    Enrollment.objects.filter(person=cast.twin).update(begins_on=ON + timedelta(days=1))
    Enrollment.objects.filter(person=cast.student).update(is_active=False)
    cast.other_student.is_active = False
    cast.other_student.save()
    meet(cast.other_section)
    with clock.at(AFTER):
        assert close_ended() == 0
    assert not RegisterEntry.objects.filter(meeting=meeting).exists()


def test_one_enrolled_twice_is_absent_once(cast: Cast) -> None:
    publish()
    meet(cast.section)
    Enrollment.objects.create(sourced_id="again", section=cast.section, person=cast.student, role="student")
    with clock.at(AFTER):
        assert close_ended() == 2


def test_a_mark_made_before_the_end_stays_over_the_absence(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(event("teacher_mark", cast.student, meeting, 5, by=cast.teacher.id, status="excused"))
        assert entry_of(meeting, cast.student).status == ""
    with clock.at(AFTER):
        assert close_ended() == 2
    entry = entry_of(meeting, cast.student)
    assert (entry.status, entry.mark, entry.shown_status) == ("absent", "excused", "excused")


def test_after_days_of_rest_all_that_ended_meanwhile_is_closed(cast: Cast) -> None:
    publish()
    first, second = meet(cast.section), meet(cast.section, bell=BELL + timedelta(days=2), on=ON + timedelta(days=2))
    with clock.at(AFTER):
        close_ended()
    with clock.at(AFTER + timedelta(days=5)):
        assert close_ended() == 2
    assert RegisterEntry.objects.filter(meeting__in=(first, second)).count() == 4


def test_nobody_is_absent_from_before_the_first_plan(cast: Cast) -> None:
    meet(cast.section)
    with clock.at(AFTER):
        assert close_ended() == 0
    PlanRelease.objects.create(version=1, made_at=AFTER, from_date=ON, until_date=ON, schools=2, meetings=2)
    RegisterClose.objects.all().delete()
    with clock.at(AFTER + OVERLAP + timedelta(minutes=1)):
        assert close_ended(look_back=timedelta(days=9)) == 0


def test_evidence_that_came_before_the_enrollment_counts(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(event("arrived", cast.other_student, meeting, 6))
        assert not RegisterEntry.objects.exists()
    enroll(cast.section, cast.other_student, "student")
    with clock.at(AFTER):
        assert close_ended() == 2
    entry = entry_of(meeting, cast.other_student)
    assert (entry.status, entry.minutes_tardy) == ("tardy", 6)


def test_an_enrollment_of_the_afternoon_is_found_by_the_nightly_close(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(AFTER + OVERLAP):
        close_ended()
    enroll(cast.section, cast.other_student, "student")
    with clock.at(END + timedelta(hours=8)):
        assert close_ended() == 0
        assert close_ended(look_back=timedelta(days=2)) == 1
    assert entry_of(meeting, cast.other_student).status == "absent"


def test_closing_looks_at_the_same_number_of_tables_for_any_number_of_meetings(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish()
    meet(cast.section)
    with clock.at(AFTER):
        close_ended()
    for minutes in range(3):
        meet(cast.section, bell=BELL + timedelta(hours=1, minutes=minutes))
    with clock.at(AFTER + timedelta(hours=2)), django_assert_num_queries(9):
        assert close_ended() == 6
    assert timezone.is_aware(RegisterClose.objects.get().closed_until)
    assert EvidenceEvent.objects.count() == 0
