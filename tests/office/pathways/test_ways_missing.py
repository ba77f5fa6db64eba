"""Whose Plan B is missing: the page, the file, the command; and what a school allows."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.contracts import plan
from schoolday.lib import clock
from schoolday.live.alternates import KINDS
from schoolday.office.pathways.models import LinkCheck, SchoolPathways
from schoolday.office.pathways.ways.allowed import Allowed, allowed_at
from schoolday.office.pathways.ways.commands import alternates
from schoolday.office.pathways.ways.lists import set_alternates
from schoolday.office.people.models import AuditEntry
from schoolday.office.rosters.models import Section
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.pathways.settings_for import with_settings
from tests.office.pathways.test_alternates import as_person

pytestmark = pytest.mark.django_db
TEAMS = plan.Alternate(kind="teams", url="https://teams.microsoft.com/meet/1")
PHONE = plan.Alternate(kind="phone", url="tel:+13055550100")
DEAD = plan.Alternate(kind="link", url="https://dead.example/")
MISSING = "/office/alternates/missing/"


def put(section: Section, *ways: plan.Alternate) -> None:
    set_alternates(section, ways, actor=None)


@pytest.fixture
def troubled(cast: Cast) -> dict[str, Section]:
    """One school with each trouble, and a class without any."""
    sections = {name: make_section(cast.school, name, periods="2") for name in ("teams", "dead", "both", "good")}
    put(sections["teams"], TEAMS)
    put(sections["dead"], DEAD, PHONE)
    put(sections["both"], plan.Alternate(kind="teams", url="https://teams.microsoft.com/meet/2"))
    put(sections["good"], TEAMS, PHONE)
    for url in (DEAD.url, "https://teams.microsoft.com/meet/2"):
        LinkCheck.objects.create(url=url, state="gone", checked_at=clock.now())
    return sections


def microsoft() -> Any:
    return with_settings(MAIN_PATH_SHARES={"sign_on": "microsoft"})


def test_the_operator_sees_all_schools_with_their_counts(cast: Cast, troubled: dict[str, Section]) -> None:
    with microsoft():
        text = as_person(cast.operator).get(MISSING).content.decode()
    assert text.index("Olinda Middle") < text.index("Mangrove Middle"), "the one with most missing first"
    row = text.split("Olinda Middle")[1].split("</tr>")[0]
    numbers = [part.split("<")[0] for part in row.replace("<strong>", "").split('">')[1:]]
    assert numbers == ["5", "4", "1", "2", "2"]


def test_a_principal_sees_her_school_and_whom_to_ask(cast: Cast, troubled: dict[str, Section]) -> None:
    client = as_person(cast.principal)
    assert client.get(MISSING).headers["Location"] == f"{MISSING}{cast.school.id}/"
    with microsoft():
        text = client.get(f"{MISSING}{cast.school.id}/").content.decode()
    assert "Olinda Middle: 4 of 5 classes." in text
    rows = {row.split("</a>")[0].split(">")[-1]: row for row in text.split("<tr>")[2:]}
    assert set(rows) == {"Math 7", "teams", "dead", "both"}
    assert "Elena Ruiz" in rows["Math 7"]
    assert "No Plan B at all." in rows["Math 7"]
    assert "same sign-on" in rows["teams"]
    assert "A link does not work." in rows["dead"]
    assert "same sign-on" in rows["both"]
    assert "A link does not work." in rows["both"]
    assert f"/office/sections/{troubled['teams'].id}/alternates/" in rows["teams"]


def test_every_class_with_somewhere_to_go(cast: Cast) -> None:
    put(cast.section, PHONE)
    assert "Every class has somewhere to go." in (
        as_person(cast.principal).get(f"{MISSING}{cast.school.id}/").content.decode()
    )


def test_outsiders_see_nothing(cast: Cast, client: Client) -> None:
    pages = (MISSING, f"{MISSING}{cast.school.id}/", "/office/alternates/missing.csv", allowed(cast))
    for page in pages:
        assert client.get(page).status_code == 302, "a stranger is sent to the sign-on"
        for person in (cast.student, cast.guardian, cast.other_guardian, cast.teacher, cast.other_teacher):
            assert as_person(person).get(page).status_code == 404
    other = as_person(cast.other_principal)
    assert other.get(f"{MISSING}{cast.school.id}/").status_code == 404
    assert other.get(allowed(cast)).status_code == 404
    assert other.post(allowed(cast), {"kind": ["zoom"]}).status_code == 404
    assert not SchoolPathways.objects.exists()
    assert "Math 7" not in csv_of(other)


def test_the_file_is_for_spreadsheets_and_runs_nothing(cast: Cast) -> None:
    cast.section.title = '=HYPERLINK("https://evil.example")'
    cast.section.save()
    text = csv_of(as_person(cast.operator))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["school"] for row in rows] == ["Mangrove Middle", "Olinda Middle"]
    assert rows[1]["title"].startswith("'=HYPERLINK")
    assert (rows[1]["problems"], rows[1]["teachers"]) == ("none", "Elena Ruiz")


def csv_of(client: Client) -> str:
    answer = client.get("/office/alternates/missing.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer).decode()


def test_the_same_number_of_queries_for_one_and_three(cast: Cast) -> None:
    client = as_person(cast.operator)

    def queries(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = call()
            assert answer.status_code == 200
            b"".join(answer)
        return len(captured)

    pages = (MISSING, f"{MISSING}{cast.school.id}/", "/office/alternates/missing.csv", allowed(cast))
    before = [queries(lambda page=page: client.get(page)) for page in pages]  # type: ignore[misc]  # a lambda's default
    for number in range(3):
        section = make_section(cast.school, f"More {number}", periods="3")
        enroll(section, make_person(f"t{number}", "T", f"Eacher {number}", "teacher", cast.school), "teacher")
        put(section, plan.Alternate(kind="link", url=f"https://x{number}.example/"))
        LinkCheck.objects.create(url=f"https://x{number}.example/", state="gone", checked_at=clock.now())
    assert [queries(lambda page=page: client.get(page)) for page in pages] == before  # type: ignore[misc]  # as above


def test_the_command_says_the_same(cast: Cast, troubled: dict[str, Section], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schoolday.office.boot.boot_with_database", lambda: None)
    with microsoft():
        result = CliRunner().invoke(alternates, ["missing", "--json", "--list"])
        told = json.loads(result.stdout)
        words = CliRunner().invoke(alternates, ["missing", "--school", "s1", "--list"]).stdout
    assert (told["sections"], told["missing"]) == (6, 5)
    first = told["schools"][0]
    assert (first["school"], first["none"], first["same_sign_on"], first["link_failed"]) == ("s1", 1, 2, 2)
    assert {one["title"] for one in told["list"]} == {"Math 7", "Science 7", "teams", "dead", "both"}
    assert words.startswith("Olinda Middle: 4 of 5 sections; 1 without any, 2 on one sign-on, 2 with a link")
    assert "  Math 7 (Elena Ruiz): none" in words
    unknown = CliRunner().invoke(alternates, ["missing", "--school", "nobody"])
    assert unknown.exit_code == 1
    assert "No school has the sourcedId 'nobody'" in unknown.output
    assert "--list" in CliRunner().invoke(alternates, ["missing", "--help"]).stdout


def allowed(cast: Cast) -> str:
    return f"/office/schools/{cast.school.id}/pathways/"


def test_a_school_keeps_what_its_teachers_may_choose(cast: Cast) -> None:
    client = as_person(cast.principal)
    assert client.get(allowed(cast)).content.decode().count(" checked") == len(KINDS), "at first everything"
    body = {"kind": ["phone", "zoom", "carrier pigeon"], "hosts": "zoom.us\n Bay.Example, zoom.us"}
    assert client.post(allowed(cast), body).status_code == 302
    assert allowed_at([cast.school.id, cast.other_school.id]) == {
        cast.school.id: Allowed(("zoom", "phone"), ("zoom.us", "bay.example")),
        cast.other_school.id: Allowed(),
    }
    text = client.get(allowed(cast)).content.decode()
    assert text.count(" checked") == 2
    assert "zoom.us\nbay.example" in text
    entry = AuditEntry.objects.get(verb="pathways.allow")
    assert (entry.actor_id, entry.subject_id) == (cast.principal.id, cast.school.id)
    assert client.post(allowed(cast), body).status_code == 302
    assert AuditEntry.objects.filter(verb="pathways.allow").count() == 1, "nothing changed, nothing written"
    assert as_person(cast.operator).post(allowed(cast), {"kind": list(KINDS), "hosts": ""}).status_code == 302
    assert allowed_at([cast.school.id])[cast.school.id] == Allowed()


@pytest.mark.parametrize("hosts", ["https://zoom.us", "zoom", "*.zoom.us", "1.2.3.4", "a b@c.example", "ä.example"])
def test_what_is_no_address_is_told(cast: Cast, hosts: str) -> None:
    answer = as_person(cast.principal).post(allowed(cast), {"kind": ["zoom"], "hosts": hosts})
    assert answer.status_code == 400
    assert "is no address" in answer.content.decode()
    assert not SchoolPathways.objects.exists()


def test_too_many_addresses(cast: Cast) -> None:
    hosts = " ".join(f"h{number}.example" for number in range(51))
    assert as_person(cast.principal).post(allowed(cast), {"hosts": hosts}).status_code == 400
