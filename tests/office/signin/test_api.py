"""Sign-on, who I am, language, sign-off: through HTTP, with the real hasher."""

import subprocess

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.office.signin.devices import Answer

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
    }
    assert client.cookies["language"].value == "ht"
    assert client.post("/api/sign-off").status_code == 204
    assert client.get("/api/me").json()["person"] is None
