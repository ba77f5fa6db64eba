"""Badges to print: who may, what is on them, what a new one does."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.contracts import keys as key_contract
from schoolday.contracts.badges import BadgeSerial, read_badge, sign_badge
from schoolday.lib import clock, signing
from schoolday.office.people.models import AuditEntry, Person
from schoolday.office.people.names import names_in
from schoolday.office.signin.badge_cards import cards_of, picture_rows_of
from schoolday.office.signin.keys import KeyFolder, office_signer
from schoolday.office.signin.models import Device, EpochRise
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.signin.devices import Answer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> Iterator[None]:
    with clock.at(datetime(2026, 9, 14, 11, tzinfo=UTC)):
        yield


def as_person(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def get(person: Person, path: str) -> Answer:
    return as_person(person).get(path)


def test_the_teacher_the_office_and_the_operator_print(cast: Cast) -> None:
    sheet = f"/office/badges/{cast.section.id}/"
    for person in (cast.teacher, cast.principal, cast.operator):
        answer = get(person, sheet)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert text.count("<svg") == 2
        assert text.count("Naïka Pierre") >= 2
        assert len(set(re.findall(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}", text))) == 2
        assert answer["Cache-Control"] == "no-store"
        assert AuditEntry.objects.get(actor_id=person.id).verb == "look.badges"


@pytest.mark.parametrize("path", ["", "pictures/", "new/{student}/"])
def test_nobody_else_does(cast: Cast, client: Client, path: str) -> None:
    address = f"/office/badges/{cast.section.id}/" + path.format(student=cast.student.id)
    outsiders = (
        cast.student, cast.twin, cast.guardian, cast.other_guardian, cast.other_student, cast.other_teacher,
        cast.other_principal,
    )  # fmt: skip
    for person in outsiders:
        for method in ("get", "post"):
            answer = getattr(as_person(person), method)(address)
            assert answer.status_code in (404, 405), (person.user_name, method)
            assert "Pierre" not in answer.content.decode()
    stranger = client.get(address)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/?next=")
    cast.student.refresh_from_db()
    assert cast.student.epoch == 0
    assert not AuditEntry.objects.exists()


def test_the_list_of_classes(cast: Cast, client: Client) -> None:
    for person in (cast.student, cast.guardian):
        assert get(person, "/office/badges/").status_code == 404
    assert client.get("/office/badges/").status_code == 302
    for person, seen, hidden in (
        (cast.teacher, "Math 7", "Science 7"),
        (cast.principal, "Math 7", "Science 7"),
        (cast.other_teacher, "Science 7", "Math 7"),
    ):
        text = get(person, "/office/badges/").content.decode()
        assert seen in text
        assert hidden not in text
    assert get(cast.principal, f"/office/badges/?school={cast.other_school.id}").status_code == 404
    assert get(cast.teacher, f"/office/badges/?school={cast.school.id}").status_code == 404
    text = get(cast.operator, "/office/badges/").content.decode()
    assert "Olinda Middle" in text
    assert "Math 7" not in text, "a district has too many classes for one page"
    assert "Math 7" in get(cast.operator, f"/office/badges/?school={cast.school.id}").content.decode()


def test_a_section_without_students_and_a_school_without_sections(cast: Cast) -> None:
    empty = make_section(cast.school, "Empty", periods="3")
    answer = get(cast.principal, f"/office/badges/{empty.id}/")
    assert "There are no students in this class yet" in answer.content.decode()
    assert "There are no students" in get(cast.principal, f"/office/badges/{empty.id}/pictures/").content.decode()
    cast.school.sections.update(is_active=False)
    assert "This school has no classes now" in get(cast.principal, "/office/badges/").content.decode()
    assert get(cast.principal, f"/office/badges/{empty.id}/").status_code == 404


def test_what_is_printed_opens_at_a_door(cast: Cast, keys: KeyFolder) -> None:
    root = signing.unb64(keys.root_public.read_text().strip())
    verifier = key_contract.open_key_set(keys.key_set_token(), root_public=root).verifier(at=clock.now_seconds())
    secret = settings.SCHOOLDAY["CELL_SECRET"]
    (card,) = cards_of([cast.student])
    assert card.name == "Naïka Pierre"
    assert read_badge(card.code, verifier=verifier, cell_secret=secret, district="demo") == cast.student.badge_number
    number = cast.student.badge_number
    assert number
    text = sign_badge(BadgeSerial(district="demo", number=number), office_signer())
    assert read_badge(text, verifier=verifier, cell_secret=secret, district="demo") == number
    assert len(text) < 330, "a QR code that a cheap camera reads from paper"


def test_twins_are_told_apart_and_a_child_without_a_number_has_no_card(cast: Cast) -> None:
    assert len({card.name for card in cards_of([cast.student, cast.twin])}) == 2
    cast.twin.badge_number = None
    assert len(cards_of([cast.student, cast.twin])) == 1
    assert len(picture_rows_of([cast.student, cast.twin])) == 1


def test_pictures_are_for_the_teacher_and_never_on_the_badges(cast: Cast) -> None:
    pictures = get(cast.teacher, f"/office/badges/{cast.section.id}/pictures/").content.decode()
    assert pictures.count('class="pin"') == 6
    assert "No, not in this grade" in pictures
    assert 'class="pin"' not in get(cast.teacher, f"/office/badges/{cast.section.id}/").content.decode()
    assert AuditEntry.objects.filter(verb="look.picture_pins").count() == 1
    client = as_person(cast.teacher)
    client.cookies["language"] = "es"
    assert client.get(f"/office/badges/{cast.section.id}/pictures/").status_code == 200


def test_a_new_badge_kills_the_old_one_and_what_it_opened(cast: Cast) -> None:
    address = f"/office/badges/{cast.section.id}/new/{cast.student.id}/"
    client = as_person(cast.teacher)
    asked = client.get(address)
    assert f"A new badge for {names_in([cast.student, cast.twin])[cast.student.id]}" in asked.content.decode()
    old = cast.student.badge_number
    cast.student.refresh_from_db()
    assert cast.student.badge_number == old, "looking changes nothing"
    until = datetime(2026, 9, 24, tzinfo=UTC)
    Device.objects.create(
        person=cast.student, thumbprint="t", key_x="x", key_y="y", made_at=until, seen_at=until, pass_until=until
    )
    answer = client.post(address, follow=True)
    assert "There is a new badge" in answer.content.decode()
    cast.student.refresh_from_db()
    assert cast.student.badge_number not in (old, None)
    assert cast.student.epoch == 1
    rise = EpochRise.objects.get()
    assert (rise.person_id, rise.epoch, rise.until) == (cast.student.id, 1, until)
    entry = AuditEntry.objects.get(verb="badge.new")
    assert (entry.actor_id, entry.subject_id) == (cast.teacher.id, cast.student.id)
    assert str(old) not in str(entry.detail), "a badge number is half a credential"


def test_only_a_student_of_this_very_section_gets_one(cast: Cast) -> None:
    client = as_person(cast.teacher)
    for person in (cast.other_student, cast.teacher, cast.guardian):
        assert client.post(f"/office/badges/{cast.section.id}/new/{person.id}/").status_code == 404
        person.refresh_from_db()
        assert person.epoch == 0


def test_the_same_number_of_queries_for_one_and_three(cast: Cast) -> None:
    def queries(path: str) -> int:
        client = as_person(cast.principal)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    lone = make_section(cast.school, "Lone", periods="2")
    enroll(lone, cast.student, "student")
    paths = ("/office/badges/", f"/office/badges/{lone.id}/", f"/office/badges/{lone.id}/pictures/")
    before = [queries(path) for path in paths]
    enroll(lone, cast.twin, "student")
    enroll(lone, make_person("third", "Third", "Child", "student", cast.school), "student")
    make_section(cast.school, "Third", periods="3")
    assert [queries(path) for path in paths] == before
