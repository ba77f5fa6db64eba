"""An incident is corrected: looked at first, with a reason, its amnesties along; by operators alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.attendance.amnesty_actions import declare_amnesty
from schoolday.office.attendance.closing import close_ended
from schoolday.office.attendance.models import Amnesty
from schoolday.office.attendance.scope import Scope
from schoolday.office.incidents import actions, changing, queries
from schoolday.office.incidents.models import Incident, TimelineEntry
from schoolday.office.people import audit
from schoolday.office.people.models import AuditEntry
from tests.cast import Cast
from tests.office.attendance.day import AFTER, BELL, entry_of, event, meet, queries_of, took
from tests.office.attendance.test_closing import publish
from tests.office.incidents.test_incidents import OUTSIDERS, REVIEW, TEXTS, client_of, declare, get, here, post

MINUTE = timedelta(minutes=1)
AS_IT_IS: dict[str, Any] = {
    "title": "Sign-on is slow",
    "layer": "sign_on",
    "severity": "major",
    "since": "2026-09-01T08:00",
    "reason": "They told us more.",
}


def amnesty_of(cast: Cast, incident: Incident, **more: Any) -> Amnesty:
    values: dict[str, Any] = {"scope": Scope.from_dict(incident.scope), "from_at": incident.started_at} | more
    return declare_amnesty(cast.operator, until_at=None, reason=TEXTS, incident_id=incident.id, **values)


def test_it_is_looked_at_with_its_amnesty_then_changed(cast: Cast) -> None:
    publish()
    early = meet(cast.section, bell=BELL - 60 * MINUTE)
    other = meet(cast.other_section)
    with clock.at(BELL + 20.5 * MINUTE):
        incident = declare(cast, scope=Scope(schools=(cast.other_school.id,)), started_at=BELL)
        amnesty = amnesty_of(cast, incident)
    with clock.at(AFTER):
        took(event("arrived", cast.twin, early, -50))
        close_ended()
        assert entry_of(early, cast.student).is_charged
        assert not entry_of(other, cast.other_student).is_charged
        assert 'value="2026-09-01T08:00"' in get(cast.operator, "change", incident.id).content.decode()
        wanted = AS_IT_IS | {"layer": "live", "since": "2026-09-01T07:10", "school": cast.school.id}
        page = post(cast.operator, "change", incident.id, do="look", **wanted).content.decode()
        assert "<strong>Part</strong>: <s>Signing on</s> → Live classes" in page
        assert "<s>2026-09-01 08:00</s> → 2026-09-01 07:10" in page
        assert f"<s>{cast.other_school.name}</s> → {cast.school.name}" in page
        assert "Its amnesty follows: 2026-09-01 07:10 – open" in " ".join(page.split())
        assert Incident.objects.get().layer == "sign_on"
        answer = post(cast.operator, "change", incident.id, do="change", **wanted)
        assert answer.headers["Location"] == reverse("incidents:incident", args=[incident.id])
        changed = Incident.objects.get()
        assert (changed.layer, changed.started_at) == ("live", BELL - 50 * MINUTE)
        assert list(changed.schools.all()) == [cast.school]
        amnesty.refresh_from_db()
        assert (amnesty.from_at, amnesty.scope["schools"]) == (BELL - 50 * MINUTE, [cast.school.id])
        assert not entry_of(early, cast.student).is_charged
        assert entry_of(other, cast.other_student).is_charged
        page = get(cast.operator, "incident", incident.id).content.decode()
        assert "The incident was changed. (Part: Signing on → Live classes; Whom it touches: " in page
        assert "Since: 2026-09-01 08:00 → 2026-09-01 07:10" in page
        assert TimelineEntry.objects.get().text == "They told us more."
        back = AS_IT_IS | {"school": cast.other_school.id, "reason": "They were wrong."}
        post(cast.operator, "change", incident.id, do="change", **back)
        assert entry_of(early, cast.student).is_charged
        assert not entry_of(other, cast.other_student).is_charged


def test_an_amnesty_that_somebody_made_otherwise_stays(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast, scope=here(cast))
        own = amnesty_of(cast, incident, scope=Scope(), from_at=BELL - 30 * MINUTE)
        wanted = AS_IT_IS | {"since": "2026-09-01T07:45"}
        page = post(cast.operator, "change", incident.id, do="look", **wanted).content.decode()
        assert "1 amnesty stays as it is." in page
        post(cast.operator, "change", incident.id, do="change", **wanted)
    after = Amnesty.objects.get()
    assert (after.from_at, after.scope) == (own.from_at, own.scope)


def test_asked_twice_it_is_done_once_and_nothing_is_no_change(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast)
        wanted = AS_IT_IS | {"severity": "minor", "stamp": changing.stamp_of(incident)}
        for _ in range(2):
            assert post(cast.operator, "change", incident.id, do="change", **wanted).status_code == 302
        assert TimelineEntry.objects.count() == 1
        assert AuditEntry.objects.filter(verb="incident.change").count() == 1
        page = post(cast.operator, "change", incident.id, do="look", **(AS_IT_IS | {"severity": "minor"}))
        assert "Nothing is different." in page.content.decode()


def test_what_somebody_else_changed_meanwhile_is_not_lost(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast)
        stamp = changing.stamp_of(incident)
        post(cast.operator, "change", incident.id, do="change", stamp=stamp, **(AS_IT_IS | {"layer": "live"}))
        late = post(cast.operator, "change", incident.id, do="change", stamp=stamp, **(AS_IT_IS | {"layer": "dns"}))
        assert late.status_code == 409
        assert "Somebody has changed this incident meanwhile" in late.content.decode()
        assert Incident.objects.get().layer == "live"


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "  "}, {"reason": "x" * 1001}, {"layer": "moon"}, {"severity": "huge"}, {"title": " "},
        {"since": ""}, {"since": "soon"}, {"since": "2026-08-20T08:00"}, {"since": "2026-09-01T09:00"},
        {"school": "nowhere"},
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused_and_kept_in_the_form(cast: Cast, wrong: dict[str, str]) -> None:
    with clock.at(BELL):
        incident = declare(cast)
        answer = post(cast.operator, "change", incident.id, do="change", **(AS_IT_IS | {"layer": "live"} | wrong))
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
    assert Incident.objects.get().layer == "sign_on"
    assert not TimelineEntry.objects.exists()


def test_an_amnesty_that_would_end_before_it_begins_stops_the_whole_change(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast)
        amnesty = amnesty_of(cast, incident)
        Amnesty.objects.filter(id=amnesty.id).update(until_at=BELL + 10 * MINUTE)
    with clock.at(AFTER):
        wanted = AS_IT_IS | {"since": "2026-09-01T08:30"}
        assert post(cast.operator, "change", incident.id, do="change", **wanted).status_code == 400
    assert Incident.objects.get().started_at == BELL


@pytest.mark.parametrize("who", [*OUTSIDERS, "principal", "other_principal"])
def test_only_operators_change(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with clock.at(BELL):
        incident = declare(cast, scope=here(cast))
        assert get(person, "change", incident.id).status_code == 404
        for do in ("look", "change"):
            assert post(person, "change", incident.id, do=do, **(AS_IT_IS | {"layer": "live"})).status_code == 404
        assert f"/office/incidents/{incident.id}/change/" not in get(person, "incident", incident.id).content.decode()
    assert Incident.objects.get().layer == "sign_on"
    assert Client().get(reverse("incidents:change", args=[incident.id])).status_code == 302


def test_a_closed_one_is_opened_again_first(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast)
        actions.close(cast.operator, incident.id, REVIEW)
        assert get(cast.operator, "change", incident.id).status_code == 409
        assert post(cast.operator, "change", incident.id, do="change", **AS_IT_IS).status_code == 409


def test_one_and_three_changes_take_the_same_number_of_queries(cast: Cast) -> None:
    client = client_of(cast.operator)
    with clock.at(BELL):
        incident = declare(cast)
        url = reverse("incidents:incident", args=[incident.id])
        scopes = [here(cast), Scope(schools=(cast.other_school.id,)), here(cast)]
        counts = []
        for scope in scopes:
            facts = changing.Facts(
                title="x", layer="live", severity="minor", scope=scope, started_at=incident.started_at
            )
            changing.change(cast.operator, incident.id, facts, reason="x")
            counts.append(queries_of(lambda: client.get(url)))
        assert counts[0] == counts[2]


def test_how_long_nobody_was_told_is_on_the_page_and_on_the_list(cast: Cast) -> None:
    with clock.at(BELL):
        incident = declare(cast)
        declare(cast, title="Another")
    with clock.at(BELL + 2.2 * MINUTE):
        assert queries.told_of([incident])[incident.id] == queries.Told(None, 2, is_late=False)
        page = get(cast.operator, "incident", incident.id).content.decode()
        assert "Nobody has been told yet. It began 2 minutes ago." in page
        audit.record(cast.operator, "notice.send", "notice", "n1", incident=incident.id)
    with clock.at(BELL + 5 * MINUTE):
        page = get(cast.operator, "list").content.decode()
        assert "People were first told at 08:02, 2 minutes after it began." in page
        assert '<span class="incident-late">Nobody has been told yet. It began 5 minutes ago.' in page
    assert queries.told_of([]) == {}
