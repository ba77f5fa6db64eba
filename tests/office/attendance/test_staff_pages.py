import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.attendance.models import EvidenceEvent
from schoolday.office.people.models import AuditEntry, Org, Person
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.attendance.day import AFTER, BELL, DURING, ON, entry_of, event, meet, queries_of, took

OUTSIDERS = ["student", "guardian", "other_guardian", "other_teacher", "other_principal"]


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def day(person: Person, school: Org, on: str = ON.isoformat()) -> Any:
    return client_of(person).get(reverse("attendance:day", args=[school.id]), {"on": on})


def section(person: Person, cast: Cast, on: str = ON.isoformat()) -> Any:
    return client_of(person).get(reverse("attendance:section", args=[cast.school.id, cast.section.id]), {"on": on})


def test_a_principal_is_led_to_her_school_and_an_operator_chooses(cast: Cast) -> None:
    answer = client_of(cast.principal).get(reverse("attendance:schools"))
    assert answer.headers["Location"] == reverse("attendance:day", args=[cast.school.id])
    page = client_of(cast.operator).get(reverse("attendance:schools")).content.decode()
    assert "Olinda Middle" in page
    assert "Mangrove Middle" in page


@pytest.mark.parametrize("who", ["student", "guardian", "teacher"])
def test_choosing_a_school_is_for_the_office(cast: Cast, who: str) -> None:
    assert client_of(getattr(cast, who)).get(reverse("attendance:schools")).status_code == 404


@pytest.mark.parametrize("who", [*OUTSIDERS, "teacher"])
def test_the_day_is_nothing_for_outsiders(cast: Cast, who: str) -> None:
    meet(cast.section)
    assert day(getattr(cast, who), cast.school).status_code == 404
    export = reverse("attendance:export", args=[cast.school.id])
    assert client_of(getattr(cast, who)).get(export, {"on": ON.isoformat()}).status_code == 404
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_section_is_nothing_for_outsiders(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    assert section(getattr(cast, who), cast).status_code == 404
    answer = put_mark(getattr(cast, who), cast, meeting.id, cast.student.id, status="present")
    assert answer.status_code == 404
    assert not EvidenceEvent.objects.exists()


def test_strangers_are_sent_to_the_sign_on_and_come_back(cast: Cast) -> None:
    url = reverse("attendance:day", args=[cast.school.id])
    answer = Client().get(url)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/?next=" + url.replace("/", "%2F"))


def test_the_day_shows_how_classes_fill(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(event("arrived", cast.student, meeting, 7), event("arrived", cast.teacher, meeting, -5))
        page = day(cast.principal, cast.school).content.decode()
    assert "Math 7" in page
    assert "08:00–08:50" in page  # the school's clock, not UTC's 12:00
    assert "1 tardy" in page
    assert "1 not yet" in page
    assert "of 2" in page
    assert "is waiting for its teacher" not in page
    assert "Science 7" not in page


def test_a_running_class_without_its_teacher_is_on_top_in_red(cast: Cast) -> None:
    early = make_section(cast.school, "Art", periods="0")
    enroll(early, cast.teacher, "teacher")
    meet(early, bell=BELL - timedelta(hours=2))
    meet(cast.section)
    with clock.at(DURING):
        page = day(cast.principal, cast.school).content.decode()
    assert "1 class is waiting for its teacher" in page
    assert page.index("Math 7") < page.index("Art")
    assert page.count("register-class--alone") == 2  # the class in question, and its style
    with clock.at(AFTER):
        assert "is waiting for its teacher" not in day(cast.principal, cast.school).content.decode()


def test_days_without_school_and_without_timetable_say_so(cast: Cast) -> None:
    assert "There is no school on this day." in day(cast.principal, cast.school, "2026-09-05").content.decode()
    assert "No class is in the timetable" in day(cast.principal, cast.school).content.decode()
    assert "does not meet" in section(cast.principal, cast).content.decode()
    assert day(cast.principal, cast.school, "tomorrow").status_code == 400
    for edge in ("0001-01-01", "9999-12-31"):
        assert day(cast.principal, cast.school, edge).status_code == 200


def test_one_and_three_classes_take_the_same_number_of_queries(cast: Cast) -> None:
    meet(cast.section)
    client = client_of(cast.principal)
    url = reverse("attendance:day", args=[cast.school.id])
    with clock.at(DURING):
        one = queries_of(lambda: client.get(url))
        for title in ("Art", "Music"):
            more = make_section(cast.school, title, periods="1")
            enroll(more, cast.teacher, "teacher")
            enroll(more, cast.student, "student")
            meet(more)
        assert queries_of(lambda: client.get(url)) == one


def test_one_and_three_students_take_the_same_number_of_queries(cast: Cast) -> None:
    meet(cast.other_section)
    client = client_of(cast.other_principal)
    url = reverse("attendance:section", args=[cast.other_school.id, cast.other_section.id])
    with clock.at(DURING):
        one = queries_of(lambda: client.get(url))
        for name in ("b", "c"):
            enroll(cast.other_section, make_person(name, name, name, "student", cast.other_school), "student")
        assert queries_of(lambda: client.get(url)) == one


def test_one_and_three_schools_take_the_same_number_of_queries(cast: Cast) -> None:
    client = client_of(cast.operator)
    url = reverse("attendance:schools")
    two = queries_of(lambda: client.get(url))
    Org.objects.create(sourced_id="s3", kind=Org.Kind.SCHOOL, name="Palmetto Middle", parent=cast.district)
    assert queries_of(lambda: client.get(url)) == two


def put_mark(person: Person, cast: Cast, meeting: str, student: str, **more: Any) -> Any:
    url = reverse("attendance:mark", args=[cast.school.id, cast.section.id])
    return client_of(person).post(url, {"meeting": meeting, "student": student, **more}, follow=True)


@pytest.mark.parametrize("who", ["principal", "operator", "teacher"])
def test_a_mark_is_put_and_withdrawn(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    with clock.at(AFTER):
        page = put_mark(getattr(cast, who), cast, meeting.id, cast.student.id, status="tardy", minutes="4")
        assert "tardy (4 minutes) · marked by hand" in page.content.decode()
        assert entry_of(meeting, cast.student).marked_by_id == getattr(cast, who).id
        page = put_mark(getattr(cast, who), cast, meeting.id, cast.student.id, status="", minutes="4")
        assert "marked by hand" not in page.content.decode()
    assert entry_of(meeting, cast.student).mark == ""
    assert AuditEntry.objects.filter(verb="register.mark").count() == 2


def test_marks_that_make_no_sense_are_refused_with_a_sentence(cast: Cast) -> None:
    meeting, other = meet(cast.section), meet(cast.other_section)
    for student, status in ((cast.student.id, "here"), (cast.other_student.id, "present"), ("", "present")):
        answer = put_mark(cast.principal, cast, meeting.id, student, status=status)
        assert (answer.status_code, "did not work" in answer.content.decode()) == (400, True)
    assert put_mark(cast.principal, cast, other.id, cast.student.id, status="present").status_code == 404
    assert not EvidenceEvent.objects.exists()


def exported(person: Person, school: Org) -> tuple[str, list[dict[str, str]]]:
    answer = client_of(person).get(reverse("attendance:export", args=[school.id]), {"on": ON.isoformat()})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a streamed answer
    return text, list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_the_day_and_that_it_was_given_out(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(AFTER):
        took(event("entered", cast.student, meeting, 6), event("left", cast.student, meeting, 30))
        text, rows = exported(cast.principal, cast.school)
    assert text.startswith("\ufeffdate,school,section")
    assert text.endswith("\r\n")
    by_student = {row["student"]: row for row in rows}
    assert by_student["src-naika.p"] == {
        "date": "2026-09-01",
        "school": "s1",
        "section": "section-Math 7",
        "section_title": "Math 7",
        "period": "1",
        "starts": "08:00",
        "ends": "08:50",
        "student": "src-naika.p",
        "family_name": "Pierre",
        "given_name": "Naïka",
        "grade": "07",
        "status": "tardy",
        "from_evidence": "tardy",
        "marked": "",
        "minutes_tardy": "6",
        "minutes_present": "24",
        "arrived": "08:06:00",
        "left": "08:30:00",
        "left_early": "yes",
        "charged": "yes",
        "not_charged_because": "",
    }
    assert by_student["src-naika.p2"]["status"] == ""
    audit = AuditEntry.objects.get()
    assert (audit.verb, audit.subject_id, audit.actor_id) == ("register.export", cast.school.id, cast.principal.id)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_name_is_a_formula(cast: Cast, start: str) -> None:
    cast.student.given_name = f'{start}HYPERLINK("http://evil","x")'
    cast.student.save()
    meet(cast.section)
    with clock.at(AFTER):
        _, rows = exported(cast.principal, cast.school)
    assert {row["given_name"][0] for row in rows} == {"'", "N"}
