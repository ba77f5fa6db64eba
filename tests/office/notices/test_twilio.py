"""Text messages and calls through a mock Twilio that checks who asks, and its receipts."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from schoolday.lib import clock
from schoolday.office.notices.channels.twilio import signature
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.models import Delivery, Preference
from tests.cast import Cast
from tests.office.notices.http_server import HttpEnd, MockTwilio, http_end
from tests.office.notices.sending import FAST, give_contacts, many_guardians, moved, row, runner, states, with_settings

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State
OUR_TOKEN = "secret"
ONLY_PHONE = ("guardian", "other_guardian")


@pytest.fixture
def phones(cast: Cast) -> Cast:
    give_contacts(cast)
    for name in ONLY_PHONE:
        person = getattr(cast, name)
        person.email = ""
        person.save()
    return cast


def use(settings: Any, end: HttpEnd, **values: Any) -> None:
    known = {
        "TWILIO_URL": end.url, "TWILIO_ACCOUNT": "AC1", "TWILIO_TOKEN": "secret", "TWILIO_FROM": "+13055550199",
        "VOICE_PER_SECOND": 0.0,
    }  # fmt: skip
    settings.SCHOOLDAY = with_settings(**{**FAST, **known, **values})


def test_who_has_only_a_phone_is_texted_in_her_language(phones: Cast, settings: Any, tmp_path: Path) -> None:
    twilio = MockTwilio()
    with http_end(twilio) as end:
        use(settings, end)
        notice = moved(phones)
        prepare_waiting()
        with runner("sms", tmp_path) as one:
            one()
    assert [message["to"] for message in twilio.rows] == ["+13055550100"]
    assert twilio.rows[0]["body"].startswith("Kounye a klas yo fèt sou Zoom")
    assert twilio.rows[0]["body"].endswith("http://localhost:8000")
    one_row = row(notice, phones.guardian, "sms")
    assert (one_row.state, one_row.provider_id) == (State.SENT, "SM0")


def test_two_guardians_who_share_a_phone_are_texted_once(phones: Cast, settings: Any, tmp_path: Path) -> None:
    from schoolday.office.people.models import Guardianship
    from tests.cast import make_person

    aunt = make_person("aunt", "Rose", "Pierre", "guardian", phones.school, phone="1-305-555-0100")
    Guardianship.objects.create(guardian=aunt, student=phones.student)
    twilio = MockTwilio()
    with http_end(twilio) as end:
        use(settings, end)
        moved(phones)
        prepare_waiting()
        with runner("sms", tmp_path) as one:
            one()
    assert len(twilio.rows) == 1


def test_a_wrong_token_makes_the_channel_rest(phones: Cast, settings: Any, tmp_path: Path) -> None:
    many_guardians(phones.school, 12, phone=True, mail=False)
    with http_end(MockTwilio(token="another")) as end:
        use(settings, end)
        notice = moved(phones)
        prepare_waiting()
        with runner("sms", tmp_path) as one:
            one()
            assert one.breaker.is_open
            assert one.breaker.reason == "twilio_20003"
    assert states(notice, "sms") == {State.QUEUED: 13}
    assert len(end.calls) < 13


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (400, 21211, State.UNDELIVERABLE),
        (400, 21610, State.UNDELIVERABLE),
        (429, 20429, State.QUEUED),
        (503, None, State.QUEUED),
    ],
)
def test_what_twilio_says_is_what_becomes_of_the_row(
    phones: Cast, settings: Any, tmp_path: Path, status: int, code: int | None, state: str
) -> None:
    twilio = MockTwilio(before=lambda call: (status, {"code": code} if code else b"<html>"))
    with http_end(twilio) as end:
        use(settings, end)
        notice = moved(phones)
        prepare_waiting()
        with runner("sms", tmp_path) as one:
            assert one.journal.hold()
            one.round()
        assert row(notice, phones.guardian, "sms").state == state
        twilio.before = lambda call: None
        if state == State.QUEUED:
            with clock.at(clock.now() + timedelta(minutes=2)), runner("sms", tmp_path) as one:
                one()
            assert row(notice, phones.guardian, "sms").state == State.SENT
            assert len(twilio.rows) == 1


def test_a_strangers_page_with_200_is_not_taken_for_sent(phones: Cast, settings: Any, tmp_path: Path) -> None:
    with http_end(lambda call: (200, b"<html>Welcome to our hotel</html>")) as end:
        use(settings, end)
        notice = moved(phones)
        prepare_waiting()
        with runner("sms", tmp_path) as one:
            assert one.journal.hold()
            one.round()
    assert row(notice, phones.guardian, "sms").reason == "not_twilio"
    assert row(notice, phones.guardian, "sms").state == State.QUEUED


@pytest.mark.parametrize("was_taken", [True, False])
def test_when_the_line_breaks_twilio_is_asked_so_none_is_lost_and_none_twice(
    phones: Cast, settings: Any, tmp_path: Path, was_taken: bool
) -> None:
    twilio = MockTwilio()
    hang_up = lambda call: (0, b"")  # noqa: E731  # set twice
    with http_end(twilio) as end:
        use(settings, end)
        if was_taken:
            twilio.after = hang_up
        else:
            twilio.before = hang_up
        notice = moved(phones)
        prepare_waiting()
        with runner("sms", tmp_path) as one:
            assert one.journal.hold()
            one.round()
            assert row(notice, phones.guardian, "sms").state == State.UNKNOWN
            twilio.after = twilio.before = lambda call: None
            one()
            one()
    assert len(twilio.rows) == 1
    assert row(notice, phones.guardian, "sms").state == State.SENT


def test_a_call_reads_it_twice_in_her_language_and_only_who_asked_for_it_is_called(
    phones: Cast, settings: Any, tmp_path: Path
) -> None:
    twilio = MockTwilio()
    with http_end(twilio) as end:
        use(settings, end)
        moved(phones)
        prepare_waiting()
        with runner("voice", tmp_path) as one:
            one()
        assert not twilio.rows
        Preference.objects.create(
            person=phones.guardian, mail=False, sms=False, voice=True, push=False, changed_at=clock.now()
        )
        moved(phones, free={"en": "Q & A", "es": "P y R", "ht": "K & R <b>"})
        prepare_waiting()
        with runner("voice", tmp_path) as one:
            one()
    twiml = twilio.rows[0]["twiml"]
    assert twiml.count('<Say language="fr-FR">') == 2
    assert "K &amp; R &lt;b&gt;" in twiml
    assert "http" not in twiml


def test_an_emergency_goes_by_every_way_whatever_she_chose(phones: Cast, settings: Any, tmp_path: Path) -> None:
    Preference.objects.create(
        person=phones.guardian, mail=False, sms=False, voice=False, push=False, changed_at=clock.now()
    )
    phones.guardian.email = "guardian@bay.example"
    phones.guardian.save()
    notice = moved(phones, sentences=["stay_safe"], facts={})
    prepare_waiting()
    ways = set(notice.deliveries.filter(person=phones.guardian).values_list("channel", flat=True))
    assert ways == {"mail", "sms", "voice"}


class TestReceipts:
    @pytest.fixture
    def sent(self, phones: Cast, settings: Any, tmp_path: Path) -> tuple[Any, str]:
        twilio = MockTwilio()
        with http_end(twilio) as end:
            use(settings, end)
            notice = moved(phones)
            prepare_waiting()
            with runner("sms", tmp_path) as one:
                one()
        return row(notice, phones.guardian, "sms"), twilio.rows[0]["callback"]

    def post(self, url: str, form: dict[str, str], *, token: str = OUR_TOKEN) -> int:
        path = url.removeprefix("http://localhost:8000")
        said = signature(token, url, form)
        kind = "application/x-www-form-urlencoded"
        answer = Client(enforce_csrf_checks=True).post(
            path, urlencode(form), content_type=kind, headers={"X-Twilio-Signature": said}
        )
        return answer.status_code

    def test_delivered_and_not(self, sent: tuple[Any, str]) -> None:
        one, url = sent
        assert self.post(url, {"MessageSid": "SM0", "MessageStatus": "sent"}) == 204
        one.refresh_from_db()
        assert one.state == State.SENT
        assert self.post(url, {"MessageSid": "SM0", "MessageStatus": "delivered"}) == 204
        one.refresh_from_db()
        assert one.state == State.DELIVERED
        assert self.post(url, {"MessageSid": "SM0", "MessageStatus": "failed", "ErrorCode": "30003"}) == 204
        one.refresh_from_db()
        assert one.state == State.DELIVERED, "the first word stays"

    def test_a_number_that_does_not_take_it(self, sent: tuple[Any, str]) -> None:
        one, url = sent
        assert self.post(url, {"MessageSid": "SM0", "MessageStatus": "undelivered", "ErrorCode": "30003"}) == 204
        one.refresh_from_db()
        assert (one.state, one.reason) == (State.UNDELIVERABLE, "twilio_30003")

    def test_a_stranger_changes_nothing(self, sent: tuple[Any, str]) -> None:
        one, url = sent
        form = {"MessageSid": "SM0", "MessageStatus": "delivered"}
        assert self.post(url, form, token="guessed") == 403
        assert self.post(url.replace(str(one.pk), str(one.pk + 1)), form) == 204, "signed, and of no row we know"
        assert Client().post(url.removeprefix("http://localhost:8000"), form).status_code == 403
        assert self.post(url, {**form, "MessageSid": "SM9"}) == 204, "of another message"
        one.refresh_from_db()
        assert one.state == State.SENT

    def test_without_a_token_nobody_can_have_signed(self, sent: tuple[Any, str], settings: Any) -> None:
        _one, url = sent
        settings.SCHOOLDAY = with_settings(TWILIO_TOKEN="")
        assert self.post(url, {"MessageSid": "SM0", "MessageStatus": "delivered"}, token="") == 403
