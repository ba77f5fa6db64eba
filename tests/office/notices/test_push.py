"""Web push to a real receiver: it checks who sends (RFC 8292) and reads what was encrypted for it (RFC 8291)."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client

from schoolday.lib.signing import b64, unb64
from schoolday.office.notices.channels.push.hosts import is_known
from schoolday.office.notices.channels.push.vapid import public_key, vapid_path
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.models import Delivery, PushSubscription
from tests.cast import Cast
from tests.office.notices.http_server import Answered, Call, http_end
from tests.office.notices.push_browser import Browser
from tests.office.notices.sending import FAST, moved, runner, with_settings

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State


def push_service(*browsers: Browser) -> Callable[[Call], Answered]:
    by_path = {browser.path: browser for browser in browsers}

    def answer(call: Call) -> Answered:
        browser = by_path[call.path]
        check_vapid(call)
        if browser.status == 201:
            browser.take(call)
        return browser.status, {}

    return answer


def check_vapid(call: Call) -> None:
    """As a push service does: signed with the key that the browser subscribed with, and for this origin."""
    kind, _, rest = call.headers["authorization"].partition(" ")
    assert kind == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert parts["k"].rstrip("=") == public_key()
    head, body, signed = parts["t"].split(".")
    raw = unb64(signed)
    number = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(public_key()))
    public.verify(number, f"{head}.{body}".encode(), ec.ECDSA(SHA256()))
    claims = json.loads(unb64(body))
    assert claims["aud"] == f"http://{call.headers['host']}"
    assert claims["sub"].startswith("mailto:")


def signed_on(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_every_browser_of_a_person_reads_it_and_one_that_is_gone_is_forgotten(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    tablet, phone, old = Browser("/one"), Browser("/two"), Browser("/old", status=410)
    with http_end(push_service(tablet, phone, old)) as end:
        settings.SCHOOLDAY = with_settings(**FAST, PUSH_HOSTS=end.url)
        client = signed_on(cast.guardian)
        key = client.get("/api/push-key").json()["key"]
        assert key == public_key()
        assert len(unb64(key)) == 65
        for browser in (tablet, phone, old):
            answer = client.post("/api/push", browser.subscription(end.url), content_type="application/json")
            assert answer.status_code == 204
        notice = moved(cast)
        prepare_waiting()
        with runner("push", tmp_path) as one:
            one()
    for browser in (tablet, phone):
        assert [read["title"] for read in browser.read] == ["Klas yo chanje plas"]
        assert browser.read[0]["lang"] == "ht"
        assert browser.read[0]["tag"] == notice.id
        assert browser.read[0]["level"] == "warning"
        assert browser.read[0]["url"] == "http://localhost:8000"
    assert {call.headers["topic"] for call in end.calls} == {notice.id}
    assert end.calls[0].headers["content-encoding"] == "aes128gcm"
    assert int(end.calls[0].headers["ttl"]) > 3600
    assert PushSubscription.objects.count() == 2
    found = dict(notice.deliveries.filter(channel="push").values_list("target", "state"))
    assert sorted(found.values()) == [State.SENT, State.SENT, State.UNDELIVERABLE]


def test_a_push_service_that_is_down_is_asked_again_and_the_other_is_not_held_up(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    up, down = Browser("/up"), Browser("/down", status=503)
    with http_end(push_service(up, down)) as end:
        settings.SCHOOLDAY = with_settings(**FAST, PUSH_HOSTS=end.url)
        for person, browser in ((cast.guardian, down), (cast.teacher, up)):
            signed_on(person).post("/api/push", browser.subscription(end.url), content_type="application/json")
        notice = moved(cast)
        prepare_waiting()
        with runner("push", tmp_path) as one:
            one()
            assert not one.breaker.is_open
    assert up.read[0]["lang"] == "es"
    assert notice.deliveries.get(person=cast.guardian, channel="push").reason == "http_503"
    assert notice.deliveries.get(person=cast.guardian, channel="push").state == State.QUEUED


def test_the_key_is_made_once_and_only_its_owner_reads_it() -> None:
    first = public_key()
    assert public_key() == first
    assert vapid_path().stat().st_mode & 0o777 == 0o600


def test_nobody_chooses_where_our_requests_go(cast: Cast, settings: Any) -> None:
    client = signed_on(cast.guardian)
    good = Browser("/x").subscription("https://fcm.googleapis.com")
    assert client.post("/api/push", good, content_type="application/json").status_code == 204
    for origin in (
        "http://127.0.0.1:6379",
        "https://169.254.169.254",
        "https://office.bay.example",
        "ftp://fcm.googleapis.com",
    ):
        bad = Browser("/x").subscription(origin)
        answer = client.post("/api/push", bad, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_subscription")
    for broken in ({"p256dh": "AAAA"}, {"auth": "AAAA"}, {"p256dh": b64(bytes(65))}, {"auth": "é"}):
        answer = client.post("/api/push", {**good, **broken}, content_type="application/json")
        assert answer.status_code == 400
    assert PushSubscription.objects.count() == 1


@pytest.mark.parametrize(
    ("endpoint", "is_good"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://wns2-by3p.notify.windows.com/w/?token=abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://fcm.googleapis.com.evil.example/", False),
        ("https://evilgoogle.com/", False),
        ("https://user@fcm.googleapis.com/", False),
        ("https://fcm.googleapis.com:8443/", False),
        ("http://fcm.googleapis.com/", False),
        ("https://[::1", False),
        ("nonsense", False),
    ],
)
def test_known_push_services(endpoint: str, is_good: bool) -> None:
    from schoolday.settings_spec import PUSH_HOSTS

    assert is_known(endpoint, PUSH_HOSTS.split()) == is_good


def test_a_browser_belongs_to_whoever_subscribed_last_and_only_she_ends_it(cast: Cast) -> None:
    shared = Browser("/shared").subscription("https://fcm.googleapis.com")
    for person in (cast.guardian, cast.other_guardian):
        signed_on(person).post("/api/push", shared, content_type="application/json")
    assert PushSubscription.objects.get().person == cast.other_guardian
    ended = {"endpoint": shared["endpoint"]}
    stranger = signed_on(cast.guardian).delete("/api/push", ended, content_type="application/json")
    assert stranger.status_code == 204, "says nothing"
    assert PushSubscription.objects.count() == 1
    signed_on(cast.other_guardian).delete("/api/push", ended, content_type="application/json")
    assert not PushSubscription.objects.exists()
    assert Client().post("/api/push", shared, content_type="application/json").status_code == 401


def test_one_person_keeps_ten_browsers_at_most(cast: Cast) -> None:
    client = signed_on(cast.guardian)
    for number in range(12):
        browser = Browser(f"/{number}").subscription("https://fcm.googleapis.com")
        client.post("/api/push", browser, content_type="application/json")
    assert PushSubscription.objects.filter(person=cast.guardian).count() == 10


def test_keys_as_browsers_write_them_are_read() -> None:
    from schoolday.office.notices.channels.push.vapid import raw

    data = os.urandom(16)
    for text in (b64(data), base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()):
        assert raw(text) == data
