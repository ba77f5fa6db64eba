"""The panel of classes without an adult, on top of the school's day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.contracts.evidence import Evidence, EvidenceKind
from schoolday.lib import clock
from schoolday.office.attendance.alone import AloneClass, alone_now
from schoolday.office.people.models import Person
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.attendance.day import BELL, DURING, END, ON, event, meet, queries_of, took

OUTSIDERS = ["student", "guardian", "teacher", "other_teacher", "other_principal", "other_guardian"]


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def panel(person: Person, cast: Cast) -> str:
    answer = client_of(person).get(reverse("attendance:alone", args=[cast.school.id]))
    assert answer.status_code == 200
    return answer.content.decode()


def came(
    person: Person, meeting: Meeting, after: float, *, kind: EvidenceKind = "entered", device: str = "k"
) -> Evidence:
    found = event(kind, person, meeting, after)
    return Evidence(
        id=found.id, kind=kind, sub=found.sub, meeting=found.meeting, received_at=found.received_at,
        source="live:n1", device=device * 43,
    )  # fmt: skip


def only(cast: Cast) -> AloneClass:
    (one,) = alone_now(cast.school)
    return one


def test_students_without_an_adult_are_shown_with_whom_to_call(cast: Cast) -> None:
    Person.objects.filter(id=cast.teacher.id).update(phone="305-555-0111")
    Person.objects.filter(id=cast.principal.id).update(phone="305-555-0112")
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(came(cast.student, meeting, 3), came(cast.twin, meeting, 4))
        text = panel(cast.principal, cast)
        assert "2 students without an adult" in text
        assert "since 08:03" in text
        assert 'href="tel:305-555-0111"' in text
        assert text.index("Elena Ruiz") < text.index("On duty") < text.index("Pat Stone")
        day = client_of(cast.principal).get(reverse("attendance:day", args=[cast.school.id])).content.decode()
        assert "An adult is needed now" in day
        assert "alone.js" in day
    assert "Naïka" not in text


def test_an_adult_in_the_class_ends_it_and_her_leaving_begins_it_anew(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(came(cast.student, meeting, -3))
        assert only(cast).alone_since == BELL  # before the bell she only waited
        took(came(cast.teacher, meeting, 1), came(cast.teacher, meeting, 5, device="t"))
        assert alone_now(cast.school) == []
        took(came(cast.teacher, meeting, 6, kind="left"))
        assert alone_now(cast.school) == []  # her other device is there
        took(came(cast.teacher, meeting, 9, kind="left", device="t"))
        assert only(cast).alone_since == BELL + timedelta(minutes=9)
        assert panel(cast.principal, cast)
        took(came(cast.student, meeting, 10, kind="left"))
        assert alone_now(cast.school) == []
        assert panel(cast.principal, cast).strip() == ""


@pytest.mark.parametrize("who", ["principal", "operator"])
def test_whoever_of_the_school_looks_in_is_an_adult(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(came(cast.student, meeting, 1), came(getattr(cast, who), meeting, 2))
        assert alone_now(cast.school) == []


@pytest.mark.parametrize("who", ["guardian", "other_teacher", "other_student"])
def test_a_stranger_is_no_adult(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(came(cast.student, meeting, 1), came(getattr(cast, who), meeting, 2))
        assert only(cast).students == 2


def test_a_reconnect_within_one_second_is_no_leaving(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(came(cast.student, meeting, 1), came(cast.teacher, meeting, 1))
        took(came(cast.teacher, meeting, 3), came(cast.teacher, meeting, 3, kind="left"))
        assert alone_now(cast.school) == []


def test_a_call_is_shown_for_ten_minutes_also_when_an_adult_came(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(came(cast.student, meeting, 1), event("adult_called", cast.student, meeting, 15))
        assert "called for an adult at 08:15" in panel(cast.principal, cast)
        took(came(cast.teacher, meeting, 16))
        text = panel(cast.principal, cast)
        assert "An adult is there now." in text
        assert "called for an adult at 08:15" in text
    with clock.at(BELL + timedelta(minutes=24, seconds=50)):
        assert "08:15" in panel(cast.principal, cast)
    with clock.at(BELL + timedelta(minutes=25, seconds=1)):
        assert panel(cast.principal, cast).strip() == ""


def test_before_the_bell_only_calls_and_after_the_end_nothing(cast: Cast) -> None:
    meeting = meet(cast.section)
    took(came(cast.student, meeting, -8))
    with clock.at(BELL - timedelta(minutes=5)):
        assert alone_now(cast.school) == []
        took(event("adult_called", cast.student, meeting, -6))
        assert only(cast).alone_since is None
    with clock.at(END):
        assert alone_now(cast.school) == []


def test_the_longest_alone_is_first(cast: Cast) -> None:
    art = make_section(cast.school, "Art", periods="1")
    first, second = meet(cast.section), meet(art)
    with clock.at(DURING):
        took(came(cast.student, second, 5), came(cast.twin, first, 2))
        assert [one.section.title for one in alone_now(cast.school)] == ["Math 7", "Art"]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_the_panel_is_nothing_for_outsiders(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(came(cast.student, meeting, 1))
        url = reverse("attendance:alone", args=[cast.school.id])
        assert client_of(getattr(cast, who)).get(url).status_code == 404
        assert Client().get(url).status_code == 302


def test_another_day_has_no_panel(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING + timedelta(days=1)):
        took(came(cast.student, meeting, 1))
        url = reverse("attendance:day", args=[cast.school.id])
        page = client_of(cast.principal).get(url, {"on": ON.isoformat()}).content.decode()
        assert "alone.js" not in page
        assert "Math 7" in page


def test_the_script_holds_nothing_and_asks_every_15_seconds(db: None) -> None:
    answer = Client().get(reverse("attendance:alone-script"))
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "}, 15000);" in answer.content.decode()


def test_one_class_and_three_take_the_same_queries(cast: Cast) -> None:
    client = client_of(cast.principal)
    url = reverse("attendance:alone", args=[cast.school.id])
    with clock.at(DURING):
        took(came(cast.student, meet(cast.section), 1))
        one = queries_of(lambda: client.get(url))
        for name in "abc":
            section = make_section(cast.school, name, periods="1")
            enroll(section, make_person(f"t{name}", name, "x", "teacher", cast.school), "teacher")
            took(came(cast.twin, meet(section), 2))
        assert queries_of(lambda: client.get(url)) == one
