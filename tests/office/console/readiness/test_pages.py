"""The pages of readiness: who may look, and what stands there."""

from functools import partial

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from schoolday.office.console.readiness.figures import Calls, Tally
from schoolday.office.console.views.health import metrics_token
from schoolday.office.people import audit
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import AcademicSession
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.attendance.day import queries_of
from tests.office.console.readiness.evening import (
    EVENING,
    TUESDAY,
    another_student,
    as_person,
    give_device,
    give_pass,
    give_phones,
)
from tests.office.signin.devices import Answer

OUTSIDERS = ["student", "guardian", "teacher", "other_teacher", "other_guardian"]


def get(person: Person, name: str, *args: str, language: str = "en", **query: str) -> Answer:
    return as_person(person, language).get(reverse(f"console:{name}", args=args), query)


def page(person: Person, name: str, *args: str, language: str = "en", **query: str) -> str:
    answer = get(person, name, *args, language=language, **query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_sees_readiness(bells: Cast, who: str) -> None:
    person = getattr(bells, who)
    answer = get(person, "readiness")
    assert answer.status_code == 404 or answer.headers["Location"] == reverse("console:readiness-own")  # a teacher's
    assert get(person, "readiness-school", bells.school.id).status_code == 404
    assert get(person, "readiness-section", bells.school.id, bells.section.id).status_code == 404


def test_a_principal_sees_her_school_only(bells: Cast) -> None:
    answer = get(bells.principal, "readiness")
    assert answer.headers["Location"] == reverse("console:readiness-school", args=[bells.school.id])
    assert get(bells.other_principal, "readiness-school", bells.school.id).status_code == 404
    assert get(bells.principal, "readiness-section", bells.other_school.id, bells.other_section.id).status_code == 404
    assert get(bells.principal, "readiness-section", bells.school.id, bells.other_section.id).status_code == 404


def test_strangers_are_sent_to_the_sign_on(bells: Cast) -> None:
    for url in ("/office/readiness/", f"/office/readiness/{bells.school.id}/"):
        assert Client().get(url).headers["Location"].startswith("/?next=%2Foffice%2Freadiness%2F")


def test_the_verdict_is_a_sentence(bells: Cast) -> None:
    give_phones(bells)
    give_pass(bells.other_student)
    text = page(bells.operator, "readiness")
    assert "1 of 3 students are ready for Tuesday." in text
    assert "1 family to call." in text
    assert text.index("Olinda Middle") < text.index("Mangrove Middle")  # the worst first
    assert "2 of 2 teachers and aides are not ready." in text
    assert "1 de 3 estudiantes están listos para el martes." in page(bells.operator, "readiness", language="es")
    assert "1 sou 3 elèv pare pou" in page(bells.operator, "readiness", language="ht")


def test_thousands_are_grouped_as_the_reader_writes_them(bells: Cast) -> None:
    context = {"tally": Tally(1900, 1842), "calls": Calls(58), "on": TUESDAY}
    with translation.override("en"):
        text = " ".join(render_to_string("console/readiness/verdict.html", context).split())
    assert "1,842 of 1,900 students are ready for Tuesday. 58 families to call." in text
    with translation.override("es"):
        assert "1.842 de 1.900" in render_to_string("console/readiness/verdict.html", context)


def test_the_school_shows_adults_first_then_grades_and_classes(bells: Cast) -> None:
    give_pass(bells.student)
    text = page(bells.principal, "readiness-school", bells.school.id)
    assert text.index("Elena Ruiz") < text.index("By grade") < text.index("By class, the worst first")
    assert "Its teacher is not ready." in text
    assert "first bell 08:00" in text
    assert "Grade 07" in text
    assert "1 ready" in text
    assert "1 nobody knows" in text


def test_the_section_shows_who_holds_what_and_hides_the_ready_when_asked(bells: Cast) -> None:
    give_pass(bells.teacher)
    give_pass(bells.student)
    give_device(bells.twin, ends=EVENING)
    text = page(bells.principal, "readiness-section", bells.school.id, bells.section.id)
    assert "Elena Ruiz (teacher)" in text
    assert text.count("has the pass") == 2
    assert "a device, but no pass for that day" in text
    assert "2026-09-14 15:00" in text  # when it was last renewed, on the school's clock
    less = page(bells.principal, "readiness-section", bells.school.id, bells.section.id, only="missing")
    assert "has the pass" not in less
    assert "a device, but no pass for that day" in less
    audit.record(None, "look.badges", "section", bells.section.id)
    assert "only the printed card" in page(bells.principal, "readiness-section", bells.school.id, bells.section.id)
    give_pass(bells.twin)
    less = page(bells.principal, "readiness-section", bells.school.id, bells.section.id, only="missing")
    assert "Everybody here is ready." in less


def test_empty_states_are_sentences(bells: Cast) -> None:
    Person.objects.filter(roles__role="student").update(is_active=False)
    assert "No student is in the roster for the next school day." in page(bells.operator, "readiness")
    assert "No class has students on that day." in page(bells.principal, "readiness-school", bells.school.id)
    AcademicSession.objects.update(ends_on=TUESDAY)
    for name in ("readiness-school", "readiness-families"):
        assert "No school day is left" in page(bells.principal, name, bells.school.id).replace("&#x27;", "'")
    assert get(bells.principal, "readiness-export", bells.school.id).status_code == 404
    assert get(bells.principal, "readiness-section", bells.school.id, bells.section.id).status_code == 404
    Org.objects.filter(kind=Org.Kind.SCHOOL).update(is_active=False)
    assert get(bells.operator, "readiness").status_code == 404


def test_one_and_three_rows_take_the_same_queries(bells: Cast) -> None:
    give_phones(bells)
    asked = (
        (bells.operator, reverse("console:readiness")),
        (bells.principal, reverse("console:readiness-school", args=[bells.school.id])),
        (bells.principal, reverse("console:readiness-section", args=[bells.school.id, bells.section.id])),
    )
    clients = [(as_person(person), url) for person, url in asked]

    def ask() -> list[int]:
        return [queries_of(partial(client.get, url)) for client, url in clients]

    before = ask()
    for name in "abc":
        Org.objects.create(sourced_id=name, kind=Org.Kind.SCHOOL, name=name, parent=bells.district)
        section = make_section(bells.school, name, periods="1", grades="08")
        enroll(section, make_person(f"t{name}", name, "x", "teacher", bells.school), "teacher")
        student = another_student(bells, name)
        enroll(section, student, "student")
        enroll(bells.section, student, "student")
    assert ask() == before


def test_the_first_page_leads_here(bells: Cast) -> None:
    for person in (bells.principal, bells.operator):
        assert 'href="/office/readiness/"' in as_person(person).get("/office/").content.decode()


def test_the_numbers_for_machines(bells: Cast) -> None:
    give_phones(bells)
    give_pass(bells.student)
    answer = Client().get("/office/metrics", headers={"Authorization": f"Bearer {metrics_token()}"})
    lines = answer.content.decode().splitlines()
    assert 'schoolday_readiness{degree="ready",role="student"} 1.0' in lines
    assert 'schoolday_readiness{degree="nobody_knows",role="student"} 2.0' in lines
    assert 'schoolday_readiness{degree="nobody_knows",role="adult"} 2.0' in lines
    assert "schoolday_families_to_call 2.0" in lines
