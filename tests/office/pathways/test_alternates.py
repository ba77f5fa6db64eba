"""Plan B of a class: who keeps it, how it is changed by one act at a time, and what stands beside each line."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from schoolday.contracts import plan
from schoolday.lib import clock
from schoolday.office.pathways.models import Alternate, LinkCheck, SchoolPathways
from schoolday.office.pathways.ways.lists import AT_MOST, set_alternates
from schoolday.office.people.models import AuditEntry, Person
from schoolday.office.rosters.models import Section
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.pathways.settings_for import with_settings

pytestmark = pytest.mark.django_db
ZOOM, PHONE = "https://district.zoom.us/j/123", "+1 305 555 0100,,12#"


def as_person(person: Person, language: str = "en") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = language
    return client


def address(section: Section) -> str:
    return f"/office/sections/{section.id}/alternates/"


def kept(section: Section) -> list[tuple[str, str, str]]:
    return list(Alternate.objects.filter(section=section).order_by("rank").values_list("kind", "url", "label"))


def act(client: Client, section: Section, do: str, **values: Any) -> Any:
    """Press a button of the page as it is shown now."""
    text = client.get(address(section)).content.decode()
    found = re.search(r'name="seen" value="([0-9a-f]*)"', text)
    return client.post(address(section), {"do": do, "seen": found[1] if found else "", **values})


def put(section: Section, *urls: str) -> None:
    set_alternates(section, [plan.Alternate(kind="link", url=url) for url in urls], actor=None)


def test_a_teacher_builds_her_list_line_by_line_and_takes_a_step_back(cast: Cast) -> None:
    client, section = as_person(cast.teacher), cast.section
    assert "no Plan B yet" in client.get(address(section)).content.decode()
    assert act(client, section, "add", kind="zoom", url=ZOOM, label=" Ms.  Ruiz ").status_code == 302
    assert act(client, section, "add", kind="phone", url=PHONE).status_code == 302
    zoom, phone = ("zoom", ZOOM, "Ms. Ruiz"), ("phone", "tel:+13055550100,,12#", "")
    assert kept(section) == [zoom, phone]
    text = client.get(address(section)).content.decode()
    assert "+13055550100 · 12#" in text, "the number and its code apart"
    assert act(client, section, "later", place=0).status_code == 302
    assert kept(section) == [phone, zoom]
    assert act(client, section, "earlier", place=1).status_code == 302
    assert kept(section) == [zoom, phone]
    assert act(client, section, "replace", place=0, kind="zoom", url=ZOOM, label="Math").status_code == 302
    assert kept(section)[0] == ("zoom", ZOOM, "Math")
    assert act(client, section, "remove", place=1).status_code == 302
    assert kept(section) == [("zoom", ZOOM, "Math")]
    assert act(client, section, "undo").status_code == 302
    assert kept(section) == [("zoom", ZOOM, "Math"), phone]
    assert act(client, section, "undo").status_code == 302
    assert kept(section) == [("zoom", ZOOM, "Math")], "undone again it is as it was"
    verbs = AuditEntry.objects.filter(subject_id=section.id).values_list("verb", flat=True)
    assert sorted(verbs) == ["alternates.set"] * 6 + ["alternates.undo"] * 2


def test_the_office_of_the_school_and_operators_may_too(cast: Cast) -> None:
    for person in (cast.principal, cast.operator):
        client = as_person(person)
        assert act(client, cast.section, "add", kind="zoom", url=ZOOM).status_code == 302
        assert act(client, cast.section, "remove", place=0).status_code == 302
        assert kept(cast.section) == []


def test_nobody_else_sees_or_keeps_it(cast: Cast, client: Client) -> None:
    aide = make_person("an.aide", "An", "Aide", "aide", cast.school)
    enroll(cast.section, aide, "aide")
    put(cast.section, "https://mine.example/")
    outsiders = (
        cast.student, cast.guardian, cast.other_guardian, cast.other_student, cast.other_teacher,
        cast.other_principal, aide,
    )  # fmt: skip
    for person in outsiders:
        answer = as_person(person).get(address(cast.section))
        assert answer.status_code == 404
        assert b"mine.example" not in answer.content
        for do in ("add", "remove", "undo", "copy"):
            body = {"do": do, "place": "0", "kind": "link", "url": "https://x.example/"}
            assert as_person(person).post(address(cast.section), body).status_code == 404
    assert client.post(address(cast.section), {"do": "undo"}).status_code == 302
    assert kept(cast.section) == [("link", "https://mine.example/", "")]


def test_a_wrong_link_is_told_in_words_and_nothing_is_written(cast: Cast) -> None:
    client = as_person(cast.teacher)
    answer = act(client, cast.section, "add", kind="zoom", url="https://evil.example/zoom.us", label="hello")
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "This link does not lead to the service you chose." in text
    assert "https://evil.example/zoom.us" in text, "what was typed is still there"
    assert kept(cast.section) == []
    answer = act(as_person(cast.teacher, "ht"), cast.section, "add", kind="zoom", url="https://zoom.us/j/1?uname=Leo")
    assert "Lyen sa a gen non yon moun" in answer.content.decode()


@pytest.mark.parametrize("values", [{"do": "fly"}, {"do": ""}, {}])
def test_what_is_no_act_is_nothing_here(cast: Cast, values: dict[str, str]) -> None:
    assert as_person(cast.teacher).post(address(cast.section), values).status_code == 404


@pytest.mark.parametrize("place", ["", "x", "-1", "1000", "²"])
def test_a_line_that_is_none(cast: Cast, place: str) -> None:
    put(cast.section, "https://a.example/")
    assert act(as_person(cast.teacher), cast.section, "remove", place=place).status_code == 409
    assert len(kept(cast.section)) == 1


def test_a_line_past_the_end_changes_nothing(cast: Cast) -> None:
    put(cast.section, "https://a.example/")
    for do in ("remove", "earlier", "later"):
        assert act(as_person(cast.teacher), cast.section, do, place=7).status_code == 302
    assert len(kept(cast.section)) == 1


def test_two_at_once_the_second_is_told(cast: Cast) -> None:
    put(cast.section, "https://a.example/", "https://b.example/")
    client = as_person(cast.teacher)
    page = client.get(address(cast.section)).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert seen is not None
    assert act(as_person(cast.principal), cast.section, "remove", place=0).status_code == 302
    answer = client.post(address(cast.section), {"do": "remove", "place": 0, "seen": seen[1]})
    assert answer.status_code == 409
    assert "Somebody has changed this list" in answer.content.decode()
    assert kept(cast.section) == [("link", "https://b.example/", "")]


def test_a_list_has_an_end_and_nothing_twice(cast: Cast) -> None:
    put(cast.section, *(f"https://a{n}.example/" for n in range(AT_MOST - 1)))
    client = as_person(cast.teacher)
    assert act(client, cast.section, "add", kind="link", url="https://a0.example/").status_code == 409
    assert act(client, cast.section, "add", kind="link", url="https://b.example/").status_code == 302
    assert b"The list is full" in client.get(address(cast.section)).content
    assert act(client, cast.section, "add", kind="link", url="https://c.example/").status_code == 409
    assert len(kept(cast.section)) == AT_MOST


def test_copied_to_her_other_classes_and_to_no_others(cast: Cast) -> None:
    second, third = (make_section(cast.school, title, periods="2") for title in ("Math 8", "Algebra"))
    for section in (second, third):
        enroll(section, cast.teacher, "teacher")
    helped = make_section(cast.school, "Ceramics", periods="3")
    enroll(helped, cast.teacher, "aide")
    put(cast.section, "https://a.example/")
    put(second, "https://old.example/")
    client = as_person(cast.teacher)
    page = client.get(address(cast.section)).content.decode()
    assert "Math 8" in page
    assert "Algebra" in page
    assert "Ceramics" not in page, "she only helps there"
    assert act(client, cast.section, "copy", to=[second.id, third.id]).status_code == 302
    assert kept(second) == kept(third) == kept(cast.section)
    assert act(client, second, "undo").status_code == 302
    assert kept(second) == [("link", "https://old.example/", "")], "each can be undone by itself"
    for other in (cast.other_section, helped):
        assert act(client, cast.section, "copy", to=[third.id, other.id]).status_code == 404
        assert kept(other) == []
    assert act(client, cast.section, "copy").status_code == 409


def test_a_copy_keeps_to_what_the_other_school_allows(cast: Cast) -> None:
    enroll(cast.other_section, cast.teacher, "teacher")
    SchoolPathways.objects.create(school=cast.other_school, kinds=["phone"], hosts=[])
    put(cast.section, "https://a.example/")
    assert act(as_person(cast.teacher), cast.section, "copy", to=cast.other_section.id).status_code == 400
    assert kept(cast.other_section) == []


def test_only_what_the_school_allows(cast: Cast) -> None:
    put(cast.section, "https://before.example/")
    SchoolPathways.objects.create(school=cast.school, kinds=["zoom", "phone"], hosts=["district.zoom.us"])
    client = as_person(cast.teacher)
    text = client.get(address(cast.section)).content.decode()
    assert '<option value="meet"' not in text
    assert "Your school does not use this." in text, "what was there before stays, and is marked"
    answer = act(client, cast.section, "add", kind="meet", url="https://meet.google.com/abc-defg-hij")
    assert answer.status_code == 400
    answer = act(client, cast.section, "add", kind="zoom", url="https://zoom.us/j/1")
    assert "links lead to other addresses" in answer.content.decode()
    assert act(client, cast.section, "add", kind="zoom", url=ZOOM).status_code == 302
    assert act(client, cast.section, "add", kind="phone", url=PHONE).status_code == 302


def test_beside_each_line_stands_what_was_found(cast: Cast) -> None:
    good, gone, teams = "https://class.example/a", "https://class.example/b", "https://teams.microsoft.com/meet/123"
    set_alternates(
        cast.section,
        [
            plan.Alternate(kind="link", url=good),
            plan.Alternate(kind="link", url=gone),
            plan.Alternate(kind="teams", url=teams),
            plan.Alternate(kind="phone", url="tel:+13055550100"),
        ],
        actor=None,
    )
    for url, state in ((good, "answered"), (gone, "gone")):
        LinkCheck.objects.create(url=url, state=state, checked_at=clock.now() - timedelta(minutes=5))
    with with_settings(MAIN_PATH_SHARES={"sign_on": "microsoft"}):
        text = as_person(cast.teacher).get(address(cast.section)).content.decode()
    lines = text.split('<li class="way ')[1:]
    assert [line.split('"')[0] for line in lines] == ["way-good", "way-bad", "way-warning", "way-good"]
    assert "The link answers." in lines[0]
    assert "shares nothing" in lines[0]
    assert "a page that is not there" in lines[1]
    assert "Microsoft Teams needs the Microsoft sign-on. When that is down, so is this." in lines[2]
    assert "We will look at this link within minutes." in lines[2]
    assert "no sign-on and no internet" in lines[3]


def test_our_own_bigbluebutton_is_offered_where_there_is_one(cast: Cast) -> None:
    client = as_person(cast.teacher)
    assert "own_bbb" not in client.get(address(cast.section)).content.decode()
    with with_settings(BBB_URL="https://bbb.bay.example/bigbluebutton", BBB_SECRET="s"):
        assert "own_bbb" in client.get(address(cast.section)).content.decode()
        assert act(client, cast.section, "add", kind="own_bbb").status_code == 302
    assert kept(cast.section) == [("bbb", "bbb:", "")]
    assert "no BigBlueButton of its own" in client.get(address(cast.section)).content.decode()


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_in_three_languages(cast: Cast, language: str) -> None:
    put(cast.section, "https://a.example/")
    text = as_person(cast.teacher, language).get(address(cast.section)).content.decode()
    words = {"en": "Add another way", "es": "Agregar otra manera", "ht": "Ajoute yon lòt fason"}
    assert words[language] in text
    assert translation.get_language() is not None


def test_the_same_number_of_queries_for_one_and_three(cast: Cast) -> None:
    client = as_person(cast.teacher)

    def queries(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert call().status_code == 200
        return len(captured)

    put(cast.section, "https://a.example/")
    one = queries(lambda: client.get(address(cast.section)))
    put(cast.section, *(f"https://{name}.example/" for name in "abc"))
    for title in ("Math 8", "Algebra", "Geometry"):
        enroll(make_section(cast.school, title, periods="2"), cast.teacher, "teacher")
    assert queries(lambda: client.get(address(cast.section))) == one
