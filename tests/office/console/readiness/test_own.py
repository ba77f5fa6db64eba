"""A teacher sees the readiness of her own sections, and of nobody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.office.console.models import CallNote
from schoolday.office.console.work.jobs import PublishWhenChanged
from schoolday.office.people.models import AuditEntry, Person
from schoolday.office.rosters.models import AcademicSession, Enrollment
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.attendance.day import queries_of
from tests.office.console.readiness.evening import EVENING, TUESDAY, another_student, as_person, give_pass, give_phones

OUTSIDERS = ["student", "other_student", "guardian", "other_guardian", "principal", "operator"]
URL = "/office/readiness/own/"


def own_page(person: Person, language: str = "en") -> str:
    answer = as_person(person, language).get(URL)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.content.decode()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_teaches_nothing_sees_nothing(bells: Cast, who: str) -> None:
    give_phones(bells)
    answer = as_person(getattr(bells, who)).get(URL)
    assert answer.status_code == 404
    assert "305-555-0101" not in answer.content.decode()
    assert not AuditEntry.objects.exists()


def test_strangers_are_sent_to_the_sign_on(bells: Cast) -> None:
    assert Client().get(URL).headers["Location"].startswith("/?next=")


def test_she_sees_who_of_hers_is_not_ready_and_whom_to_call(bells: Cast) -> None:
    give_phones(bells)
    give_pass(bells.twin)
    page = own_page(bells.teacher)
    assert reverse("console:readiness-own") == URL
    assert bells.section.title in page
    assert "50 %" in page
    assert "no device yet" in page
    assert page.count("305-555-0101") == 2  # the link and its text
    assert "305-555-0102" not in page
    give_pass(bells.student)
    page = own_page(bells.teacher)
    assert "Everybody here is ready." in page
    assert "305-555" not in page


def test_a_teacher_of_another_section_sees_hers_only(bells: Cast) -> None:
    give_phones(bells)
    page = own_page(bells.other_teacher)
    assert bells.other_section.title in page
    assert "305-555-0101" not in page
    assert bells.student.family_name not in page


def test_of_her_school_she_sees_only_her_own_students(bells: Cast) -> None:
    give_phones(bells)
    stranger = another_student(bells, "zacharie", guardian=bells.other_guardian)
    enroll(make_section(bells.school, "Ceramics", periods="2"), stranger, "student")
    page = own_page(bells.teacher)
    assert "305-555-0102" not in page
    assert "Zacharie" not in page
    assert "Ceramics" not in page


def test_a_brother_in_another_class_is_not_hers_to_know(bells: Cast) -> None:
    give_phones(bells)
    another_student(bells, "zacharie", guardian=bells.guardian)
    page = own_page(bells.teacher)
    assert "305-555-0101" in page
    assert "Zacharie" not in page


def test_who_has_left_the_section_is_not_hers_any_more(bells: Cast) -> None:
    give_phones(bells)
    Enrollment.objects.filter(person=bells.teacher).update(ends_on=TUESDAY)
    assert as_person(bells.teacher).get(URL).status_code == 404


def test_an_aide_sees_it_too_and_a_class_without_students_is_said(bells: Cast) -> None:
    aide = make_person("aide", "Ann", "Lee", "aide", bells.school)
    enroll(make_section(bells.school, "Ceramics", periods="2"), aide, "aide")
    assert "No students are in this class." in own_page(aide)


def test_the_other_page_leads_a_teacher_here(bells: Cast) -> None:
    assert as_person(bells.teacher).get("/office/readiness/").headers["Location"] == URL


def test_what_came_of_a_call_is_shown_and_the_look_is_in_the_audit(bells: Cast) -> None:
    give_phones(bells)
    for student in (bells.student, bells.twin):
        CallNote.objects.create(person=student, on=TUESDAY, outcome="called", by_id=bells.principal.id, at=EVENING)
    before = PublishWhenChanged.seen()
    page = own_page(bells.teacher)
    assert "<strong>Called</strong>" in page
    assert bells.principal.name in page
    (entry,) = AuditEntry.objects.all()
    assert (entry.verb, entry.subject_id) == ("look.families_to_call", bells.school.id)
    assert PublishWhenChanged.seen() == before


@pytest.mark.parametrize(
    ("language", "words"), [("es", "¿Están listos mis estudiantes?"), ("ht", "Èske elèv mwen yo pare?")]
)
def test_it_is_in_three_languages(bells: Cast, language: str, words: str) -> None:
    page = own_page(bells.teacher, language)
    assert words in page
    assert "No number at the school" not in page


def test_when_the_year_is_over_there_is_nothing(bells: Cast) -> None:
    AcademicSession.objects.update(ends_on=TUESDAY)
    assert as_person(bells.teacher).get(URL).status_code == 404


def test_one_and_three_sections_take_the_same_queries(bells: Cast) -> None:
    give_phones(bells)
    client = as_person(bells.teacher)
    before = queries_of(lambda: client.get(URL))
    for name in ("Ceramics", "Music"):
        section = make_section(bells.school, name, periods="2")
        enroll(section, bells.teacher, "teacher")
        enroll(section, another_student(bells, name, guardian=bells.guardian), "student")
    assert queries_of(lambda: client.get(URL)) == before
