"""A lost device, somebody who must not come in any more: who may end it, and that it is over."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.contracts.proofs import DeviceKey, thumbprint
from schoolday.office.console.work.jobs import PublishWhenChanged
from schoolday.office.people.models import AuditEntry, Person, RoleAssignment
from schoolday.office.signin.models import Device, RevokedPass, SectionTurn
from tests.cast import Cast, make_person
from tests.office.signin.devices import Answer, day_header, key_json, new_key

pytestmark = pytest.mark.django_db


def as_person(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def fetch(client: Client, key: DeviceKey, **headers: str) -> Answer:
    return client.post("/api/bundle", key_json(key), content_type="application/json", headers=headers)


def tablet_of(person: Person) -> tuple[Client, DeviceKey, Device]:
    """A tablet that signed on and has its pass."""
    client, key = as_person(person), new_key()
    assert fetch(client, key).status_code == 200
    return client, key, Device.objects.get(person=person, thumbprint=thumbprint(key))


def page_of(person: Person) -> str:
    return f"/office/devices/{person.id}/"


def test_a_stolen_tablet_is_taken_away_and_the_other_one_stays(cast: Cast) -> None:
    stolen, key, device = tablet_of(cast.student)
    other, other_key, _ = tablet_of(cast.student)
    session = day_header(cast.student, key, jti=device.pass_jti)
    assert fetch(Client(), key, **session).status_code == 200
    text = as_person(cast.principal).get(page_of(cast.student)).content.decode()
    assert text.count("Take this device away") == 2
    seen = PublishWhenChanged.seen()
    answer = as_person(cast.principal).post(page_of(cast.student), {"do": "remove", "device": device.id})
    assert answer.status_code == 302
    assert RevokedPass.objects.get().jti == device.pass_jti
    assert fetch(stolen, key).status_code == 401, "its sign-on at the office is over too"
    assert fetch(Client(), key, **session).status_code == 401
    assert fetch(other, other_key).status_code == 200
    assert SectionTurn.objects.get(section=cast.section).turn == 1, "its spare tickets lead nowhere"
    assert PublishWhenChanged.seen() != seen, "the worker publishes at its next look, within seconds"
    entry = AuditEntry.objects.get(verb="device.remove")
    assert (entry.actor_id, entry.subject_id) == (cast.principal.id, cast.student.id)


def test_a_thief_who_made_a_second_key_in_the_same_browser_loses_both(cast: Cast) -> None:
    stolen, _, device = tablet_of(cast.student)
    assert fetch(stolen, new_key()).status_code == 200
    as_person(cast.operator).post(page_of(cast.student), {"do": "remove", "device": device.id})
    assert not Device.objects.filter(person=cast.student).exists()
    assert RevokedPass.objects.count() == 2


def test_every_pass_of_a_person_ends(cast: Cast) -> None:
    one, key, _ = tablet_of(cast.student)
    two, other_key, _ = tablet_of(cast.student)
    by_badge = day_header(cast.student, key, how="badge")
    seen = PublishWhenChanged.seen()
    assert as_person(cast.principal).post(page_of(cast.student), {"do": "end"}).status_code == 302
    assert fetch(one, key).status_code == fetch(two, other_key).status_code == 401
    assert fetch(Client(), key, **by_badge).status_code == 401
    cast.student.refresh_from_db()
    assert cast.student.epoch == 1
    assert PublishWhenChanged.seen() != seen
    assert AuditEntry.objects.get(verb="passes.end").subject_id == cast.student.id
    assert fetch(as_person(cast.student), key).status_code == 200, "who is in the roster may sign on again"
    assert "epoch" not in as_person(cast.principal).get(page_of(cast.student)).content.decode()


def test_somebody_without_a_device(cast: Cast) -> None:
    text = as_person(cast.operator).get(page_of(cast.guardian)).content.decode()
    assert "No device of this person holds a pass." in text
    assert as_person(cast.operator).post(page_of(cast.guardian), {"do": "end"}).status_code == 302


def test_another_persons_device_is_not_taken_by_this_page(cast: Cast) -> None:
    _, _, device = tablet_of(cast.other_student)
    client = as_person(cast.operator)
    for bad in (str(device.id), "0", "-1", "x", "", "²"):
        assert client.post(page_of(cast.student), {"do": "remove", "device": bad}).status_code == 404
    assert Device.objects.filter(id=device.id).exists()


def test_nobody_else_sees_or_ends_anything(cast: Cast) -> None:
    _, _, device = tablet_of(cast.student)
    outsiders = (
        cast.student, cast.twin, cast.other_student, cast.guardian, cast.other_guardian, cast.teacher,
        cast.other_teacher, cast.other_principal,
    )  # fmt: skip
    for person in outsiders:
        client = as_person(person)
        assert client.get(page_of(cast.student)).status_code == 404
        for body in ({"do": "end"}, {"do": "remove", "device": str(device.id)}):
            assert client.post(page_of(cast.student), body).status_code == 404
        if person != cast.other_principal:
            assert client.get("/office/devices/").status_code == 404
            assert client.post("/office/devices/", {"words": "Pierre"}).status_code == 404
    assert Client().post(page_of(cast.student), {"do": "end"}).status_code == 302
    assert Client().get("/office/devices/")["Location"].startswith("/?next=")
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.principal)
    assert careful.post(page_of(cast.student), {"do": "end"}).status_code == 403
    cast.student.refresh_from_db()
    assert cast.student.epoch == 0
    assert Device.objects.filter(id=device.id).exists()


def test_a_principal_ends_no_operator(cast: Cast) -> None:
    RoleAssignment.objects.create(person=cast.operator, org=cast.school, role="teacher", source_role="t")
    assert as_person(cast.principal).post(page_of(cast.operator), {"do": "end"}).status_code == 404
    assert as_person(cast.operator).post(page_of(cast.principal), {"do": "end"}).status_code == 302


def test_finding_somebody(cast: Cast) -> None:
    def found(person: Person, words: str) -> set[str]:
        text = as_person(person).post("/office/devices/", {"words": words}).content.decode()
        return {one.id for one in Person.objects.all() if f"/office/devices/{one.id}/" in text}

    family = {cast.student.id, cast.twin.id, cast.guardian.id}
    assert found(cast.principal, "pierre") == family
    assert found(cast.operator, "pierre") == family
    assert found(cast.principal, "naika.p2") == {cast.twin.id}
    assert found(cast.principal, "marie PIERRE") == {cast.guardian.id}
    assert found(cast.principal, "García") == set(), "of the other school"
    assert found(cast.operator, "García") == {cast.other_student.id, cast.other_guardian.id}
    assert found(cast.principal, "reyes") == set(), "an operator is nobody's"
    assert found(cast.principal, " ") == set()
    assert "Nobody of that name" in as_person(cast.principal).post("/office/devices/", {"words": "zz"}).content.decode()
    entry = AuditEntry.objects.filter(verb="look.people").first()
    assert entry is not None
    assert "pierre" not in str(entry.detail)


def test_the_same_number_of_queries_for_one_and_for_three(cast: Cast) -> None:
    def queries(method: str, path: str, **data: str) -> int:
        client = as_person(cast.principal)
        with CaptureQueriesContext(connection) as captured:
            assert client.generic(method, path).status_code == 200 if not data else client.post(path, data)
        return len(captured)

    def both() -> tuple[int, int]:
        return queries("GET", page_of(cast.student)), queries("POST", "/office/devices/", words="naïka")

    tablet_of(cast.student)
    before = both()
    tablet_of(cast.student)
    tablet_of(cast.student)
    make_person("n3", "Naïka", "Third", "student", cast.school)
    make_person("n4", "Naïka", "Fourth", "student", cast.school)
    assert both() == before


def test_from_a_students_page_one_comes_to_who_is_told_about_her(cast: Cast) -> None:
    link = f"/office/notices/guardians/{cast.student.id}/"
    for asker in (cast.principal, cast.operator):
        assert link in as_person(asker).get(page_of(cast.student)).content.decode()
        assert as_person(asker).get(link).status_code == 200
    assert "/office/notices/guardians/" not in as_person(cast.operator).get(page_of(cast.teacher)).content.decode()
