"""Who is in a class: its adults and the school's duty list may know, nobody else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.office.people.models import AuditEntry, Person
from schoolday.office.signin import actions
from schoolday.office.signin.models import DutyPlace
from tests.cast import Cast, enroll, make_person
from tests.office.signin.devices import Answer, day_header, new_key

pytestmark = pytest.mark.django_db


def ask(person: Person, section_id: str) -> Answer:
    client = Client()
    client.force_login(person)
    return client.get("/api/members", {"section": section_id})


def test_the_adults_of_the_class_and_who_has_duty(cast: Cast) -> None:
    aide = make_person("an.aide", "An", "Aide", "aide", cast.school)
    enroll(cast.section, aide, "aide")
    for person in (cast.teacher, aide, cast.principal):
        members = ask(person, cast.section.id).json()["members"]
        assert [member["role"] for member in members] == ["teacher", "aide", "student", "student"]
        assert len({member["name"] for member in members}) == 4, "twins of one name are told apart"
    (entry,) = AuditEntry.objects.filter(verb="look.members")
    assert (entry.actor_id, entry.subject_id) == (cast.principal.id, cast.section.id), "only duty is written down"


def test_everybody_else_gets_the_same_answer(cast: Cast) -> None:
    outsiders = (
        cast.student, cast.twin, cast.other_student, cast.guardian, cast.other_guardian, cast.other_teacher,
        cast.other_principal, cast.operator,
    )  # fmt: skip
    answers = [ask(person, cast.section.id) for person in outsiders] + [ask(cast.principal, "nosuchthing0")]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}
    assert Client().get("/api/members", {"section": cast.section.id}).status_code == 401
    assert Client().post("/api/members").status_code in (403, 405)
    assert not AuditEntry.objects.filter(verb="look.members").exists()


def test_a_made_list_takes_the_place_of_the_administrators(cast: Cast) -> None:
    colleague = make_person("co.league", "Co", "League", "teacher", cast.school)
    assert ask(colleague, cast.section.id).status_code == 404
    DutyPlace.objects.create(school=cast.school, person=colleague, rank=0)
    assert ask(colleague, cast.section.id).status_code == 200
    assert ask(cast.principal, cast.section.id).status_code == 404
    Person.objects.filter(id=colleague.id).update(is_active=False)
    assert ask(cast.principal, cast.section.id).status_code == 200, "somebody always has duty"


def test_with_a_day_session(cast: Cast) -> None:
    key = new_key()
    headers = day_header(cast.principal, key)
    client = Client(enforce_csrf_checks=True)
    assert client.get("/api/members", {"section": cast.section.id}, headers=headers).status_code == 200
    actions.raise_epoch(cast.principal)
    assert client.get("/api/members", {"section": cast.section.id}, headers=headers).status_code == 401


def test_who_left_sees_nothing(cast: Cast) -> None:
    cast.teacher.enrollments.update(is_active=False)
    assert ask(cast.teacher, cast.section.id).status_code == 404
    cast.section.is_active = False
    cast.section.save()
    assert ask(cast.principal, cast.section.id).status_code == 404


def test_the_same_number_of_queries_for_few_and_many(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask(cast.principal, cast.section.id).status_code == 200
        return len(captured)

    before = queries()
    for n in range(3):
        enroll(cast.section, make_person(f"kid{n}", "Kid", "Many", "student", cast.school), "student")
        DutyPlace.objects.create(
            school=cast.school, person=make_person(f"t{n}", "T", str(n), "teacher", cast.school), rank=n
        )
    DutyPlace.objects.create(school=cast.school, person=cast.principal, rank=9)
    assert queries() == before
