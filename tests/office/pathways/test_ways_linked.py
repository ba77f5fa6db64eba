"""The way to a class's Plan B stands where its people are: on the pages of those who may change it, of nobody else."""

import pytest
from django.test import Client

from schoolday.office.people.models import Person
from tests.cast import Cast, enroll, make_person

pytestmark = pytest.mark.django_db


def see(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_teacher_finds_the_plan_b_of_her_class_and_an_aide_does_not(cast: Cast) -> None:
    aide = make_person("an.aide", "An", "Aide", "aide", cast.school)
    enroll(cast.section, aide, "aide")
    own = f"/office/sections/{cast.section.id}/alternates/"
    assert own in see(cast.teacher, "/office/badges/")
    assert own in see(cast.principal, "/office/badges/")
    assert "/alternates/" not in see(aide, "/office/badges/")
    assert own not in see(cast.other_teacher, "/office/badges/")
    assert f"/office/sections/{cast.section.id}/packets/" in see(cast.teacher, own)


def test_a_principal_comes_to_the_classes_without_one(cast: Cast) -> None:
    assert "/office/alternates/missing/" in see(cast.principal, "/office/")
    of_school = f"/office/alternates/missing/{cast.school.id}/"
    assert of_school in see(cast.principal, f"/office/timetable/{cast.school.id}/")
    assert cast.section.title in see(cast.principal, of_school)
