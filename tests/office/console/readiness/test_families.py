"""Families to call: who, with which words, and what came of it."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.console.models import CallNote
from schoolday.office.console.readiness.calls import families_to_call, sentence
from schoolday.office.console.readiness.figures import Calls, figures_of
from schoolday.office.console.work.jobs import PublishWhenChanged
from schoolday.office.people.models import AuditEntry, Guardianship, Person
from schoolday.office.timetable.actions import compute_meetings
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.attendance.day import queries_of
from tests.office.console.readiness.evening import (
    EVENING,
    TUESDAY,
    another_student,
    as_person,
    day_of,
    give_pass,
    give_phones,
)

OUTSIDERS = ["student", "guardian", "teacher", "other_teacher", "other_principal", "other_guardian"]


def families_page(person: Person, cast: Cast, language: str = "en", **query: str) -> str:
    answer = as_person(person, language).get(reverse("console:readiness-families", args=[cast.school.id]), query)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.content.decode()


def put_note(person: Person, cast: Cast, *students: Person, outcome: str = "called", on: str = "2026-09-15") -> int:
    body = {"student": [student.id for student in students], "outcome": outcome, "on": on}
    return as_person(person).post(reverse("console:readiness-note", args=[cast.school.id]), body).status_code


def test_brothers_and_sisters_are_one_call(bells: Cast) -> None:
    give_phones(bells)
    another_student(bells, "other")
    with_number, alone = families_to_call(bells.school, day_of(bells.school))
    assert with_number.guardian == bells.guardian
    assert {child.person for child in with_number.children} == {bells.student, bells.twin}
    assert alone.guardian is None
    page = families_page(bells.principal, bells)
    assert page.count("305-555-0101") == 2  # the link and its text
    assert "0 of 1 are called" in page
    assert "No number: ask the teacher" in page
    assert "García" not in page  # the other school's


def test_of_two_guardians_the_one_with_a_number_is_called(bells: Cast) -> None:
    give_phones(bells)
    second = make_person("second", "Jean", "Pierre", "guardian", bells.school, email="jean@example.org")
    Guardianship.objects.create(guardian=second, student=bells.student)
    (family,) = families_to_call(bells.school, day_of(bells.school))
    assert (family.guardian, family.others) == (bells.guardian, [second])
    Person.objects.filter(id=bells.guardian.id).update(is_active=False)
    alone = families_to_call(bells.school, day_of(bells.school))
    assert [family.guardian for family in alone] == [None, None]
    assert "jean@example.org" in families_page(bells.principal, bells)


def test_the_section_is_that_of_the_first_class_of_the_day(bells: Cast) -> None:
    give_phones(bells)
    art = make_section(bells.school, "Art", periods="2")
    for student in (bells.student, bells.twin):
        enroll(art, student, "student")
    (family,) = families_to_call(bells.school, day_of(bells.school))
    assert [child.section for child in family.children] == [art, art]  # nothing is planned: by title
    compute_meetings(bells.school, TUESDAY)
    (family,) = families_to_call(bells.school, day_of(bells.school))
    assert [child.section for child in family.children] == [bells.section, bells.section]


@pytest.mark.parametrize(
    ("language", "words"), [("ht", "tanpri louvri"), ("es", "por favor abra"), ("en", "please open")]
)
def test_what_to_say_is_in_the_familys_language_and_in_english(bells: Cast, language: str, words: str) -> None:
    give_phones(bells)
    Person.objects.filter(id=bells.guardian.id).update(language=language)
    (family,) = families_to_call(bells.school, day_of(bells.school))
    say = sentence(family, school=bells.school, on=TUESDAY, language=family.language)
    assert words in say
    assert "Naïka, Naïka" in say
    assert "%(" not in say
    page = families_page(bells.principal, bells, language="es")  # whatever the page's language is
    assert words in page
    assert "please open My School Online" in page
    assert "Tuesday" in page


def test_a_call_is_noted_and_taken_back(bells: Cast) -> None:
    give_phones(bells)
    assert put_note(bells.principal, bells, bells.student, bells.twin, outcome="no_answer") == 302
    page = families_page(bells.operator, bells)
    assert "<strong>No answer</strong>" in page
    assert "Pat Stone" in page  # who called
    assert put_note(bells.operator, bells, bells.student, bells.twin) == 302
    assert put_note(bells.operator, bells, bells.student, bells.twin) == 302  # twice is once
    assert CallNote.objects.filter(outcome="called", on=TUESDAY).count() == 2
    assert "1 of 1 are called" in families_page(bells.principal, bells)
    assert figures_of([bells.school]).calls == Calls(called=1)
    assert put_note(bells.principal, bells, bells.student, bells.twin, outcome="undo") == 302
    assert not CallNote.objects.exists()
    assert figures_of([bells.school]).calls == Calls(to_call=1)
    notes = AuditEntry.objects.filter(verb="call.note", subject_id=bells.school.id)
    assert [note.detail["outcome"] for note in notes.order_by("id")] == ["no_answer", "called", "called", "undo"]
    assert set(notes[0].detail["students"]) == {bells.student.id, bells.twin.id}


def test_calls_make_no_new_plan(bells: Cast) -> None:
    before = PublishWhenChanged.seen()
    put_note(bells.principal, bells, bells.student)
    families_page(bells.principal, bells)
    as_person(bells.principal).get(reverse("console:readiness-export", args=[bells.school.id])).getvalue()
    assert AuditEntry.objects.count() == 3
    assert PublishWhenChanged.seen() == before


def test_a_note_is_about_one_day(bells: Cast) -> None:
    give_phones(bells)
    put_note(bells.principal, bells, bells.student, bells.twin)
    with clock.at(EVENING.replace(day=15)):
        assert figures_of([bells.school]).calls == Calls(to_call=1)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_sees_or_notes_anything(bells: Cast, who: str) -> None:
    give_phones(bells)
    person = getattr(bells, who)
    for name in ("readiness-families", "readiness-export"):
        answer = as_person(person).get(reverse(f"console:{name}", args=[bells.school.id]))
        assert answer.status_code == 404
        assert "305-555-0101" not in answer.content.decode()
    assert put_note(person, bells, bells.student) == 404
    assert not CallNote.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_stranger_is_sent_to_the_sign_on(bells: Cast) -> None:
    url = reverse("console:readiness-families", args=[bells.school.id])
    assert Client().get(url).headers["Location"].startswith("/?next=")
    assert Client().post(reverse("console:readiness-note", args=[bells.school.id])).status_code == 302


def test_a_principal_notes_nothing_of_another_schools_student(bells: Cast) -> None:
    assert put_note(bells.principal, bells, bells.student, bells.other_student) == 404
    assert put_note(bells.principal, bells, bells.teacher) == 404
    assert not CallNote.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "on"), [("maybe", "2026-09-15"), ("called", ""), ("called", "x"), ("called", "2031-01-01")]
)
def test_a_note_that_makes_no_sense_is_refused(bells: Cast, outcome: str, on: str) -> None:
    assert put_note(bells.principal, bells, bells.student, outcome=outcome, on=on) == 400
    assert put_note(bells.principal, bells) == 400
    assert not CallNote.objects.exists()


def test_the_file_is_harmless_to_a_spreadsheet_and_in_the_audit(bells: Cast) -> None:
    give_phones(bells)
    Person.objects.filter(id=bells.guardian.id).update(phone="+1 305-555-0101", given_name="=HYPERLINK(1)")
    Person.objects.filter(id=bells.student.id).update(family_name="@SUM(A1)")
    answer = as_person(bells.principal).get(reverse("console:readiness-export", args=[bells.school.id]))
    assert 'filename="families-to-call-2026-09-15.csv"' in answer.headers["Content-Disposition"]
    text = answer.getvalue().decode()
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row["phone"] for row in rows} == {"'+1 305-555-0101"}
    assert {row["guardian"] for row in rows} == {"'=HYPERLINK(1) Pierre"}
    assert {row["family_name"] for row in rows} == {"'@SUM(A1)", "Pierre"}
    assert {row["call"] for row in rows} == {"1"}
    assert {row["missing"] for row in rows} == {"none"}
    assert AuditEntry.objects.get(verb="look.families_file").subject_id == bells.school.id


def test_only_one_language_when_somebody_speaks_one(bells: Cast) -> None:
    give_phones(bells)
    url = reverse("console:readiness-families", args=[bells.school.id])
    shown = {
        code: as_person(bells.principal).get(url, {"language": code}).content.decode() for code in ("ht", "es", "xx")
    }
    assert "Marie Pierre" in shown["ht"]
    for code in ("es", "xx"):
        assert "Marie Pierre" not in shown[code]
        assert "No family with this language is to call." in shown[code]


def test_when_everybody_is_ready_nobody_is_called(bells: Cast) -> None:
    for person in (bells.student, bells.twin):
        give_pass(person)
    assert "Everybody is ready. Nobody needs a call." in families_page(bells.principal, bells)


def test_one_family_and_three_take_the_same_queries(bells: Cast) -> None:
    give_phones(bells)
    client = as_person(bells.principal)
    url = reverse("console:readiness-families", args=[bells.school.id])
    put_note(bells.principal, bells, bells.student, bells.twin)
    one = queries_of(lambda: client.get(url))
    for name in "abc":
        guardian = make_person(f"g{name}", name, "x", "guardian", bells.school, phone="305-555-0109")
        student = another_student(bells, name, guardian=guardian)
        enroll(bells.section, student, "student")
        put_note(bells.principal, bells, student)
    assert queries_of(lambda: client.get(url)) == one


def test_long_lists_have_pages_and_print_as_one(bells: Cast) -> None:
    for n in range(101):
        guardian = make_person(f"g{n}", "Guardian", f"x{n}", "guardian", bells.school, phone="305-555-0109")
        another_student(bells, f"s{n}", guardian=guardian)
    assert "page 1 of 2" in families_page(bells.principal, bells)
    assert families_page(bells.principal, bells, page="2").count("<article") == 1
    assert families_page(bells.principal, bells, all="1").count("<article") == 101
