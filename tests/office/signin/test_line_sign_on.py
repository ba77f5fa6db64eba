"""Sign-on with a line before it, through HTTP, with the real hasher; the storm itself is in test_line_storm.py."""

import contextlib
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from schoolday.contracts.badges import NUMBER_BITS
from schoolday.lib import clock, ids
from schoolday.office.people.models import Person
from schoolday.office.signin import hasher_protocol as protocol
from schoolday.office.signin.hasher_protocol import Answer, HasherDown, Request, Stats, Visitor
from schoolday.office.signin.hashers import ask_clerk, hasher_socket
from schoolday.office.signin.line.ticket import account_of, open_ticket, seal
from schoolday.office.signin.line.urgency import LOOK_AHEAD, OTHER_RANK, STAFF_RANK, urgency_of
from schoolday.office.timetable.models import Meeting
from tests.cast import PASSWORD, Cast, make_person
from tests.forging import altered
from tests.office.running import running_hasher
from tests.office.signin.devices import Answer as HttpAnswer
from tests.office.signin.devices import day_header, key_json, new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def hasher() -> "Iterator[subprocess.Popen[bytes]]":
    """A hasher of each test's own (a third of a second): its clerk has seen nobody yet, whatever other tests did."""
    with running_hasher() as process:
        yield process


@pytest.fixture
def ready(cast: Cast, hasher: "subprocess.Popen[bytes]") -> Cast:
    encoded = make_password(PASSWORD)
    Person.objects.filter(id__in=(cast.student.id, cast.teacher.id, cast.guardian.id)).update(password=encoded)
    return cast


def stats() -> Stats:
    found = protocol.ask(hasher_socket(), Request(do="stats"), timeout_seconds=5).stats
    assert found
    return found


@contextlib.contextmanager
def no_room() -> Iterator[None]:
    """Take every turn that the clerk has to give, as so many others would."""
    taken = []
    try:
        while True:
            urgent = Visitor(
                account=ids.new_id().encode(), rank=STAFF_RANK, bell_at=0, arrived_at_ms=0, is_known=True, told=1
            )
            turn = ask_clerk(Request(do="line", visitor=urgent)).turn
            assert turn
            if turn.place:
                break
            taken.append(urgent.account)
        assert taken
        yield
    finally:
        for one in taken:
            ask_clerk(Request(do="leave", account=one))


def sign_on(client: Client, user_name: str, *, line: str = "", password: str = PASSWORD) -> HttpAnswer:
    body = {"user_name": user_name, "password": password} | ({"line": line} if line else {})
    return client.post("/api/sign-on", body, content_type="application/json")


def ask_line(line: str, client: Client | None = None) -> HttpAnswer:
    return (client or Client()).post("/api/sign-on/line", {"line": line}, content_type="application/json")


def test_in_calm_times_there_is_no_line_and_no_query_for_it(ready: Cast, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert sign_on(client, "naika.p").status_code == 204
    assert not [query["sql"] for query in queries if "timetable_meeting" in query["sql"]]


def test_in_a_storm_a_place_then_a_turn_then_in(ready: Cast, client: Client) -> None:
    before = stats().hashed
    with no_room():
        answer = sign_on(client, "naika.p")
        assert answer.status_code == 202
        line = answer.json()
        assert set(line) == {"line", "place", "wait_seconds", "poll_after_seconds"}
        assert line["place"] >= 1
        assert 1 <= line["poll_after_seconds"] <= 60
        again = ask_line(line["line"])
        assert (again.status_code, again.json()["place"] >= 1) == (200, True)
        assert sign_on(client, "naika.p", line=again.json()["line"]).status_code == 202, "it is not her turn yet"
        assert stats().hashed == before, "who waits costs no hash"
        assert client.get("/api/me").json()["person"] is None
    turn = ask_line(line["line"])
    assert turn.json()["place"] == 0
    assert sign_on(client, "naika.p", line=turn.json()["line"]).status_code == 204
    assert client.get("/api/me").json()["person"]["id"] == ready.student.id


def test_asking_costs_no_query_and_needs_no_cookie(
    ready: Cast, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with no_room():
        line = sign_on(Client(), "naika.p").json()["line"]
        with django_assert_num_queries(0):
            answer = ask_line(line, browser)  # a browser that checks CSRF, without a token
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_a_ticket_is_no_password(ready: Cast, client: Client) -> None:
    with no_room():
        line = sign_on(client, "naika.p").json()["line"]
    turn = ask_line(line).json()["line"]
    assert sign_on(client, "naika.p", line=turn, password="not it").status_code == 401
    assert sign_on(client, "naika.p", line=turn).status_code == 204, "a wrong one costs no new wait"


def test_whose_ticket_it_is_not_gets_nothing(ready: Cast, client: Client) -> None:
    with no_room():
        line = sign_on(client, "naika.p").json()["line"]
        for answer in (
            sign_on(client, "e.ruiz", line=line),
            sign_on(client, "nobody.here", line=line),
            sign_on(client, "naika.p", line=altered(line)),
            sign_on(client, "naika.p", line="A" * 130),
            ask_line("A" * 130),
            ask_line(""),
        ):
            assert answer.status_code == 403
            assert answer.json()["code"] == "bad_line"
    with clock.shifted(timedelta(hours=5)):
        assert ask_line(line).json()["code"] == "bad_line"
    assert client.post("/api/sign-on/line", {}, content_type="application/json").status_code == 400
    assert client.get("/api/sign-on/line").status_code == 405


def test_a_name_that_nobody_has_is_answered_in_the_same_form(ready: Cast, client: Client) -> None:
    Person.objects.filter(id=ready.guardian.id).update(is_active=False)
    with no_room():
        answers = [sign_on(Client(), name) for name in ("naika.p", "nobody.here", "m.pierre", "naika.p2")]
    assert {answer.status_code for answer in answers} == {202}
    lines = [answer.json() for answer in answers]
    assert len({tuple(line) for line in lines}) == 1
    assert len({len(line["line"]) for line in lines}) == 1
    assert len({line["place"] for line in lines}) > 1, "each has a place of its own"
    for line in lines:
        assert ask_line(line["line"]).status_code == 200


def test_a_name_that_nobody_has_costs_the_same_queries(ready: Cast) -> None:
    counts = {}
    for name in ("naika.p", "nobody.here", "e.ruiz", "m.pierre"):
        with CaptureQueriesContext(connection) as queries:
            urgency_of(name, account=account(name))
        counts[name] = [query["sql"].partition(" WHERE ")[0] for query in queries]
    assert {len(found) for found in counts.values()} == {2}
    assert len({tuple(found) for found in counts.values()}) == 1


def test_one_who_waits_for_a_wrong_guess_frees_the_slot(ready: Cast, client: Client) -> None:
    before = stats().turns
    for n in range(12):
        assert sign_on(client, "naika.p", password="wrong").status_code == (401 if n < 10 else 429)
    assert stats().turns == before, "who is told to wait holds nobody's turn"


def test_without_the_hasher_the_place_is_kept(ready: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with no_room():
        line = sign_on(client, "naika.p").json()["line"]

    def dead(*_args: object, **_kw: object) -> Answer:
        raise HasherDown

    with monkeypatch.context() as patch:
        patch.setattr(protocol, "ask", dead)
        for answer in (ask_line(line), sign_on(client, "naika.p", line=line), sign_on(client, "naika.p")):
            assert answer.status_code == 503
            assert answer.json()["code"] == "busy"
            assert answer["Retry-After"]
    assert ask_line(line).json()["place"] == 0


def test_a_full_line_says_when_to_come_again(ready: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(protocol, "ask", lambda *_, **__: Answer(busy=True, retry_after_seconds=47))
        answer = sign_on(client, "naika.p")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "47")


def test_a_renewal_by_pass_needs_neither_line_nor_hash(ready: Cast, client: Client) -> None:
    before, key = stats().hashed, new_key()
    with no_room():
        answer = client.post(
            "/api/bundle", key_json(key), content_type="application/json", headers=day_header(ready.student, key)
        )
    assert answer.status_code == 200
    assert stats().hashed == before


# How urgent somebody is


def account(name: str) -> bytes:
    return account_of(name, secret=settings.SCHOOLDAY["CELL_SECRET"])


def meeting_in(cast: Cast, minutes: int, *, other: bool = False) -> int:
    at = clock.now().replace(microsecond=0) + timedelta(minutes=minutes)
    section = cast.other_section if other else cast.section
    Meeting.objects.create(
        id=ids.new_id(), section=section, on=at.date(), period="1", starts_at=at, ends_at=at + timedelta(minutes=45)
    )
    return int(at.timestamp())


def bell_of(name: str) -> int:
    return urgency_of(name, account=account(name)).bell_at


def test_staff_come_first(cast: Cast) -> None:
    ranks = {
        name: urgency_of(name, account=account(name)).rank
        for name in ("e.ruiz", "p.stone", "o.reyes", "naika.p", "m.pierre", "nobody.here")
    }
    assert ranks == {
        "e.ruiz": STAFF_RANK,
        "p.stone": STAFF_RANK,
        "o.reyes": STAFF_RANK,
        "naika.p": OTHER_RANK,
        "m.pierre": OTHER_RANK,
        "nobody.here": OTHER_RANK,
    }
    assert urgency_of(" E.Ruiz ", account=account("e.ruiz")).rank == STAFF_RANK


def test_the_bell_is_the_next_one_or_one_that_just_rang(cast: Cast) -> None:
    assert bell_of("naika.p") == pytest.approx((clock.now() + LOOK_AHEAD).timestamp(), abs=5)
    meeting_in(cast, -40)
    later = meeting_in(cast, 90)
    assert bell_of("naika.p") == later
    next_one = meeting_in(cast, 20)
    assert bell_of("naika.p") == next_one
    late = meeting_in(cast, -10)
    assert bell_of("naika.p") == late, "who is late for a class that has begun is the most urgent"
    assert bell_of("leo.g") != late, "of another school"
    meeting_in(cast, 60 * 24, other=True)
    assert bell_of("leo.g") == pytest.approx((clock.now() + LOOK_AHEAD).timestamp(), abs=5)


def test_who_left_a_section_does_not_count_with_it(cast: Cast) -> None:
    at = meeting_in(cast, 20)
    assert bell_of("naika.p") == at
    cast.student.enrollments.update(is_active=False)
    assert bell_of("naika.p") != at


def test_a_name_that_nobody_has_stands_where_some_student_does(cast: Cast) -> None:
    mine, others = meeting_in(cast, 20), meeting_in(cast, 50, other=True)
    for n, person in enumerate((cast.student, cast.twin, cast.other_student), start=1):  # a third of the names for each
        Person.objects.filter(id=person.id).update(badge_number=n * (2**NUMBER_BITS // 3))
    bells = {f"nobody{n}": bell_of(f"nobody{n}") for n in range(40)}
    assert set(bells.values()) == {mine, others}
    assert bells == {name: bell_of(name) for name in bells}, "always the same"
    assert not urgency_of("nobody1", account=account("nobody1")).is_known
    for n in range(3):
        make_person(f"more{n}", "M", "M", "student", cast.school)
    assert urgency_of("more1", account=account("more1")).is_known


def test_a_ticket_that_the_office_seals_is_the_accounts(ready: Cast, client: Client) -> None:
    secret = settings.SCHOOLDAY["CELL_SECRET"]
    with no_room():
        line = sign_on(client, "naika.p").json()["line"]
    held = open_ticket(line, secret=secret, account=account("naika.p"))
    assert (held.rank, held.is_known) == (OTHER_RANK, True)
    assert held.told >= 1
    assert ask_line(seal(held, secret=secret)).status_code == 200
