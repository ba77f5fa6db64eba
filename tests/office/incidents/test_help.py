"""Who asks for help: from evidence to a list, by cause and school, seen by those whose it is."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.attendance.models import EvidenceEvent
from schoolday.office.incidents.help.causes import ADVICE, CAUSE_WORDS, cause_of
from schoolday.office.incidents.help.collecting import collect
from schoolday.office.incidents.models import HelpRequest
from schoolday.office.people.models import AuditEntry, Org, Person
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.attendance.day import BELL, event, meet, queries_of, took
from tests.office.incidents.test_incidents import client_of, declare, get, post

SOON = BELL + timedelta(minutes=6)


def ask(person: Person, meeting: Meeting | None = None, after: float = 5, /, **detail: str) -> HelpRequest:
    cry = event("help_asked", person, meeting, after, **detail)
    took(cry)
    with clock.at(SOON):
        collect()
    return HelpRequest.objects.get(event_id=cry.id)


def page(person: Person) -> str:
    with clock.at(SOON):
        answer = get(person, "help")
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_a_cry_becomes_a_request_once(cast: Cast) -> None:
    meeting = meet(cast.section)
    one = ask(cast.student, meeting, layer="live", screen="class")
    assert (one.cause, one.school, one.section, one.state) == ("live", cast.school, cast.section, "open")
    with clock.at(SOON):
        assert collect() == 0
    assert HelpRequest.objects.count() == 1


def test_who_is_in_no_class_is_at_her_own_school_and_unknown_people_stay_evidence(cast: Cast) -> None:
    assert ask(cast.guardian).school == cast.school
    ghost = make_person("ghost", "G", "Host", "student", cast.school)
    took(event("help_asked", ghost, None, 5))
    Person.objects.filter(id=ghost.id).delete()
    with clock.at(SOON):
        assert collect() == 0
    assert EvidenceEvent.objects.filter(kind="help_asked").count() == 2


def test_what_failed_lately_tells_the_cause_when_the_device_does_not(cast: Cast) -> None:
    meeting = meet(cast.section)
    took(
        event("tried", cast.student, meeting, -40, layer="live", step="live:n1"),
        event("tried", cast.student, meeting, 1, layer="line", step="d1"),
        event("tried", cast.student, meeting, 3, layer="server", step="d2", code="busy"),
        event("tried", cast.twin, meeting, 4, layer="line", step="d2"),
    )
    assert ask(cast.student, meeting, camera="bad").cause == "door"
    assert ask(cast.twin, meeting, camera="bad").cause == "line"


@pytest.mark.parametrize(
    ("detail", "tried", "cause"),
    [
        ({}, [], "other"),
        ({"line": "bad", "layer": "live"}, [], "line"),
        ({"line": "good", "layer": "stranger"}, [], "line"),
        ({"layer": "slow"}, [], "door"),
        ({"layer": "sign_on"}, [], "sign_on"),
        ({"layer": "refused"}, [{"layer": "refused", "code": "not_your_class"}], "section"),
        ({}, [{"layer": "refused", "code": "pass_over"}], "sign_on"),
        ({"camera": "bad", "microphone": "bad"}, [], "camera"),
        ({"camera": "good", "microphone": "bad"}, [], "microphone"),
        ({"camera": "bad", "screen": "badge"}, [], "sign_on"),
        ({"layer": "of another kind"}, [], "other"),
    ],
)
def test_causes(detail: dict[str, str], tried: list[dict[str, str]], cause: str) -> None:
    assert cause_of(detail, tried) == cause


def test_every_cause_has_words_and_advice() -> None:
    assert set(CAUSE_WORDS) == set(ADVICE) == set(HelpRequest.Cause.values)


def test_the_list_says_whom_to_call_and_what_to_say_in_the_familys_language(cast: Cast) -> None:
    Person.objects.filter(id=cast.guardian.id).update(phone="+1 305 555 0101")
    meeting = meet(cast.section)
    ask(cast.student, meeting, layer="line")
    text = page(cast.principal)
    assert "No line at home · Olinda Middle" in text
    assert 'href="tel:+1 305 555 0101"' in text
    assert "Marie Pierre" in text
    assert '<p lang="ht">Kreyòl ayisyen: Entènèt ou koupe' in text
    ask(cast.other_student, meet(cast.other_section), layer="sign_on")
    assert '<p lang="es">Español: Escanee otra vez' in page(cast.operator)


def test_each_sees_her_own(cast: Cast) -> None:
    one = ask(cast.student, meet(cast.section), layer="live")
    other = ask(cast.other_student, meet(cast.other_section), layer="live")
    loose = ask(cast.twin, None)
    seen = {
        "operator": {one, other, loose},
        "principal": {one, loose},
        "other_principal": {other},
        "teacher": {one, loose},
        "other_teacher": {other},
    }
    for who, theirs in seen.items():
        text = page(getattr(cast, who))
        assert {request for request in (one, other, loose) if request.id in text} == theirs, who


@pytest.mark.parametrize("who", ["student", "guardian", "other_guardian", "other_student"])
def test_the_list_is_nothing_for_outsiders(cast: Cast, who: str) -> None:
    person, one = getattr(cast, who), ask(cast.student, meet(cast.section))
    for name in ("help", "help-panel", "help-export"):
        assert get(person, name).status_code == 404
    for verb in ("take", "done", "undo"):
        assert post(person, "help-do", one.id, verb).status_code == 404
    for stranger in (cast.other_teacher, cast.other_principal):
        assert post(stranger, "help-do", one.id, "take").status_code == 404
    assert Client().get(reverse("incidents:help")).status_code == 302
    one.refresh_from_db()
    assert one.state == "open"


def test_taken_done_and_given_back_with_all_her_presses(cast: Cast) -> None:
    meeting = meet(cast.section)
    first, last = ask(cast.student, meeting, 3), ask(cast.student, meeting, 5)
    text = page(cast.principal)
    assert "asked 2 times" in text
    assert (first.id in text, last.id in text) == (False, True)
    with clock.at(SOON):
        for verb, state in (("take", "taken"), ("done", "done"), ("undo", "open")):
            assert post(cast.teacher, "help-do", last.id, verb).status_code == 302
            states = set(HelpRequest.objects.values_list("state", flat=True))
            assert state in states, verb
        assert post(cast.teacher, "help-do", last.id, "burn").status_code == 404
        post(cast.teacher, "help-do", last.id, "take")
        assert "Elena Ruiz sees to it since 08:06" in page(cast.principal)
        post(cast.principal, "help-do", last.id, "take")
        assert "Pat Stone sees to it" in page(cast.principal)
        post(cast.principal, "help-do", last.id, "done")
    assert set(HelpRequest.objects.values_list("state", flat=True)) == {"done"}
    with clock.at(SOON + timedelta(minutes=11)):
        assert "Nobody is waiting for help." in get(cast.principal, "help").content.decode()
    verbs = AuditEntry.objects.filter(subject_kind="help").values_list("verb", flat=True)
    assert set(verbs) == {"help.take", "help.done", "help.undo"}


def test_the_panel_renews_itself_by_a_file_and_says_when_nothing_changed(cast: Cast) -> None:
    one = ask(cast.student, meet(cast.section))
    client = client_of(cast.principal)
    with clock.at(SOON):
        first = client.get(reverse("incidents:help-panel"))
        assert f'data-print="{first["X-Print"]}"' in page(cast.principal)
        assert client.get(reverse("incidents:help-panel"))["X-Print"] == first["X-Print"]
        post(cast.principal, "help-do", one.id, "take")
        assert client.get(reverse("incidents:help-panel"))["X-Print"] != first["X-Print"]
    script = Client().get(reverse("incidents:help-script"))
    assert (script.status_code, "15000" in script.content.decode()) == (200, True)
    text = page(cast.principal)
    assert "onclick" not in text
    assert text.count("<script") == text.count("<script src=") == 1


def test_many_at_once_in_several_schools_suggest_an_incident(cast: Cast) -> None:
    schools = [cast.school, cast.other_school, Org.objects.create(sourced_id="s3", kind="school", name="Third")]
    for n, school in enumerate(schools):
        meeting = meet(make_section(school, f"Art {n}", periods="1"))
        for seat in range(4):
            student = make_person(f"b{n}{seat}", "B", f"{n}{seat}", "student", school)
            enroll(meeting.section, student, "student")
            took(event("help_asked", student, meeting, 5, layer="live"))
    with clock.at(SOON):
        collect()
        text = page(cast.operator)
        assert "12 requests in 3 schools name this: Live server. Is it an incident?" in text
        assert reverse("incidents:new") + "?layer=live" in text
        assert 'value="live" required checked' in get(cast.operator, "new", layer="live").content.decode()
        assert "Is it an incident?" not in page(cast.principal)
        declare(cast, layer="live")
        assert "Is it an incident?" not in page(cast.operator)


def test_one_and_three_callers_take_the_same_number_of_queries(cast: Cast) -> None:
    meeting = meet(cast.section)
    ask(cast.student, meeting)
    client = client_of(cast.principal)
    with clock.at(SOON):
        one = queries_of(lambda: client.get(reverse("incidents:help")))
        took(event("help_asked", cast.twin, meeting, 4, layer="live"), event("help_asked", cast.guardian, None, 4))
        new = queries_of(collect)
        assert queries_of(lambda: client.get(reverse("incidents:help"))) == one
        took(event("help_asked", cast.teacher, meeting, 4), event("help_asked", cast.principal, meeting, 4))
        took(event("help_asked", cast.other_student, None, 4), event("help_asked", cast.operator, None, 4))
        assert queries_of(collect) == new
        assert queries_of(collect) == 1


def test_the_file_holds_the_list_and_that_it_was_given_out(cast: Cast) -> None:
    cast.student.given_name = "=cmd()"
    cast.student.save()
    ask(cast.student, meet(cast.section), layer="line")
    with clock.at(SOON):
        answer: Any = get(cast.principal, "help-export")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff")))
    assert (row["cause"], row["school"], row["section"], row["name"][:2]) == ("line", "Olinda Middle", "Math 7", "'=")
    assert answer["Cache-Control"] == "no-store"
    assert AuditEntry.objects.get(verb="look.help_file").detail == {"people": 1}
