"""Sign-on, who I am, language, sign-off: through HTTP, with the real hasher."""

import subprocess
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from schoolday.office.people.models import Person
from schoolday.office.signin import actions, hashers, throttle
from schoolday.office.signin import hasher_protocol as protocol
from schoolday.office.signin.hashers import hasher_socket
from schoolday.office.signin.password_commands import password
from tests.cast import PASSWORD, Cast, make_person
from tests.office.signin.devices import Answer, day_header, new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(cast: Cast, hasher: "subprocess.Popen[bytes]") -> Cast:
    for person in (cast.student, cast.teacher, cast.guardian):
        person.password = make_password(PASSWORD)
        person.save()
    return cast


def sign_on(client: Client, user_name: str, password: str = PASSWORD, address: str = "10.0.0.1") -> Answer:
    body = {"user_name": user_name, "password": password}
    return client.post("/api/sign-on", body, content_type="application/json", REMOTE_ADDR=address)


def test_a_stranger_is_nobody_and_gets_a_csrf_token(client: Client) -> None:
    answer = client.get("/api/me")
    assert answer.json()["person"] is None
    assert answer.json()["portal_name"] == "My School Online"
    assert "csrftoken" in answer.cookies


def test_sign_on_then_me_then_sign_off(ready: Cast, client: Client) -> None:
    assert sign_on(client, "naika.p").status_code == 204
    me = client.get("/api/me").json()["person"]
    assert me == {
        "id": ready.student.id,
        "kind": "student",
        "name": "Naïka Pierre",
        "language": "ht",
        "grade": "07",
        "staff_pages": False,
        "duty": [],
    }
    assert client.cookies["language"].value == "ht"
    assert client.post("/api/sign-off").status_code == 204
    assert client.get("/api/me").json()["person"] is None


def test_a_wrong_name_a_wrong_password_and_one_who_left_are_answered_alike(ready: Cast, client: Client) -> None:
    Person.objects.filter(id=ready.guardian.id).update(is_active=False)
    before = hashes()
    answers = [
        sign_on(client, "naika.p", "not it"),
        sign_on(client, "nobody.here", "not it"),
        sign_on(client, "m.pierre"),  # right password, gone from the roster
        sign_on(client, "naika.p2", "not it"),  # has no password yet
        sign_on(client, "x" * 300, "not it"),
        sign_on(client, "naika\0p", "not it"),
        sign_on(client, "naika.p", "x" * 5_000),
        sign_on(client, "nobody.here", "x" * 5_000),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "wrong_password"
    assert hashes() - before == 4, "each costs one hash, so the time says nothing either"
    assert client.get("/api/me").json()["person"] is None


def hashes() -> int:
    found = protocol.ask(hasher_socket(), protocol.Request(do="stats"), timeout_seconds=5).stats
    assert found
    return found.hashed


def test_a_name_typed_with_capitals_or_spaces(ready: Cast, client: Client) -> None:
    assert sign_on(client, " Naika.P ").status_code == 204


def test_a_planted_session_key_is_worth_nothing(ready: Cast, client: Client) -> None:
    client.get("/api/me")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    assert sign_on(client, "naika.p").status_code == 204
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["schoolday_office"] = str(planted)
    assert thief.get("/api/me").json()["person"] is None


def test_signing_on_as_another_forgets_the_first(ready: Cast, client: Client) -> None:
    sign_on(client, "naika.p")
    session = client.session
    session["of the first"] = 1
    session.save()
    sign_on(client, "e.ruiz")
    assert client.get("/api/me").json()["person"]["id"] == ready.teacher.id
    assert "of the first" not in client.session


def test_sign_on_and_off_need_the_csrf_token(ready: Cast, browser: Client) -> None:
    assert sign_on(browser, "naika.p").status_code == 403
    browser.get("/api/me")
    body = {"user_name": "naika.p", "password": PASSWORD}
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    assert browser.post("/api/sign-on", body, content_type="application/json", headers=headers).status_code == 204
    assert browser.post("/api/sign-off").status_code == 403


def test_one_who_leaves_the_roster_is_signed_off(ready: Cast, client: Client) -> None:
    sign_on(client, "naika.p")
    Person.objects.filter(id=ready.student.id).update(is_active=False)
    assert client.get("/api/me").json()["person"] is None


@pytest.mark.parametrize("body", [b"", b"[]", b'{"user_name": 1}', b'{"user_name":"a","password":"b","x":1}', b"\xff"])
def test_nonsense_is_a_bad_request(client: Client, body: bytes) -> None:
    answer = client.post("/api/sign-on", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


def test_only_post(client: Client) -> None:
    for path in ("/api/sign-on", "/api/sign-off", "/api/language", "/api/bundle"):
        assert client.get(path).status_code == 405
    assert client.post("/api/me").status_code == 405


def test_without_the_hasher_it_is_said_and_does_not_count(
    ready: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hashers, "hasher_socket", lambda: tmp_path / "nobody")
    for _ in range(throttle.PER_ACCOUNT_AND_ADDRESS + 2):
        answer = sign_on(client, "naika.p")
        assert answer.status_code == 503
        assert answer.json()["code"] == "busy"
        assert answer.json()["retryable"] is True
        assert answer["Retry-After"] == "5"
    assert sign_on(client, "nobody").status_code == 503
    monkeypatch.undo()
    assert sign_on(client, "naika.p").status_code == 204


def test_language(ready: Cast, client: Client) -> None:
    def choose(language: str, **headers: str) -> Answer:
        return client.post("/api/language", {"language": language}, content_type="application/json", headers=headers)

    assert choose("es").status_code == 401
    key = new_key()
    assert choose("es", **day_header(ready.student, key)).status_code == 204
    assert client.cookies["language"].value == "es"
    sign_on(client, "naika.p")
    assert choose("fr").status_code == 400
    assert choose("en").status_code == 204
    assert client.get("/api/me").json()["person"]["language"] == "en"
    ready.twin.refresh_from_db()
    assert ready.twin.language == "ht", "nobody else's"


def test_many_passwords_at_once(cast: Cast, hasher: object) -> None:
    people = [make_person(f"kid{n}", "Kid", str(n), "student", cast.school) for n in range(20)]
    assert actions.set_passwords((person, f"morning {person.user_name}") for person in people) == 20
    kept = Person.objects.get(user_name="kid7")
    assert kept.check_password("morning kid7")
    assert not kept.check_password("morning kid8")
    assert len(set(Person.objects.filter(user_name__startswith="kid").values_list("password", flat=True))) == 20


def test_a_new_password_ends_the_sessions(ready: Cast, client: Client) -> None:
    sign_on(client, "naika.p")
    actions.set_password(Person.objects.get(id=ready.student.id), "another morning")
    assert client.get("/api/me").json()["person"] is None
    assert sign_on(client, "naika.p", "another morning").status_code == 204


def test_the_password_command(ready: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    run = CliRunner().invoke
    done = run(password, ["naika.p", "--stdin", "--json"], input="a calm evening\n")
    assert done.exit_code == 0, done.output
    assert Person.objects.get(user_name="naika.p").check_password("a calm evening")
    assert run(password, ["naika.p"], input="the third one\nthe third one\n").exit_code == 0
    assert run(password, ["nobody", "--stdin"], input="a calm evening\n").exit_code == 1
    short = run(password, ["naika.p", "--stdin"], input="short\n")
    assert short.exit_code == 1
    assert Person.objects.get(user_name="naika.p").check_password("the third one")
