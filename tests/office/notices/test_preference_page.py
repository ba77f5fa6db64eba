"""The page of a person's own ways: what she chose is kept, in her language, with and without signing on."""

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.notices.leaving import leave_token
from schoolday.office.notices.models import Preference
from tests.cast import Cast
from tests.office.notices.sending import give_contacts
from tests.office.notices.test_pages import signed_on, text_of
from tests.office.signin.devices import day_header, new_key

pytestmark = pytest.mark.django_db


def test_the_page_keeps_what_she_chose_and_her_language(cast: Cast) -> None:
    give_contacts(cast)
    client = signed_on(cast.guardian)
    page = text_of(client.get("/office/notices/preferences/"))
    assert "guardian@bay.example" in page
    assert page.count(" checked") == 2, "mail and push"
    answer = client.post("/office/notices/preferences/", {"way": ["sms", "voice"], "language": "es"})
    assert answer.status_code == 302
    kept = Preference.objects.get(person=cast.guardian)
    assert (kept.mail, kept.sms, kept.voice, kept.push) == (False, True, True, False)
    cast.guardian.refresh_from_db()
    assert cast.guardian.language == "es"


def test_the_app_reads_and_writes_the_same(cast: Cast) -> None:
    give_contacts(cast)
    client = signed_on(cast.guardian)
    default = {"language": "ht", "mail": True, "sms": False, "voice": False, "push": True}
    assert client.get("/api/preferences").json() == default
    chosen = {"language": "en", "mail": False, "sms": True, "voice": False, "push": False}
    assert client.post("/api/preferences", chosen, content_type="application/json").json() == chosen
    assert client.get("/api/preferences").json() == chosen
    for bad in ({**chosen, "language": "fr"}, {"mail": True}, {**chosen, "person": cast.other_guardian.id}):
        assert client.post("/api/preferences", bad, content_type="application/json").status_code == 400
    assert not Preference.objects.exclude(person=cast.guardian).exists()


def test_a_day_session_does_too_and_one_that_is_over_does_not(cast: Cast) -> None:
    key = new_key()
    chosen = {"language": "ht", "mail": True, "sms": True, "voice": True, "push": True}
    client = Client(enforce_csrf_checks=True)
    kind = "application/json"
    good = client.post("/api/preferences", chosen, content_type=kind, headers=day_header(cast.guardian, key))
    assert good.json() == chosen
    assert Preference.objects.get().person == cast.guardian
    over = day_header(cast.guardian, key, exp=clock.now_seconds() - 10)
    assert client.post("/api/preferences", chosen, content_type=kind, headers=over).status_code == 401


def test_another_site_cannot_change_it(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.guardian)
    answer = client.post("/api/preferences", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_the_link_in_a_mail_ends_mails_for_its_person_by_post_only(cast: Cast) -> None:
    give_contacts(cast)
    url = reverse("notices:leave", args=[leave_token(cast.guardian.id)])
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(url).status_code == 200
    assert not Preference.objects.exists(), "a program that opens every link changes nothing"
    assert stranger.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert stranger.post(url).status_code == 200
    kept = Preference.objects.get()
    assert (kept.person, kept.mail, kept.push) == (cast.guardian, False, True)
    forged = f"{cast.other_guardian.id}.{leave_token(cast.guardian.id).split('.')[1]}"
    for token in (forged, "x", cast.guardian.id, f"{cast.guardian.id}."):
        assert stranger.post(reverse("notices:leave", args=[token])).status_code == 404
    assert Preference.objects.count() == 1
