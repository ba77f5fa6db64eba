"""Slips of a class: whose, for whom, and that they say what the bridge takes."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from schoolday.contracts import phone
from schoolday.lib import clock
from schoolday.office.people.models import AuditEntry, Person
from tests.cast import Cast, enroll, make_person
from tests.office.attendance.day import DURING, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "PHONE_NUMBERS", "+13055550100")


def as_person(person: Person, language: str = "en") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = language
    return client


def sheet_of(cast: Cast, query: str = "") -> str:
    return f"/office/phone/class/{cast.section.id}/{query}"


def typed(cast: Cast, child: Person, week: str) -> str:
    digits = phone.dialled(
        section=cast.section.id, sub=child.id, cell_secret=settings.SCHOOLDAY["CELL_SECRET"], week=week
    )
    return f"{digits[:5]} {digits[5:8]} {digits[8:]} #"


@pytest.mark.parametrize("who", ["teacher", "principal", "operator"])
def test_a_slip_a_child_for_this_week_and_the_next(cast: Cast, who: str) -> None:
    client = as_person(getattr(cast, who))
    with clock.at(DURING):
        now = clock.now_seconds()
        this, other = (client.get(sheet_of(cast, query)) for query in ("", "?week=next"))
        assert client.get("/office/phone/").status_code == 200
    assert this["Cache-Control"] == "no-store"
    for child in (cast.student, cast.twin):
        assert typed(cast, child, phone.week_of(now)) in this.content.decode()
        assert typed(cast, child, phone.week_of(now + 7 * 86_400)) in other.content.decode()
        assert typed(cast, child, phone.week_of(now)) not in other.content.decode()
    assert "+13055550100" in this.content.decode()
    assert AuditEntry.objects.filter(verb="look.phone_digits").count() == 2


def test_digits_of_a_sunday_night_are_those_that_hold_then(cast: Cast) -> None:
    client = as_person(cast.teacher)
    sunday = DURING + timedelta(days=(6 - DURING.weekday()))
    for moment in (sunday.replace(hour=23, minute=59), sunday.replace(hour=0) + timedelta(days=1)):
        with clock.at(moment):
            text = client.get(sheet_of(cast)).content.decode()
            assert typed(cast, cast.student, phone.week_of(clock.now_seconds())) in text


OUTSIDERS = ("other_teacher", "other_principal", "student", "twin", "guardian", "other_guardian")


def test_nobody_else_prints_them(cast: Cast) -> None:
    for who in OUTSIDERS:
        assert as_person(getattr(cast, who)).get(sheet_of(cast)).status_code == 404, who
    for who in ("student", "guardian"):
        assert as_person(getattr(cast, who)).get("/office/phone/").status_code == 404, who
    assert Client().get(sheet_of(cast)).status_code == 302
    aide = make_person("an.aide", "An", "Aide", "aide", cast.school)
    enroll(cast.section, aide, "aide")
    assert as_person(aide).get(sheet_of(cast)).status_code == 404
    assert not AuditEntry.objects.filter(verb="look.phone_digits").exists()


def test_a_school_without_a_number_prints_none(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "PHONE_SCHOOLS", cast.other_school.id)
    with clock.at(DURING):
        text = as_person(cast.teacher).get(sheet_of(cast)).content.decode()
    assert "One cannot call" in text
    assert "#</td>" not in text


@pytest.mark.parametrize(("language", "word"), [("es", "Llamar a la clase"), ("ht", "Rele klas la")])
def test_in_her_language(cast: Cast, language: str, word: str) -> None:
    assert word in as_person(cast.teacher, language).get(sheet_of(cast)).content.decode()


def test_three_children_take_as_many_queries_as_one(cast: Cast) -> None:
    client = as_person(cast.teacher)
    with clock.at(DURING):
        client.get(sheet_of(cast))
        few = queries_of(lambda: client.get(sheet_of(cast)))
        for number in range(3):
            enroll(cast.section, make_person(f"more{number}", "More", "Child", "student", cast.school), "student")
        assert queries_of(lambda: client.get(sheet_of(cast))) == few
