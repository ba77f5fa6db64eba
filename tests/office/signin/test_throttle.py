"""Guessing is slow, and nobody is locked out by somebody else."""

import subprocess
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from schoolday.lib import clock
from schoolday.office.people.models import Person
from schoolday.office.signin import throttle
from schoolday.office.signin.models import FailedSignOn, GoodSignOn
from tests.cast import PASSWORD, Cast, make_person
from tests.office.signin.devices import Answer

pytestmark = pytest.mark.django_db
SCHOOL, HOME = "93.184.216.7", "93.184.216.20"


@pytest.fixture
def ready(cast: Cast, hasher: "subprocess.Popen[bytes]") -> Cast:
    Person.objects.filter(id__in=(cast.student.id, cast.twin.id)).update(password=make_password(PASSWORD))
    return cast


def sign_on(user_name: str, password: str, *, address: str = HOME, forwarded: str = "") -> Answer:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    body = {"user_name": user_name, "password": password}
    client = Client(headers=headers, REMOTE_ADDR=address)
    return client.post("/api/sign-on", body, content_type="application/json")


def guess(user_name: str, times: int, *, address: str = HOME) -> list[int]:
    """Try wrong passwords without paying for the hashes."""
    statuses = []
    for _ in range(times):
        try:
            throttle.begin(user_name, address)
            statuses.append(401)
        except throttle.Wait:
            statuses.append(429)
    return statuses


def test_after_ten_wrong_ones_even_the_right_one_waits_and_longer_each_time(ready: Cast) -> None:
    assert guess("naika.p", throttle.PER_ACCOUNT_AND_ADDRESS) == [401] * throttle.PER_ACCOUNT_AND_ADDRESS
    answer = sign_on("naika.p", PASSWORD)
    assert answer.status_code == 429
    assert answer.json()["code"] == "wait"
    first = answer.json()["retry_after_seconds"]
    assert 28 <= first <= 30
    with clock.shifted(timedelta(seconds=31)):
        assert sign_on("naika.p", "wrong").status_code == 401
        second = sign_on("naika.p", PASSWORD).json()["retry_after_seconds"]
        assert second > first
    with clock.shifted(timedelta(seconds=100)):
        assert sign_on("naika.p", PASSWORD).status_code == 204, "the right one unlocks"
        assert sign_on("naika.p", "wrong").status_code == 401, "and begins anew"


def test_it_is_over_after_a_quarter_of_an_hour(ready: Cast) -> None:
    guess("naika.p", 40)
    with clock.shifted(throttle.WINDOW + timedelta(seconds=1)):
        assert sign_on("naika.p", PASSWORD).status_code == 204


def test_being_told_to_wait_does_not_make_the_wait_longer(ready: Cast) -> None:
    assert guess("naika.p", 60).count(401) == throttle.PER_ACCOUNT_AND_ADDRESS
    assert FailedSignOn.objects.count() == throttle.PER_ACCOUNT_AND_ADDRESS


def test_a_school_behind_one_address_is_not_locked_out(ready: Cast) -> None:
    for number in range(300):
        throttle.begin(f"kid{number}", SCHOOL)
        throttle.begin(f"kid{number}", SCHOOL)
    guess("naika.p2", 50, address=SCHOOL)
    assert sign_on("naika.p", PASSWORD, address=SCHOOL).status_code == 204
    make_person("new.kid", "New", "Kid", "student", ready.school)
    assert sign_on("new.kid", "wrong", address=SCHOOL).status_code == 401


def test_a_botnet_gets_no_more_tries_than_one_account_has(ready: Cast) -> None:
    statuses = [status for n in range(200) for status in guess("naika.p", 1, address=f"192.0.2.{n}")]
    assert statuses.count(401) == throttle.PER_ACCOUNT


def test_who_guesses_from_elsewhere_does_not_lock_the_child_out_at_home(ready: Cast) -> None:
    assert sign_on("naika.p", PASSWORD, address=HOME).status_code == 204
    for n in range(throttle.PER_ACCOUNT + 5):
        guess("naika.p", 1, address=f"192.0.2.{n}")
    assert sign_on("naika.p", PASSWORD, address=HOME).status_code == 204
    assert sign_on("naika.p", PASSWORD, address="192.0.2.99").status_code == 429


def test_a_user_name_that_nobody_has_waits_like_one_that_somebody_has(ready: Cast) -> None:
    assert guess("nobody.here", 12) == guess("NAIKA.p2", 12)


def test_the_address_is_the_edges_word_not_the_visitors(ready: Cast) -> None:
    for n in range(throttle.PER_ACCOUNT_AND_ADDRESS):
        sign_on("naika.p", "wrong", address="127.0.0.1", forwarded=f"10.9.9.{n}, {HOME}")
    assert sign_on("naika.p", PASSWORD, address="127.0.0.1", forwarded=f"1.1.1.1, {HOME}").status_code == 429
    assert sign_on("naika.p", PASSWORD, address=HOME, forwarded="1.1.1.1").status_code == 429, "not behind our edge"
    assert sign_on("naika.p", PASSWORD, address="127.0.0.1", forwarded=SCHOOL).status_code == 204


def test_no_name_and_no_address_is_written_down_and_old_rows_go(ready: Cast) -> None:
    sign_on("naika.p", "wrong")
    sign_on("naika.p2", PASSWORD)
    rows = [*FailedSignOn.objects.values(), *GoodSignOn.objects.values()]
    assert len(rows) == 2
    assert "naika" not in str(rows)
    assert HOME not in str(rows)
    with clock.shifted(timedelta(days=31)):
        throttle.sweep()
    assert not FailedSignOn.objects.exists()
    assert not GoodSignOn.objects.exists()
