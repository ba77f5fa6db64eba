"""The pages: three steps to a sent notice, how it goes, the call list, preferences; and what outsiders get."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.lib import clock
from schoolday.office.attendance.scope import Scope
from schoolday.office.incidents.actions import declare
from schoolday.office.notices import actions
from schoolday.office.notices.audience import Audience
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.leaving import leave_token
from schoolday.office.notices.models import ChannelState, Delivery, Notice, NoticeBar
from schoolday.office.people.models import AuditEntry, Person
from tests.cast import Cast
from tests.office.notices.sending import give_contacts, moved

pytestmark = pytest.mark.django_db
State = Delivery.State
OUTSIDERS = ("student", "other_student", "teacher", "other_teacher", "guardian", "other_guardian")


def signed_on(person: Person, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(person)
    return client


def text_of(answer: HttpResponse | Any) -> str:
    return str(answer.content.decode())


def begin(client: Client, **posted: Any) -> str:
    answer = client.post("/office/notices/new/", {"who": ["staff", "guardians"], **posted})
    assert answer.status_code == 302, text_of(answer)
    return answer["Location"].split("/")[4]


WHAT = {
    "sentence": ["moved", "review"],
    "fact_from_pathway": "live",
    "fact_pathway": "zoom",
    "fact_until": "2026-11-20T15:00",
    "fact_review_on": "2026-11-23",
    "level": "warning",
    "channel": ["mail", "sms", "banner", "feeds"],
}


def test_three_steps_from_a_click_to_a_sent_notice(cast: Cast) -> None:
    give_contacts(cast)
    client = signed_on(cast.operator)
    draft = begin(client, band=["6-8"])
    answer = client.post(f"/office/notices/draft/{draft}/", WHAT)
    assert answer["Location"] == f"/office/notices/draft/{draft}/send/"
    page = text_of(client.get(answer["Location"]))
    for words in ("until Friday, November 20, 3:00 p.m.", "hasta viernes 20 de noviembre", "jiska vandredi 20 novanm"):
        assert words in page
    assert "6 people" in page
    assert "Grades" not in text_of(client.get("/office/notices/"))
    assert "Send now" in page
    sent = client.post(f"/office/notices/draft/{draft}/send/")
    assert sent["Location"] == f"/office/notices/{draft}/"
    assert client.post(f"/office/notices/draft/{draft}/send/")["Location"] == sent["Location"], "pressed twice"
    notice = Notice.objects.get(id=draft)
    assert notice.state == "preparing"
    assert notice.level == "warning"
    assert AuditEntry.objects.filter(verb="notice.send", subject_id=draft).count() == 1
    prepare_waiting()
    assert notice.deliveries.filter(channel="mail").count() == 6


def test_what_is_missing_is_said_and_what_was_typed_stays(cast: Cast) -> None:
    client = signed_on(cast.operator, "es")
    none = client.post("/office/notices/new/", {"band": ["6-8"]})
    assert none.status_code == 400
    assert "Elija para quién es este aviso." in text_of(none)
    draft = begin(client)
    for change, sentence in (
        ({"sentence": []}, "Este aviso todavía no dice nada."),
        ({"fact_until": ""}, "Falta completar algo en las frases"),
        ({"free_en": "Bring <b>badges</b>"}, "falta un idioma"),
        ({"channel": []}, "Elija al menos una manera de avisar."),
    ):
        answer = client.post(f"/office/notices/draft/{draft}/", {**WHAT, **change})
        assert answer.status_code == 400
        assert sentence in text_of(answer)
    kept = text_of(client.post(f"/office/notices/draft/{draft}/", {**WHAT, "free_en": "Bring <b>badges</b>"}))
    assert "Bring &lt;b&gt;badges&lt;/b&gt;" in kept
    assert 'value="2026-11-20T15:00"' in kept
    assert not Notice.objects.get(id=draft).sentences, "nothing half kept"


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_every_page_in_every_language(cast: Cast, language: str) -> None:
    give_contacts(cast)
    client = signed_on(cast.operator, language)
    draft = begin(client)
    client.post(f"/office/notices/draft/{draft}/", WHAT)
    notice = moved(cast)
    prepare_waiting()
    notice.deliveries.filter(channel="mail").update(state=State.FAILED, reason="smtp_452")
    pages = [
        "/office/notices/", "/office/notices/new/", f"/office/notices/new/?school={cast.school.id}",
        f"/office/notices/draft/{draft}/", f"/office/notices/draft/{draft}/send/", f"/office/notices/{notice.id}/",
        f"/office/notices/{notice.id}/calls/{cast.school.id}/", "/office/notices/preferences/",
        f"/office/notices/guardians/{cast.student.id}/", f"/api/notices/leave/{leave_token(cast.guardian.id)}",
    ]  # fmt: skip
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        page = text_of(answer)
        assert f'lang="{language}"' in page
        assert page.count('class="usa-button"') + page.count('class="usa-button usa-button--big"') <= 1, url


class TestOutsiders:
    @pytest.fixture
    def urls(self, cast: Cast) -> list[str]:
        notice = moved(cast)
        draft = actions.draft_notice(audience=Audience(), actor=cast.operator)
        return [
            "/office/notices/", "/office/notices/new/", f"/office/notices/draft/{draft.id}/",
            f"/office/notices/draft/{draft.id}/send/", f"/office/notices/{notice.id}/",
            f"/office/notices/{notice.id}/calls/{cast.school.id}/",
            f"/office/notices/{notice.id}/calls/{cast.school.id}.csv", f"/office/notices/guardians/{cast.student.id}/",
        ]  # fmt: skip

    @pytest.mark.parametrize("who", OUTSIDERS)
    def test_families_students_and_teachers_see_none_of_it(self, cast: Cast, urls: list[str], who: str) -> None:
        client = signed_on(getattr(cast, who))
        for url in urls:
            assert client.get(url).status_code == 404, url
        notice = Notice.objects.exclude(state="draft").get()
        for verb in ("stop", "withdraw", "resend"):
            assert client.post(f"/office/notices/{notice.id}/do/{verb}").status_code == 404
        assert client.post("/office/notices/new/", {"who": "staff"}).status_code == 404
        notice.refresh_from_db()
        assert notice.state == "preparing"

    def test_strangers_are_led_to_the_sign_on(self, urls: list[str]) -> None:
        for url in [*urls, "/office/notices/preferences/"]:
            answer = Client().get(url)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/?next=")
        for url in ("/api/preferences", "/api/push"):
            assert Client().post(url, {}, content_type="application/json").status_code == 401

    def test_a_principal_of_another_school_sees_nothing_of_it(self, cast: Cast, urls: list[str]) -> None:
        client = signed_on(cast.other_principal)
        for url in urls[2:]:
            assert client.get(url).status_code == 404, url
        page = text_of(client.get("/office/notices/"))
        assert "No notice has gone out yet." in page
        assert cast.school.name not in text_of(client.get("/office/notices/new/"))

    def test_a_principal_tells_her_own_school_and_no_other(self, cast: Cast) -> None:
        client = signed_on(cast.principal)
        draft = Notice.objects.get(id=begin(client))
        assert draft.audience["schools"] == [cast.school.id], "all means hers"
        for posted in (
            {"school": cast.other_school.id},
            {"section": cast.other_section.id},
            {"region": "north"},
            {"school": [cast.school.id, cast.other_school.id]},
        ):
            answer = client.post("/office/notices/new/", {"who": "guardians", **posted})
            assert answer.status_code == 404, posted
        theirs = moved(cast, audience=Audience(schools=(cast.other_school.id,)))
        assert client.post("/office/notices/new/", {"who": "staff", "follows": theirs.id}).status_code == 404

    def test_a_principal_sees_her_part_of_a_notice_for_all_and_does_not_change_it(self, cast: Cast) -> None:
        give_contacts(cast)
        notice = moved(cast, audience=Audience(), channels=["mail"])
        prepare_waiting()
        client = signed_on(cast.principal)
        page = text_of(client.get(f"/office/notices/{notice.id}/"))
        assert "0 of 3 out" in page
        assert "0 of 6 out" in text_of(signed_on(cast.operator).get(f"/office/notices/{notice.id}/"))
        assert cast.other_school.name not in page
        assert "Withdraw" not in page
        assert client.get(f"/office/notices/{notice.id}/calls/{cast.school.id}/").status_code == 200
        assert client.get(f"/office/notices/{notice.id}/calls/{cast.other_school.id}/").status_code == 404
        assert client.post(f"/office/notices/{notice.id}/do/withdraw").status_code == 404

    def test_drafts_are_their_makers_own(self, cast: Cast) -> None:
        draft = begin(signed_on(cast.principal))
        assert signed_on(cast.operator).get(f"/office/notices/draft/{draft}/").status_code == 404
        assert signed_on(cast.operator).post(f"/office/notices/draft/{draft}/send/").status_code == 404


def test_the_page_of_a_notice_says_how_it_goes(cast: Cast) -> None:
    give_contacts(cast)
    notice = moved(cast, clock_from=clock.now() - timedelta(seconds=95))
    prepare_waiting()
    ChannelState.objects.create(channel="mail", is_resting=True, since=clock.now(), reason="no_line")
    notice.deliveries.filter(channel="mail", person=cast.teacher).update(state=State.SENT, sent_at=clock.now())
    client = signed_on(cast.operator)
    answer = client.get(f"/office/notices/{notice.id}/")
    page = text_of(answer)
    assert "1 of 3 out" in page
    assert "1 min 35 s" in page
    assert "Mail: the other side does not answer." in page
    assert '<progress class="notice-bar" max="3" value="1"' in page
    assert answer["Refresh"] == "3"
    assert "Refresh" not in client.get(f"/office/notices/{notice.id}/?hold=1").headers
    assert answer["Cache-Control"] == "no-store"


def test_stop_go_on_send_again_withdraw(cast: Cast) -> None:
    give_contacts(cast)
    notice = moved(cast)
    prepare_waiting()
    client = signed_on(cast.operator)

    def do(verb: str) -> int:
        return client.post(f"/office/notices/{notice.id}/do/{verb}").status_code

    rows = notice.deliveries.filter(channel="mail")
    assert do("stop") == 302
    assert set(rows.values_list("state", flat=True)) == {State.HELD}
    assert do("stop") == 409
    assert do("resend") == 409
    assert do("resume") == 302
    assert set(rows.values_list("state", flat=True)) == {State.QUEUED}
    rows.update(state=State.FAILED, reason="smtp_452", attempts=8)
    rows.filter(person=cast.guardian).update(state=State.UNKNOWN)
    assert do("resend") == 302
    assert sorted(rows.values_list("state", "attempts")) == [("queued", 0), ("queued", 0), ("unknown", 8)]
    assert do("resend-unknown") == 302
    assert do("withdraw") == 302
    assert do("stop") == 409
    assert set(rows.values_list("state", "reason")) == {(State.SKIPPED, "withdrawn")}
    assert do("nonsense") == 404
    verbs = set(AuditEntry.objects.filter(subject_id=notice.id).values_list("verb", flat=True))
    assert {"notice.send", "notice.stop", "notice.resume", "notice.resend", "notice.withdraw"} <= verbs
    assert client.get(f"/office/notices/{notice.id}/do/stop").status_code == 405


def test_stopped_while_rows_are_made_it_goes_on_where_it_stopped(cast: Cast) -> None:
    give_contacts(cast)
    notice = moved(cast)
    actions.stop_notice(notice, actor=cast.operator)
    prepare_waiting()
    assert not notice.deliveries.exclude(person=None).exists()
    actions.resume_notice(notice, actor=cast.operator)
    prepare_waiting()
    assert notice.deliveries.filter(channel="mail", state=State.QUEUED).count() == 3


def test_the_list_costs_the_same_with_one_and_three_notices(cast: Cast) -> None:
    for person in (cast.operator, cast.principal):
        Notice.objects.all().delete()
        client = signed_on(person)
        moved(cast)
        client.get("/office/notices/")
        with CaptureQueriesContext(connection) as one:
            assert text_of(client.get("/office/notices/")).count("<h2>") == 1
        moved(cast)
        moved(cast)
        with CaptureQueriesContext(connection) as three:
            assert text_of(client.get("/office/notices/")).count("<h2>") == 3
        assert len(one) == len(three)


class TestRights:
    def test_a_schools_office_bars_and_allows(self, cast: Cast) -> None:
        client = signed_on(cast.principal)
        url = f"/office/notices/guardians/{cast.student.id}/"
        assert "is told" in text_of(client.get(url))
        client.post(url, {"guardian": cast.guardian.id, "do": "bar"})
        client.post(url, {"guardian": cast.guardian.id, "do": "bar"})
        assert NoticeBar.objects.get().made_by == cast.principal.id
        assert "is not told" in text_of(client.get(url))
        client.post(url, {"guardian": cast.guardian.id, "do": "allow"})
        assert not NoticeBar.objects.exists()
        assert client.post(url, {"guardian": cast.other_guardian.id, "do": "bar"}).status_code == 404

    def test_nobody_else_does(self, cast: Cast) -> None:
        url = f"/office/notices/guardians/{cast.student.id}/"
        for who in ("other_principal", "teacher", "guardian", "student"):
            answer = signed_on(getattr(cast, who)).post(url, {"guardian": cast.guardian.id, "do": "bar"})
            assert answer.status_code == 404, who
        assert not NoticeBar.objects.exists()


def test_from_an_incident_the_clock_stands_on_every_step(cast: Cast) -> None:
    give_contacts(cast)
    client = signed_on(cast.operator)
    began_at = clock.now() - timedelta(seconds=125)
    incident = declare(
        cast.operator, layer="live", title="Live", scope=Scope(schools=(cast.school.id,)), started_at=began_at
    )
    with clock.at(began_at + timedelta(seconds=125)):
        whom = text_of(client.get("/office/notices/new/", {"incident": incident.id}))
        draft = begin(client, incident=incident.id, school=cast.school.id)
        what = text_of(client.get(f"/office/notices/draft/{draft}/"))
        client.post(f"/office/notices/draft/{draft}/", WHAT)
        send = text_of(client.get(f"/office/notices/draft/{draft}/send/"))
        for page in (whom, what, send):
            assert "People have been waiting for 2 min 5 s." in page
        client.post(f"/office/notices/draft/{draft}/send/")
        assert "It goes out by itself" in text_of(client.get(f"/office/notices/{draft}/"))
    other = begin(client)
    assert "People have been waiting" not in text_of(client.get(f"/office/notices/draft/{other}/"))
