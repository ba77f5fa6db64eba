"""A mail that comes back: told by the mail service, believed only with the secret, and what follows from it."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from anymail.exceptions import AnymailRecipientsRefused
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.notices import queries
from schoolday.office.notices.channels.mail.channel import _outcome_of
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.models import BadAddress, Delivery, Notice
from schoolday.office.notices.receipts import take_mail_event
from schoolday.office.people.models import AuditEntry, Guardianship, Person
from tests.cast import Cast
from tests.office.notices.sending import give_contacts, moved, row, send_all, with_settings

State = Delivery.State
SECRET = "postmark:a-long-enough-password"
RIGHT = "Basic " + base64.b64encode(SECRET.encode()).decode()


@pytest.fixture
def service(settings: Any) -> Any:
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "WEBHOOK_SECRET": SECRET}
    settings.SCHOOLDAY = with_settings(MAIL_SERVICE="postmark", MAIL_WEBHOOK_SECRET=SECRET)
    return settings


def bounce(address: str, **more: str) -> dict[str, str]:
    return {"RecordType": "Bounce", "Type": "HardBounce", "Email": address, "MessageID": "m-1", "ID": "1"} | more


def tell(event: dict[str, str], *, said: str = RIGHT, to: str = "postmark") -> int:
    url = reverse("notices:mail-events", args=[to])
    answer = Client().post(url, json.dumps(event), content_type="application/json", headers={"Authorization": said})
    return answer.status_code


def sent_to(cast: Cast, message_id: str = "m-1") -> Delivery:
    """A mail to the guardian that the service took over."""
    give_contacts(cast)
    notice = moved(cast)
    prepare_waiting()
    mail = row(notice, cast.guardian)
    mail.state, mail.sent_at, mail.provider_id = State.SENT, clock.now(), message_id
    mail.save()
    return mail


def test_a_bounce_marks_the_row_and_the_address_and_the_family_is_to_be_called(cast: Cast, service: Any) -> None:
    mail = sent_to(cast)
    notice = Notice.objects.get(id=mail.notice_id)
    guardians = Guardianship.objects.filter(student=cast.student).values("guardian")
    others = notice.deliveries.filter(person__in=guardians).exclude(id=mail.pk)
    others.update(state=State.FAILED)
    assert cast.student not in [child for family in queries.unreached(notice, cast.school).families
                                for child in family.children]  # fmt: skip
    assert tell(bounce("Guardian@bay.example")) == 200
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (State.UNDELIVERABLE, "bounced")
    families = queries.unreached(notice, cast.school).families
    assert cast.student in [child for family in families for child in family.children]
    client = Client()
    client.force_login(cast.operator)
    page = client.get(reverse("notices:calls", args=[notice.id, cast.school.id])).content.decode()
    assert "the mail came back" in page
    assert reverse("notices:rights", args=[cast.student.id]) in page
    assert tell(bounce("guardian@bay.example")) == 200, "asked twice"
    assert BadAddress.objects.count() == 1
    assert queries.progress_of(notice).tally.failed >= 1


def test_an_address_that_is_bad_gets_no_mail_until_it_changes(cast: Cast, service: Any) -> None:
    give_contacts(cast)
    Person.objects.filter(id=cast.guardian.id).update(phone="")
    take_mail_event("guardian@bay.example", "bounced", reason="bounced")
    notice = moved(cast)
    assert queries.reach_of(notice).unreachable >= 1
    prepare_waiting()
    assert row(notice, cast.guardian, "none").reason == "mail_comes_back"
    page = _page_of(cast.guardian, reverse("notices:preferences"))
    assert "Mail to this address comes back. Tell your school office." in page
    Person.objects.filter(id=cast.guardian.id).update(email="guardian@home.example")
    again = moved(cast)
    prepare_waiting()
    assert row(again, cast.guardian).state == State.QUEUED
    assert "comes back" not in _page_of(cast.guardian, reverse("notices:preferences"))


def test_with_a_phone_a_text_message_takes_the_mails_place(cast: Cast) -> None:
    give_contacts(cast)
    take_mail_event("guardian@bay.example", "rejected", reason="invalid")
    notice = moved(cast)
    prepare_waiting()
    assert row(notice, cast.guardian, "sms").state == State.QUEUED
    assert not notice.deliveries.filter(person=cast.guardian, channel="mail").exists()


def test_the_schools_office_may_try_it_again_and_nobody_else(cast: Cast) -> None:
    give_contacts(cast)
    take_mail_event("guardian@bay.example", "bounced")
    url = reverse("notices:rights", args=[cast.student.id])
    asked = {"do": "mail", "guardian": cast.guardian.id}
    for who in ("guardian", "other_guardian", "teacher", "other_teacher", "student", "other_principal"):
        client = Client()
        client.force_login(getattr(cast, who))
        assert client.post(url, asked).status_code == 404, who
    assert BadAddress.objects.exists()
    client = Client()
    client.force_login(cast.principal)
    assert "Send mail again" in client.get(url).content.decode()
    assert client.post(url, asked | {"guardian": cast.other_guardian.id}).status_code == 404
    for _ in range(2):
        assert client.post(url, asked).status_code == 302
    assert not BadAddress.objects.exists()
    assert AuditEntry.objects.filter(verb="preference.mail_again").count() == 1
    assert "Send mail again" not in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("event", "state", "is_bad"),
    [
        (bounce("guardian@bay.example", Type="SoftBounce"), State.UNDELIVERABLE, True),
        (bounce("guardian@bay.example", Type="BadEmailAddress"), State.UNDELIVERABLE, True),
        (bounce("guardian@bay.example", Type="Blocked"), State.UNDELIVERABLE, False),
        (bounce("guardian@bay.example", Type="SMTPApiError"), State.FAILED, False),
        (bounce("guardian@bay.example", Type="Transient"), State.SENT, False),
        (bounce("guardian@bay.example", RecordType="SpamComplaint", Type="SpamComplaint"), State.SENT, True),
        ({"RecordType": "Delivery", "Recipient": "guardian@bay.example", "MessageID": "m-1"}, State.DELIVERED, False),
        ({"RecordType": "Open", "Recipient": "guardian@bay.example", "MessageID": "m-1"}, State.SENT, False),
        (bounce("guardian@bay.example", MessageID="a password's mail"), State.SENT, True),
        (bounce("nobody@else.example"), State.SENT, True),
        (bounce("no address"), State.SENT, False),
    ],
)
def test_what_each_event_does(cast: Cast, service: Any, event: dict[str, str], state: str, is_bad: bool) -> None:
    mail = sent_to(cast)
    assert tell(event) == 200
    mail.refresh_from_db()
    assert (mail.state, BadAddress.objects.exists()) == (state, is_bad)


def test_a_bounce_may_be_faster_than_the_answer_and_later_than_delivered(cast: Cast, service: Any) -> None:
    mail = sent_to(cast, message_id="")
    Delivery.objects.filter(pk=mail.pk).update(state=State.SENDING)
    assert take_mail_event("guardian@bay.example", "delivered", message_id="m-9")
    assert not take_mail_event("guardian@bay.example", "delivered", message_id="m-9")
    assert take_mail_event("guardian@bay.example", "bounced", message_id="m-9")
    assert not take_mail_event("guardian@bay.example", "delivered", message_id="m-9")
    mail.refresh_from_db()
    assert (mail.state, mail.delivered_at, mail.provider_id) == (State.UNDELIVERABLE, None, "m-9")


def test_of_two_notices_the_services_name_tells_which(cast: Cast) -> None:
    first = sent_to(cast, message_id="m-1")
    second = sent_to(cast, message_id="m-2")
    assert take_mail_event("guardian@bay.example", "failed", message_id="m-1")
    assert [Delivery.objects.get(pk=one.pk).state for one in (first, second)] == [State.FAILED, State.SENT]
    Notice.objects.update(sent_at=clock.now() - timedelta(days=9))
    assert not take_mail_event("guardian@bay.example", "failed", message_id="m-2"), "too long ago"


@pytest.mark.parametrize("said", ["", "Basic " + base64.b64encode(b"postmark:guessed").decode(), "Bearer x"])
def test_without_the_secret_nothing_is_believed(cast: Cast, service: Any, said: str) -> None:
    mail = sent_to(cast)
    assert tell(bounce("guardian@bay.example"), said=said) == 400
    mail.refresh_from_db()
    assert (mail.state, BadAddress.objects.exists()) == (State.SENT, False)


def test_no_secret_set_means_no_events_at_all(cast: Cast, service: Any) -> None:
    service.SCHOOLDAY = with_settings(MAIL_SERVICE="postmark", MAIL_WEBHOOK_SECRET="")
    assert tell(bounce("guardian@bay.example")) == 403
    assert not BadAddress.objects.exists()


@pytest.mark.parametrize("to", ["sendgrid", "mailgun", "nonsense", "postmark_inbound"])
def test_another_service_than_ours_has_no_door(cast: Cast, service: Any, to: str) -> None:
    assert tell(bounce("guardian@bay.example"), to=to) == 404


def test_the_services_name_of_a_mail_is_kept_and_its_refusal_is_the_addresss(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    give_contacts(cast)
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "notices@bay.example"
    settings.SCHOOLDAY = with_settings(MAIL_SERVICE="test", MAIL_FROM="notices@bay.example", MAIL_PARALLEL=1)
    notice = moved(cast, channels=["mail"])
    send_all("mail", folder=tmp_path)
    assert row(notice, cast.guardian).provider_id != ""
    assert _outcome_of(AnymailRecipientsRefused(), body_left=False).result == "never"


def _page_of(person: Person, url: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(url).content.decode()
