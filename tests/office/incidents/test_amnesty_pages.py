"""Amnesty's pages: looked at before it is written, ended, undone and opened again by operators."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.attendance.closing import close_ended
from schoolday.office.attendance.models import Amnesty
from schoolday.office.incidents import actions
from tests.cast import Cast
from tests.office.attendance.day import AFTER, BELL, entry_of, event, meet, queries_of, took
from tests.office.attendance.test_closing import publish
from tests.office.incidents.test_incidents import TEXTS, client_of, declare, get, here, post

WINDOW: dict[str, Any] = {"from": "2026-09-01T08:00", "until": "2026-09-01T09:00"} | {
    f"reason_{language}": text for language, text in TEXTS.items()
}


def test_it_is_looked_at_then_put_in_force(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    meet(cast.other_section)
    with clock.at(AFTER):
        took(event("arrived", cast.twin, meeting, 9))
        close_ended()
        page = post(cast.operator, "new-amnesty", do="look", school=cast.school.id, **WINDOW).content.decode()
        assert "1 class touches this window." in page
        assert "1 absence, 1 tardy" in page
        assert not Amnesty.objects.exists()
        post(cast.operator, "new-amnesty", do="declare", school=cast.school.id, **WINDOW)
        assert not entry_of(meeting, cast.student).is_charged
        amnesty = Amnesty.objects.get()
        assert (amnesty.from_at, amnesty.until_at) == (BELL, BELL + timedelta(hours=1))
        page = get(cast.operator, "amnesties").content.decode()
        assert "2 entries not charged" in page
        assert "Olinda Middle" in page
        post(cast.operator, "amnesty", amnesty.id, "undo")
        assert entry_of(meeting, cast.student).is_charged
        post(cast.operator, "amnesty", amnesty.id, "reopen")
        assert not entry_of(meeting, cast.student).is_charged
        assert post(cast.operator, "amnesty", amnesty.id, "burn").status_code == 404


def test_from_an_incident_it_brings_scope_time_and_words_along(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast, scope=here(cast))
        plain = get(cast.operator, "new-amnesty", incident=incident.id).content.decode()
        assert "No cuenta en su contra" in plain
        actions.set_public(cast.operator, incident.id, TEXTS)
        page = get(cast.operator, "new-amnesty", incident=incident.id).content.decode()
        assert 'value="2026-09-01T08:00"' in page
        assert TEXTS["ht"] in page
        assert f'value="{cast.school.id}" selected' in page
        post(cast.operator, "new-amnesty", do="declare", incident=incident.id, **(WINDOW | {"until": ""}))
        assert Amnesty.objects.get().incident_id == incident.id
        assert "An amnesty was declared" in get(cast.operator, "incident", incident.id).content.decode()
    with clock.at(AFTER):
        post(cast.operator, "amnesty", Amnesty.objects.get().id, "end")
        assert Amnesty.objects.get().until_at is not None


@pytest.mark.parametrize(
    "wrong", [{"from": ""}, {"from": "soon"}, {"until": "2026-09-01T07:00"}, {"reason_ht": " "}, {"school": "nowhere"}]
)
def test_what_makes_no_sense_is_said_and_nothing_is_written(cast: Cast, wrong: dict[str, str]) -> None:
    with clock.at(AFTER):
        answer = post(cast.operator, "new-amnesty", do="declare", **(WINDOW | wrong))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Amnesty.objects.exists()


@pytest.mark.parametrize("who", ["principal", "teacher", "guardian", "student", "other_principal"])
def test_amnesties_are_for_operators(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with clock.at(AFTER):
        post(cast.operator, "new-amnesty", do="declare", **WINDOW)
        amnesty = Amnesty.objects.get()
        assert get(person, "amnesties").status_code == 404
        assert post(person, "new-amnesty", do="declare", **WINDOW).status_code == 404
        for verb in ("end", "undo", "reopen"):
            assert post(person, "amnesty", amnesty.id, verb).status_code == 404
    assert Amnesty.objects.get().undone_at is None


def test_one_and_three_amnesties_take_the_same_number_of_queries(cast: Cast) -> None:
    client = client_of(cast.operator)
    with clock.at(AFTER):
        post(cast.operator, "new-amnesty", do="declare", school=cast.school.id, **WINDOW)
        one = queries_of(lambda: client.get(reverse("incidents:amnesties")))
        for _ in range(2):
            post(cast.operator, "new-amnesty", do="declare", school=cast.other_school.id, **WINDOW)
        assert queries_of(lambda: client.get(reverse("incidents:amnesties"))) == one
