"""Incidents: declared, written into, told of, closed with a review; seen by those they touch."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.attendance.amnesty_actions import declare_amnesty
from schoolday.office.attendance.scope import BadScope, Scope
from schoolday.office.incidents import actions, changing, queries
from schoolday.office.incidents.models import Incident, TimelineEntry
from schoolday.office.incidents.timeline import timeline_of
from schoolday.office.notices.models import Notice
from schoolday.office.people import audit
from schoolday.office.people.models import AuditEntry, Org, Person
from tests.cast import Cast
from tests.office.attendance.day import BELL, queries_of

OUTSIDERS = ["student", "guardian", "teacher", "other_guardian", "other_teacher"]
TEXTS = {"en": "Signing on is slow.", "es": "El acceso está lento.", "ht": "Koneksyon an dousman."}
REVIEW = {"happened": "A switch failed.", "change": "A second switch.", "who": "Network, by May."}
MINUTE = timedelta(minutes=1)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, name: str, *args: str, **asked: str) -> Any:
    return client_of(person).get(reverse(f"incidents:{name}", args=args), asked)


def post(person: Person, name: str, *args: str, **typed: Any) -> Any:
    return client_of(person).post(reverse(f"incidents:{name}", args=args), typed)


def declare(cast: Cast, **more: Any) -> Incident:
    values: dict[str, Any] = {"layer": "sign_on", "title": "Sign-on is slow", "scope": Scope()} | more
    return actions.declare(cast.operator, **values)


def here(cast: Cast) -> Scope:
    return Scope(schools=(cast.school.id,))


def test_one_tap_declares_and_the_clock_for_the_next_word_runs(cast: Cast) -> None:
    with clock.at(BELL):
        answer = post(cast.operator, "new", layer="live", severity="critical", next="15")
        incident = Incident.objects.get()
        assert answer.headers["Location"] == reverse("incidents:incident", args=[incident.id])
        assert (incident.title, incident.severity, incident.scope) == (
            "Live classes: trouble",
            "critical",
            Scope().as_dict(),
        )
        assert set(incident.schools.all()) == {cast.school, cast.other_school}
        assert "Next word at 08:15" in get(cast.operator, "incident", incident.id).content.decode()
    with clock.at(BELL + 18.5 * MINUTE):
        assert "The next word is 3 minutes late." in get(cast.operator, "list").content.decode()
        assert queries.due_of(incident).is_late
        page = post(cast.operator, "write", incident.id, kind="told", text="Back at nine.", next="30")
        assert page.status_code == 302
        page = get(cast.operator, "incident", incident.id).content.decode()
        assert "Back at nine." in page
        assert "Omar Reyes" in page
        assert "minutes late" not in page


def test_scope_and_time_are_as_typed_on_the_districts_wall(cast: Cast) -> None:
    with clock.at(BELL):
        post(
            cast.operator, "new", layer="line", severity="minor", title=" The  line ", since="2026-09-01T07:45",
            band="6-8", school=cast.school.id, section=cast.section.id,
        )  # fmt: skip
        incident = Incident.objects.get()
    assert incident.title == "The line"
    assert incident.started_at == BELL - 15 * MINUTE
    assert Scope.from_dict(incident.scope) == Scope(
        schools=(cast.school.id,), bands=("6-8",), sections=(cast.section.id,)
    )
    assert list(incident.schools.all()) == [cast.school]


@pytest.mark.parametrize(
    "typed",
    [
        {"layer": "moon"},
        {"severity": "huge"},
        {"since": "yesterday"},
        {"since": "2026-08-01T08:00"},
        {"since": "2026-09-02T08:00"},
        {"school": "nowhere"},
        {"band": "6-8", "school": "{other}"},
        {"title": "x" * 121},
    ],
)
def test_what_is_not_whole_is_refused_and_kept_in_the_form(cast: Cast, typed: dict[str, str]) -> None:
    cast.other_section.grades = "10"
    cast.other_section.save()
    typed = {name: value.replace("{other}", cast.other_school.id) for name, value in typed.items()}
    with clock.at(BELL):
        answer = post(cast.operator, "new", **({"layer": "live", "severity": "major"} | typed))
    assert answer.status_code in (400, 404)
    assert not Incident.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_incidents_are_nothing_for_outsiders(cast: Cast, who: str) -> None:
    person, incident = getattr(cast, who), declare(cast)
    for name, args in (
        ("list", ()), ("new", ()), ("incident", (incident.id,)), ("close", (incident.id,)), ("board", (incident.id,)),
        ("export", (incident.id, "csv")), ("amnesties", ()), ("new-amnesty", ()),
    ):  # fmt: skip
        assert get(person, name, *args).status_code == 404, name
    for name in ("write", "public", "close", "reopen"):
        assert post(person, name, incident.id, kind="seen", text="x").status_code == 404, name
    assert not TimelineEntry.objects.exists()
    assert Client().get(reverse("incidents:incident", args=[incident.id])).status_code == 302


def test_a_principal_sees_and_writes_what_touches_her_school_and_steers_nothing(cast: Cast) -> None:
    ours, theirs = declare(cast, scope=here(cast)), declare(cast, scope=Scope(schools=(cast.other_school.id,)))
    page = get(cast.principal, "list").content.decode()
    assert ours.id in page
    assert theirs.id not in page
    assert "Declare an incident" not in page
    assert get(cast.principal, "incident", ours.id).status_code == 200
    assert get(cast.principal, "incident", theirs.id).status_code == 404
    assert get(cast.principal, "board", theirs.id).status_code == 404
    assert get(cast.principal, "export", theirs.id, "json").status_code == 404
    assert post(cast.principal, "write", theirs.id, kind="seen", text="x").status_code == 404
    assert post(cast.principal, "write", ours.id, kind="seen", text="The line is back.").status_code == 302
    assert get(cast.principal, "new").status_code == 404
    for name in ("close", "public", "reopen"):
        assert post(cast.principal, name, ours.id, **REVIEW).status_code == 404
    assert Incident.objects.get(id=ours.id).closed_at is None


def test_a_principal_is_not_told_what_others_do_meanwhile(cast: Cast) -> None:
    incident = declare(cast, scope=here(cast))
    audit.record(cast.operator, "detour.declare", "detour", "d1", incident="", pathway="zoom")
    audit.record(cast.operator, "notice.send", "notice", "n1", incident=incident.id)
    page = get(cast.principal, "incident", incident.id).content.decode()
    assert "A notice was sent." in page
    assert "A detour came into force." not in page
    assert "A detour came into force. (zoom)" in get(cast.operator, "incident", incident.id).content.decode()


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 1001])
def test_an_entry_needs_words_and_the_form_keeps_them(cast: Cast, text: str) -> None:
    incident = declare(cast)
    answer = post(cast.operator, "write", incident.id, kind="seen", text=text)
    assert answer.status_code == 400
    assert "Write what was seen" in answer.content.decode()
    assert post(cast.operator, "write", incident.id, kind="sung", text="x").status_code == 400
    assert not TimelineEntry.objects.exists()


def test_the_public_text_is_in_three_languages_or_in_none(cast: Cast) -> None:
    incident = declare(cast)
    typed = {f"public_{language}": text for language, text in TEXTS.items()}
    for missing in TEXTS:
        answer = post(cast.operator, "public", incident.id, **(typed | {f"public_{missing}": " "}))
        assert answer.status_code == 400
        assert queries.public_texts([Incident.objects.get()]) == {}
    assert post(cast.operator, "public", incident.id, **typed).status_code == 302
    assert queries.public_texts([Incident.objects.get()])[incident.id].ht == TEXTS["ht"]
    post(cast.operator, "public", incident.id)
    assert Incident.objects.get().public == {}


def test_it_closes_with_a_whole_review_ends_its_amnesties_and_opens_again(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast)
        reason = {"en": "a", "es": "b", "ht": "c"}
        amnesty = declare_amnesty(
            cast.operator, scope=Scope(), from_at=BELL, until_at=None, reason=reason, incident_id=incident.id
        )
    with clock.at(BELL + 20 * MINUTE):
        assert "1 amnesty without an end" in get(cast.operator, "close", incident.id).content.decode()
        for missing in REVIEW:
            assert post(cast.operator, "close", incident.id, **(REVIEW | {missing: " "})).status_code == 400
        assert Incident.objects.get().closed_at is None
        post(cast.operator, "close", incident.id, **REVIEW)
        closed = Incident.objects.get()
        assert (closed.closed_at is not None, closed.review) == (True, REVIEW)
        amnesty.refresh_from_db()
        assert amnesty.until_at is not None
        assert queries.open_incidents().count() == 0
        assert post(cast.operator, "write", incident.id, kind="seen", text="late").status_code == 409
        assert post(cast.operator, "close", incident.id, **REVIEW).status_code == 409
        post(cast.operator, "reopen", incident.id)
        post(cast.operator, "reopen", incident.id)
        assert list(queries.open_incidents()) == [incident]
        assert "A switch failed." in get(cast.operator, "close", incident.id).content.decode()
    verbs = AuditEntry.objects.filter(subject_kind="incident").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["incident.declare", "incident.close", "incident.reopen"]


def test_what_is_open_stands_worst_first_and_is_found_by_school(cast: Cast) -> None:
    minor = declare(cast, severity="minor", scope=here(cast))
    worst = declare(cast, severity="critical", scope=Scope(schools=(cast.other_school.id,)))
    major = declare(cast)
    assert list(queries.open_incidents()) == [worst, major, minor]
    assert list(queries.touching(cast.school)) == [major, minor]
    to = changing.Facts(
        layer="live", severity="minor", title="Live", scope=Scope(bands=("6-8",)), started_at=major.started_at
    )
    changing.change(cast.operator, major.id, to, reason="Only the middle grades.")
    actions.close(cast.operator, minor.id, REVIEW)
    assert list(queries.touching(cast.school)) == [major]
    with pytest.raises(actions.ClosedMeanwhile):
        changing.change(cast.operator, minor.id, to, reason="x")
    with pytest.raises(BadScope):
        changing.change(cast.operator, major.id, replace(to, scope=Scope(regions=("moon",))), reason="x")


def test_the_timeline_holds_what_was_done_in_its_time_in_one_order(cast: Cast) -> None:
    with clock.at(BELL - 5 * MINUTE):
        audit.record(None, "detour.declare", "detour", "early")
    with clock.at(BELL):
        incident = declare(cast)
        other = declare(cast, title="Another")
    with clock.at(BELL + 3 * MINUTE):
        audit.record(cast.operator, "detour.declare", "detour", "d", pathway="zoom", incident=incident.id)
        audit.record(cast.operator, "detour.declare", "detour", "e", pathway="teams", incident=other.id)
        audit.record(cast.student, "register.mark", "meeting", "m")
        for version in ("4", "5", "6"):
            audit.record(None, "plan.publish", "plan", version)
    with clock.at(BELL + 4 * MINUTE):
        actions.write(cast.principal, incident.id, kind="seen", text="It works\nagain.")
        actions.close(cast.operator, incident.id, REVIEW)
    with clock.at(BELL + 200 * MINUTE):
        audit.record(None, "detour.undo", "detour", "late")
        lines = timeline_of(incident := Incident.objects.get(id=incident.id))
    assert [(line.text, line.more, line.author, line.is_automatic) for line in lines] == [
        ("The incident was declared.", "", "Omar Reyes", True),
        ("A detour came into force.", "zoom", "Omar Reyes", True),
        ("The day plan was published.", "6", "", True),
        ("It works\nagain.", "", "Pat Stone", False),
        ("The incident was closed with its review.", "", "Omar Reyes", True),
    ]
    assert [line.text for line in timeline_of(incident, whole=False)] == [
        "The incident was declared.",
        "A detour came into force.",
        "It works\nagain.",
        "The incident was closed with its review.",
    ]


def test_what_happened_in_one_millisecond_is_told_from_declaration_to_close(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = int(BELL.timestamp() * 1000)
    monkeypatch.setattr(clock, "now_ms", lambda: moment)
    incident = declare(cast)
    actions.write(cast.operator, incident.id, kind="decided", text="Doors are added.")
    actions.close(cast.operator, incident.id, REVIEW)
    incident.refresh_from_db()
    assert [line.text for line in timeline_of(incident)] == [
        "The incident was declared.",
        "Doors are added.",
        "The incident was closed with its review.",
    ]


def test_the_board_gets_a_page_and_files_in_the_districts_time_and_no_formula(cast: Cast) -> None:
    Org.objects.filter(id=cast.district.id).update(time_zone="America/Chicago")
    with clock.at(BELL):
        incident = declare(cast)
        actions.write(cast.operator, incident.id, kind="decided", text='=HYPERLINK("evil")')
        actions.close(cast.operator, incident.id, REVIEW)
        page = get(cast.operator, "board", incident.id).content.decode()
        file = get(cast.operator, "export", incident.id, "csv")
        told = json.loads(get(cast.operator, "export", incident.id, "json").content)
    assert "2026-09-01 07:00" in page
    assert "America/Chicago" in page
    assert "counter(page)" in page
    assert "A second switch." in page
    rows = list(csv.DictReader(io.StringIO(file.content.decode().removeprefix("\ufeff"))))
    assert [row["text"] for row in rows] == [
        "The incident was declared.", "'=HYPERLINK(\"evil\")", "The incident was closed with its review.",
    ]  # fmt: skip
    assert datetime.fromisoformat(told["timeline"][0]["at"]) == datetime(
        2026, 9, 1, 7, tzinfo=ZoneInfo("America/Chicago")
    )
    assert rows[0]["at"] == "2026-09-01T07:00:00-05:00"
    assert (told["review"], told["layer"], told["public"]) == (REVIEW, "sign_on", None)
    assert get(cast.operator, "export", incident.id, "exe").status_code == 404
    verbs = AuditEntry.objects.filter(verb__startswith="look.").values_list("verb", flat=True)
    assert sorted(verbs) == ["look.incident_board", "look.incident_file", "look.incident_file"]


def test_no_childs_name_is_on_any_page_of_it(cast: Cast) -> None:
    incident = declare(cast)
    audit.record(cast.student, "register.mark", "meeting", "m", student=cast.student.id)
    for name in ("incident", "board"):
        page = get(cast.operator, name, incident.id).content.decode()
        assert "Naïka" not in page
        assert cast.student.id not in page


@pytest.mark.parametrize("name", ["list", "incident", "board"])
def test_one_and_three_rows_take_the_same_number_of_queries(cast: Cast, name: str) -> None:
    incident = declare(cast, scope=here(cast))
    actions.write(cast.operator, incident.id, kind="seen", text="x")
    closed = declare(cast)
    actions.close(cast.operator, closed.id, REVIEW)
    client = client_of(cast.operator)
    args = [] if name == "list" else [incident.id]
    one = queries_of(lambda: client.get(reverse(f"incidents:{name}", args=args)))
    for n in range(2):
        actions.write(cast.principal, incident.id, kind="seen", text=str(n))
        declare(cast, scope=here(cast))
        actions.close(cast.operator, declare(cast).id, REVIEW)
    assert queries_of(lambda: client.get(reverse(f"incidents:{name}", args=args))) == one


@pytest.mark.parametrize(("language", "word"), [("es", "Incidentes"), ("ht", "Ensidan")])
def test_the_pages_speak_the_readers_language(cast: Cast, language: str, word: str) -> None:
    client = client_of(cast.operator)
    client.cookies["language"] = language
    declare(cast)
    page = client.get(reverse("incidents:list")).content.decode()
    assert word in page
    assert f'lang="{language}"' in page


def test_a_notice_from_an_incident_knows_whom_and_since_when(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast, scope=here(cast))
        other = declare(cast, scope=Scope(schools=(cast.other_school.id,)))
        link = f"{reverse('notices:new')}?incident={incident.id}"
        assert link in get(cast.principal, "incident", incident.id).content.decode()
        client = client_of(cast.operator)
        assert f'value="{cast.school.id}" selected' in client.get(link).content.decode()
        client.post(reverse("notices:new"), {"incident": incident.id, "school": cast.school.id, "who": "guardians"})
        draft = Notice.objects.get()
        assert (draft.incident_id, draft.clock_from) == (incident.id, incident.started_at)
        assert client_of(cast.principal).get(reverse("notices:new"), {"incident": other.id}).status_code == 404
