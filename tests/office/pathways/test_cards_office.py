"""Printing a school's cards: its administrators and operators, nobody else."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.cards.here import write_pages
from schoolday.office.pathways.cards.jobs import WriteWhenNew
from schoolday.office.pathways.models import Alternate
from schoolday.office.people.models import Org, Person
from tests.cast import Cast, make_section
from tests.office.pathways.plans import set_bells

pytestmark = pytest.mark.django_db


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def printed(belled: Cast) -> Cast:
    publish_plan()
    write_pages()
    return belled


def sheet(school: Org) -> str:
    return reverse("pathways:cards-sheet", args=[school.id])


def test_a_principal_prints_the_cards_of_her_school(printed: Cast) -> None:
    make_section(printed.school, "Reading 7", periods="2")
    publish_plan()
    write_pages()
    client = client_of(printed.principal)
    listed = client.get(reverse("pathways:cards")).content.decode()
    assert "Print 2 cards" in listed
    assert printed.other_school.name not in listed
    assert f"/plan/go/{printed.school.id}.html" in listed
    page = client.get(sheet(printed.school)).content.decode()
    assert page.count('<article class="sheet"') == page.count('<svg class="qr"') == 2
    assert page.index("Math 7") < page.index("Reading 7")
    assert "Elena Ruiz" in page
    assert printed.student.family_name not in page


def test_an_operator_prints_any(printed: Cast) -> None:
    client = client_of(printed.operator)
    listed = client.get(reverse("pathways:cards")).content.decode()
    for school in (printed.school, printed.other_school):
        assert school.name in listed
        assert client.get(sheet(school)).status_code == 200


def test_nobody_else_does(printed: Cast) -> None:
    for person in (
        *(printed.student, printed.guardian, printed.teacher),
        *(printed.other_student, printed.other_guardian, printed.other_teacher),
    ):
        client = client_of(person)
        assert client.get(reverse("pathways:cards")).status_code == 404
        assert client.get(sheet(printed.school)).status_code == 404
    assert client_of(printed.other_principal).get(sheet(printed.school)).status_code == 404
    assert client_of(printed.principal).get("/office/cards/..%2f..%2fdoors/").status_code == 404
    for url in (reverse("pathways:cards"), sheet(printed.school)):
        assert Client().get(url).status_code == 302
        assert client_of(printed.principal).post(url).status_code == 405


def test_no_cards_yet(belled: Cast) -> None:
    client = client_of(belled.principal)
    assert "No cards yet." in client.get(reverse("pathways:cards")).content.decode()
    assert "No cards yet." in client.get(sheet(belled.school)).content.decode()


@pytest.mark.parametrize(("language", "said"), [("es", "Imprimir 1 tarjeta"), ("ht", "Enprime 1 kat")])
def test_in_the_readers_language(printed: Cast, language: str, said: str) -> None:
    client = client_of(printed.principal)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert said in client.get(reverse("pathways:cards")).content.decode()


def test_as_many_queries_for_three_schools_as_for_one(printed: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as context:
            client.get(reverse("pathways:cards"))
        return len(context)

    client = client_of(printed.operator)
    Org.objects.filter(id=printed.other_school.id).update(is_active=False)
    one = queries()
    Org.objects.filter(id=printed.other_school.id).update(is_active=True)
    third = Org.objects.create(sourced_id="s3", kind=Org.Kind.SCHOOL, name="Third", parent=printed.district)
    set_bells(third)
    assert queries() == one


def test_the_worker_writes_pages_when_the_index_is_new(belled: Cast) -> None:
    job = WriteWhenNew(settings.SCHOOLDAY)
    assert job() is None
    publish_plan()
    made = job()
    assert isinstance(made, dict)
    assert made["written"] == made["pages"] > 0
    assert job() is None
    with CaptureQueriesContext(connection) as context:
        WriteWhenNew(settings.SCHOOLDAY)()
    assert len(context) == 0


def test_a_card_says_what_the_office_knows(printed: Cast) -> None:
    Alternate.objects.create(section=printed.section, rank=0, kind="zoom", url="https://bay.zoom.us/j/42")
    publish_plan()
    write_pages()
    page = (settings.SCHOOLDAY.plan_dir / f"go/{printed.school.id}/{printed.section.id}.html").read_text()
    assert "Grade 7" in page
    assert "https://bay.zoom.us/j/42" in page
    assert settings.SCHOOLDAY["PUBLIC_URL"] in page
