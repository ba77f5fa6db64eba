"""The duty list: who keeps it, who is on it, and that somebody is always called."""

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.lib import ids
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.people.models import AuditEntry, Org, Person, RoleAssignment
from schoolday.office.signin.duty import duty_of
from schoolday.office.signin.models import DutyPlace
from tests.cast import Cast, make_person
from tests.office.pathways.devices import Tablet
from tests.office.pathways.plans import Reader

pytestmark = pytest.mark.django_db


def as_person(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def change(person: Person, school: Org, do: str, other: Person) -> int:
    answer = as_person(person).post(f"/office/duty/{school.id}/", {"do": do, "person": other.id})
    return answer.status_code


def listed(school: Org) -> list[str]:
    return duty_of([school.id])[school.id]


def test_nobody_was_chosen(belled: Cast, reader: Reader) -> None:
    second = make_person("a.first", "Ada", "First", "administrator", belled.school)
    assert listed(belled.school) == [second.id, belled.principal.id], "by family name"
    publish_plan()
    _, _, people = reader.whole()
    assert [ids.from_int(one) for one in people[belled.school.id].duty] == [second.id, belled.principal.id]
    assert people[belled.other_school.id].duty == (ids.to_int(belled.other_principal.id),)
    text = as_person(belled.principal).get(f"/office/duty/{belled.school.id}/").content.decode()
    assert "Ada First" in text
    assert "administrators are called" in text


def test_the_office_keeps_the_list_in_its_order(belled: Cast, reader: Reader) -> None:
    aide = make_person("an.aide", "An", "Aide", "aide", belled.school)
    for keeper in (belled.principal, belled.operator):
        for person in (belled.teacher, aide, belled.principal):
            assert change(keeper, belled.school, "add", person) == 302
        assert listed(belled.school) == [belled.teacher.id, aide.id, belled.principal.id]
        assert change(keeper, belled.school, "earlier", aide) == 302
        assert change(keeper, belled.school, "add", aide) == 302
        assert listed(belled.school) == [aide.id, belled.teacher.id, belled.principal.id]
        publish_plan()
        _, _, people = reader.whole()
        assert people[belled.school.id].duty == tuple(map(ids.to_int, listed(belled.school)))
        for person in (aide, belled.teacher, belled.principal):
            assert change(keeper, belled.school, "earlier", aide) == 302, "the first stays the first"
            assert change(keeper, belled.school, "remove", person) == 302
        assert listed(belled.school) == [belled.principal.id], "the administrators again"
    assert AuditEntry.objects.filter(verb="duty.set", subject_id=belled.school.id).count() == 14


def test_it_is_in_the_bundle_of_who_has_duty(belled: Cast) -> None:
    change(belled.principal, belled.school, "add", belled.teacher)
    teacher, principal = Tablet(belled.teacher).fetch(), Tablet(belled.principal).fetch()
    assert teacher.person.duty == (belled.school.id,)
    assert teacher.person.kind == "teacher"
    assert principal.person.duty == ()
    assert principal.pass_ is None, "without duty she has no business in a class"
    assert Tablet(belled.student).fetch().person.duty == ()
    RoleAssignment.objects.create(
        person=belled.principal, org=belled.other_school, role="administrator", source_role="second"
    )
    assert Tablet(belled.principal).fetch().person.duty == (belled.other_school.id,)


def test_only_adults_of_the_school_are_put_on_it(belled: Cast) -> None:
    for person in (belled.student, belled.guardian, belled.other_teacher, belled.operator):
        assert change(belled.principal, belled.school, "add", person) == 404
    assert change(belled.principal, belled.school, "no such thing", belled.teacher) == 404
    assert not DutyPlace.objects.exists()


def test_who_left_the_school_is_not_called(belled: Cast) -> None:
    change(belled.principal, belled.school, "add", belled.teacher)
    Person.objects.filter(id=belled.teacher.id).update(is_active=False)
    assert listed(belled.school) == [belled.principal.id]
    Person.objects.filter(id=belled.teacher.id).update(is_active=True)
    assert listed(belled.school) == [belled.teacher.id]
    belled.teacher.roles.all().delete()
    assert listed(belled.school) == [belled.principal.id]
    Person.objects.filter(id=belled.principal.id).update(is_active=False)
    assert listed(belled.school) == []
    assert (
        "Nobody would be called" in as_person(belled.operator).get(f"/office/duty/{belled.school.id}/").content.decode()
    )


def test_nobody_else_sees_or_keeps_it(belled: Cast) -> None:
    outsiders = (
        belled.student, belled.teacher, belled.guardian, belled.other_guardian, belled.other_student,
        belled.other_teacher, belled.other_principal,
    )  # fmt: skip
    for person in outsiders:
        assert as_person(person).get(f"/office/duty/{belled.school.id}/").status_code == 404
        assert change(person, belled.school, "add", belled.teacher) == 404
        if person != belled.other_principal:
            assert as_person(person).get("/office/duty/").status_code == 404
    stranger = Client().get(f"/office/duty/{belled.school.id}/")
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/?next=")
    assert not DutyPlace.objects.exists()
    client = Client(enforce_csrf_checks=True)
    client.force_login(belled.principal)
    assert (
        client.post(f"/office/duty/{belled.school.id}/", {"do": "add", "person": belled.teacher.id}).status_code == 403
    )


def test_the_way_there(belled: Cast) -> None:
    assert as_person(belled.principal).get("/office/duty/")["Location"] == f"/office/duty/{belled.school.id}/"
    text = as_person(belled.operator).get("/office/duty/").content.decode()
    assert belled.school.name in text
    assert belled.other_school.name in text


def test_the_same_number_of_queries_for_one_and_for_three(belled: Cast) -> None:
    def queries() -> tuple[int, int, int]:
        counts = []
        for look in (
            lambda: as_person(belled.principal).get(f"/office/duty/{belled.school.id}/"),
            lambda: Tablet(belled.principal).fetch(),
            publish_plan,
        ):
            with CaptureQueriesContext(connection) as captured:
                look()
            counts.append(len(captured))
        return counts[0], counts[1], counts[2]

    change(belled.principal, belled.school, "add", belled.principal)
    publish_plan()
    tablet_known = queries()
    for number in range(3):
        adult = make_person(f"adult{number}", "Adult", str(number), "teacher", belled.school)
        change(belled.principal, belled.school, "add", adult)
    publish_plan()
    assert queries() == tablet_known
    assert msgspec.json.encode(Tablet(belled.teacher).fetch())
