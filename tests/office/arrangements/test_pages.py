"""The pages: arranging somebody in one tap, what families say; in three languages, and for nobody else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.office.arrangements import queries
from schoolday.office.arrangements.models import Arrangement, Consent
from schoolday.office.people.models import AuditEntry, Guardianship, Person
from tests.cast import Cast, make_person
from tests.office.pathways.devices import Tablet

pytestmark = pytest.mark.django_db


def as_person(person: Person, language: str = "en") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = language
    return client


def say(who: Person, child: Person, says: str, subject: str = "recording") -> int:
    body = {"child": child.id, "subject": subject, "says": says}
    return as_person(who).post("/office/consents/", body).status_code


def test_the_principal_sends_a_substitute(belled: Cast) -> None:
    client = as_person(belled.principal)
    assert client.get("/office/arrangements/", follow=True).status_code == 200
    url = f"/office/arrangements/class/{belled.section.id}/"
    form = {"kind": "substitute", "begins_on": "2026-09-14", "last_on": "2026-09-14"}
    page = client.post(url, {**form, "do": "find", "words": "okafor"}).content.decode()
    assert "Chidi Okafor" in page
    made = client.post(url, {**form, "do": "make", "person": belled.other_teacher.id})
    assert made.status_code == 302
    assert "Chidi Okafor" in client.get(f"/office/arrangements/school/{belled.school.id}/").content.decode()
    assert belled.section.id in {section.id for section in Tablet(belled.other_teacher).fetch().sections}
    one = Arrangement.objects.get()
    assert client.post(url, {"do": "end", "arrangement": one.id}).status_code == 302
    assert belled.section.id not in {section.id for section in Tablet(belled.other_teacher).fetch().sections}


def test_outsiders_see_and_change_nothing(belled: Cast) -> None:
    urls = [
        f"/office/arrangements/school/{belled.school.id}/",
        f"/office/arrangements/class/{belled.section.id}/",
        f"/office/arrangements/class/{belled.section.id}/families/",
        f"/office/consents/school/{belled.school.id}/",
    ]
    for who in (belled.other_principal, belled.other_teacher, belled.student, belled.guardian, belled.other_guardian):
        for url in urls:
            assert as_person(who).get(url).status_code == 404, url
            body = {"do": "make", "says": "yes", "child": belled.student.id, "person": belled.other_teacher.id}
            assert as_person(who).post(url, body).status_code == 404, url
    for url in (urls[0], urls[3]):
        assert as_person(belled.teacher).get(url).status_code == 404
    assert say(belled.other_guardian, belled.student, "yes") == 404
    assert as_person(belled.teacher).get("/office/consents/").status_code == 404
    assert not Arrangement.objects.exists()
    assert not Consent.objects.exists()
    for url in urls:
        assert Client().get(url).status_code == 302


def test_one_no_wins_and_it_can_be_changed(belled: Cast) -> None:
    father = make_person("j.pierre", "Jean", "Pierre", "guardian", belled.school)
    Guardianship.objects.create(guardian=father, student=belled.student)

    def may() -> bool:
        return belled.student.id in queries.settings_of([belled.student.id]).may_record

    assert not may(), "without a word it is no"
    assert say(belled.guardian, belled.student, "yes") == 302
    assert may()
    assert say(father, belled.student, "no") == 302
    assert not may()
    assert say(father, belled.student, "yes") == 302
    assert may()
    assert say(father, belled.student, "no") == 302
    Guardianship.objects.filter(guardian=father).delete()
    assert may(), "who is no guardian any more is not counted"
    assert say(father, belled.student, "no") == 404
    assert say(belled.guardian, belled.student, "perhaps") == 400
    assert AuditEntry.objects.filter(verb="consent.say", subject_id=belled.student.id).count() == 4


def test_only_the_grown_ups_of_the_class_know(belled: Cast) -> None:
    assert say(belled.guardian, belled.student, "yes") == 302
    assert say(belled.guardian, belled.student, "yes", "camera_to_teacher") == 302

    def known(who: Person) -> dict[str, tuple[bool, bool]]:
        members = next(one for one in Tablet(who).fetch().sections if one.id == belled.section.id).members
        return {one.id: (one.may_record, one.camera_to_teacher) for one in members if one.role == "student"}

    assert known(belled.teacher) == {belled.student.id: (True, True), belled.twin.id: (False, False)}
    assert known(belled.student) == {belled.student.id: (False, True), belled.twin.id: (False, False)}
    assert known(belled.twin) == {belled.student.id: (False, False), belled.twin.id: (False, False)}
    answer = as_person(belled.teacher).get("/api/members", {"section": belled.section.id}).json()
    assert {one["id"] for one in answer["members"] if one.get("may_record")} == {belled.student.id}


def test_the_offices_way_to_the_list_of_calls(belled: Cast) -> None:
    assert as_person(belled.principal).get("/office/consents/").url == f"/office/consents/school/{belled.school.id}/"  # type: ignore[attr-defined]  # a redirect
    assert as_person(belled.operator).get("/office/consents/", follow=True).status_code == 200
    assert as_person(belled.guardian).get("/office/consents/").status_code == 200


def test_paper_and_the_teachers_word(belled: Cast) -> None:
    office = f"/office/consents/school/{belled.school.id}/"
    page = as_person(belled.principal).get(office).content.decode()
    assert "No answer yet (2)" in page
    body = {"child": belled.student.id, "guardian": belled.guardian.id, "says": "yes"}
    assert as_person(belled.principal).post(office, body).status_code == 302
    assert as_person(belled.principal).post(office, {**body, "guardian": belled.other_guardian.id}).status_code == 404
    assert "written down by Pat Stone" in as_person(belled.principal).get(office).content.decode()
    families = f"/office/arrangements/class/{belled.section.id}/families/"
    assert as_person(belled.teacher).post(families, {"child": belled.twin.id, "says": "yes"}).status_code == 302
    assert (
        as_person(belled.teacher).post(families, {"child": belled.other_student.id, "says": "yes"}).status_code == 404
    )
    found = queries.settings_of([belled.student.id, belled.twin.id])
    assert set(found.may_record) == {belled.student.id}
    assert set(found.camera_to_teacher) == {belled.twin.id}


@pytest.mark.parametrize(("language", "word"), [("es", "Suplentes y ayudantes"), ("ht", "Ranplasan ak èd")])
def test_in_her_language(belled: Cast, language: str, word: str) -> None:
    page = as_person(belled.principal, language).get(f"/office/arrangements/school/{belled.school.id}/")
    assert word in page.content.decode()


def test_lists_take_as_many_queries_for_three_as_for_one(belled: Cast) -> None:
    url = f"/office/arrangements/class/{belled.section.id}/"
    client, counts = as_person(belled.principal), []
    for number in (1, 2):
        for one in range(number):
            who = make_person(f"sub{number}{one}", "Sam", f"Pool{number}{one}", "teacher", belled.school)
            body = {"kind": "aide", "begins_on": "2026-09-14", "last_on": "2026-09-15", "person": who.id, "do": "make"}
            assert client.post(url, body).status_code == 302
        pages = (url, f"/office/arrangements/school/{belled.school.id}/")
        for page in pages:
            client.get(page)
        with CaptureQueriesContext(connection) as seen:
            assert [client.get(page).status_code for page in pages] == [200, 200]
        counts.append(len(seen))
    assert counts[0] == counts[1]
