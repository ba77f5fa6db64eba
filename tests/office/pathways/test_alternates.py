"""Plan B of a class: who keeps it, and what may stand in it."""

import pytest
from django.test import Client

from schoolday.office.pathways.alternates import BadAlternate, check_alternate
from schoolday.office.pathways.models import Alternate
from schoolday.office.people.models import AuditEntry, Person
from tests.cast import Cast, enroll, make_person

pytestmark = pytest.mark.django_db


def as_person(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def form(*rows: tuple[str, str, str]) -> dict[str, list[str]]:
    padded = [*rows, *[("", "", "")] * (5 - len(rows))]
    return {name: [row[index] for row in padded] for index, name in enumerate(("kind", "url", "label"))}


def kept(cast: Cast) -> list[tuple[str, str, str]]:
    return list(Alternate.objects.filter(section=cast.section).order_by("rank").values_list("kind", "url", "label"))


def test_the_teacher_and_the_office_keep_the_list_in_their_order(cast: Cast) -> None:
    address = f"/office/sections/{cast.section.id}/alternates/"
    for person in (cast.teacher, cast.principal, cast.operator):
        client = as_person(person)
        answer = client.post(
            address, form(("zoom", "https://district.zoom.us/j/123", "Ms. Ruiz"), ("phone", "+1 305 555 0100,,12#", ""))
        )
        assert answer.status_code == 302
        assert kept(cast) == [
            ("zoom", "https://district.zoom.us/j/123", "Ms. Ruiz"),
            ("phone", "tel:+13055550100,,12%23", ""),
        ]
        text = client.get(address).content.decode()
        assert "https://district.zoom.us/j/123" in text
        assert "+13055550100,,12#" in text
        assert client.post(address, form()).status_code == 302
        assert kept(cast) == []
    assert AuditEntry.objects.filter(verb="alternates.set", subject_id=cast.section.id).count() == 6


def test_nobody_else_sees_or_keeps_it(cast: Cast, client: Client) -> None:
    address = f"/office/sections/{cast.section.id}/alternates/"
    aide = make_person("an.aide", "An", "Aide", "aide", cast.school)
    enroll(cast.section, aide, "aide")
    Alternate.objects.create(section=cast.section, rank=0, kind="link", url="https://mine.example/")
    outsiders = (
        cast.student, cast.guardian, cast.other_guardian, cast.other_student, cast.other_teacher,
        cast.other_principal, aide,
    )  # fmt: skip
    for person in outsiders:
        answer = as_person(person).get(address)
        assert answer.status_code == 404
        assert b"mine.example" not in answer.content
        assert as_person(person).post(address, form()).status_code == 404
    assert client.post(address, form()).status_code == 302
    assert kept(cast) == [("link", "https://mine.example/", "")]


def test_a_wrong_line_is_named_and_nothing_is_written(cast: Cast) -> None:
    address = f"/office/sections/{cast.section.id}/alternates/"
    client = as_person(cast.teacher)
    client.post(address, form(("meet", "https://meet.google.com/abc", "")))
    bad = form(("meet", "https://meet.google.com/xyz", ""), ("zoom", "https://evil.example/zoom.us", "hello"))
    answer = client.post(address, bad)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "Line 2: This link does not lead to the service you chose." in text
    assert "https://evil.example/zoom.us" in text, "what was typed is still there"
    assert kept(cast) == [("meet", "https://meet.google.com/abc", "")]


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("zoom", "http://zoom.us/j/1"),
        ("zoom", "https://zoom.us.evil.example/j/1"),
        ("zoom", "https://evilzoom.us/j/1"),
        ("zoom", "https://zoom.us@evil.example/"),
        ("teams", "https://teams.microsoft.com.evil.example/"),
        ("link", "javascript:alert(1)"),
        ("link", "https://a b.example/"),
        ("link", "https://localhost/"),
        ("link", "https://x.example:port/"),
        ("link", "https://[broken/"),
        ("link", 'https://x.example/"><script>'),
        ("link", "https://x.example/\n"[:-1] + "\u202e"),
        ("link", ""),
        ("link", "https://x.example/" + "a" * 500),
        ("phone", "call me"),
        ("phone", "javascript:1"),
        ("live", "https://x.example/"),
        ("", "https://x.example/"),
        ("carrier pigeon", "https://x.example/"),
    ],
)
def test_what_may_not_reach_a_child(kind: str, url: str) -> None:
    with pytest.raises(BadAlternate) as caught:
        check_alternate(kind=kind, url=url, label="", row=3)
    assert caught.value.row == 3
    assert caught.value.text


@pytest.mark.parametrize(
    ("kind", "url", "kept_url"),
    [
        ("zoom", " https://zoom.us/j/9?pwd=x ", "https://zoom.us/j/9?pwd=x"),
        ("teams", "https://teams.microsoft.com/l/meetup-join/1", "https://teams.microsoft.com/l/meetup-join/1"),
        ("jitsi", "https://meet.district.example/Math7", "https://meet.district.example/Math7"),
        ("link", "https://district.example:8443/x", "https://district.example:8443/x"),
        ("phone", "tel:(305) 555-0100", "tel:3055550100"),
    ],
)
def test_what_may(kind: str, url: str, kept_url: str) -> None:
    checked = check_alternate(kind=kind, url=url, label="  two   words ", row=1)
    assert (checked.url, checked.label) == (kept_url, "two words")


def test_the_same_number_of_queries_for_one_and_three(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        client = as_person(cast.teacher)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/office/sections/{cast.section.id}/alternates/").status_code == 200
        return len(captured)

    Alternate.objects.create(section=cast.section, rank=0, kind="link", url="https://a.example/")
    before = queries()
    for rank in (1, 2):
        Alternate.objects.create(section=cast.section, rank=rank, kind="link", url="https://b.example/")
    assert queries() == before
