"""The rim: browsers of any origin, bodies without measure, slow senders, unknown calls, and what is counted."""

import socket
import time

from prometheus_client.parser import text_string_to_metric_families

from tests.door.district import District
from tests.door.process import Door


def test_a_browser_of_any_origin_may_ask(door: Door) -> None:
    preflight = door.http.options("/join", headers={"Origin": "https://school.example"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    assert int(preflight.headers["access-control-max-age"]) >= 3600
    for answer in (door.http.get("/nonce"), door.http.post("/join", content=b"{"), door.http.get("/nothing")):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


def test_bodies_have_a_ceiling_told_or_not(door: Door) -> None:
    # A line of its own each time: the door hangs up on who still sends, and a client may take that line again.
    alone = {"Connection": "close"}
    for path, ceiling in (("/join", 64 * 1024), ("/evidence", 256 * 1024)):
        told = door.http.post(path, content=b"x" * (ceiling + 1), headers=alone)
        assert (told.status_code, told.json()["code"]) == (413, "too_large")
        in_chunks = door.http.post(path, content=(b"x" * 4096 for _ in range(ceiling // 4096 + 2)), headers=alone)
        assert (in_chunks.status_code, in_chunks.json()["code"]) == (413, "too_large")
        assert door.http.post(path, content=b"x" * ceiling, headers=alone).status_code == 400
    assert door.http.post("/join", content=(part for part in (b"{", b"}"))).json()["code"] == "bad_request"


def test_a_body_that_never_ends_is_given_up(door: Door, district: District) -> None:
    with socket.create_connection(("127.0.0.1", door.port), timeout=20) as slow:
        slow.sendall(b"POST /join HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        began = time.monotonic()
        assert door.first_join(district.student, district.section).status_code == 200, "nobody waits for it"
        answer = slow.recv(1000)
    assert b"408" in answer.split(b"\r\n")[0]
    assert b"too_slow" in answer
    assert 8 < time.monotonic() - began < 18


def test_unknown_calls_are_not_found(door: Door) -> None:
    for method, path in (("GET", "/join"), ("POST", "/nonce"), ("GET", "/"), ("DELETE", "/join"), ("GET", "/../x")):
        answer = door.http.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_metrics_count_verdicts_and_hold_no_ids(door: Door, district: District) -> None:
    door.first_join(district.student, district.section)
    door.http.post("/join", content=b"{")
    text = door.http.get("/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    answers = {
        (sample.labels["call"], sample.labels["verdict"]): sample.value
        for sample in families["schoolday_door_answers"].samples
    }
    assert answers["/join", "ok"] >= 1
    assert answers["/join", "bad_request"] >= 1
    assert families["schoolday_door_plan_version"].samples[0].value == district.version
    assert families["schoolday_door_spool_events"].samples[0].value >= 1
    assert any(
        sample.name.endswith("_count") and sample.value >= 1
        for sample in families["schoolday_door_join_seconds"].samples
    )
    assert district.student.sub not in text
    for number in range(50):
        door.http.get(f"/guess/{number}")
    assert "guess" not in door.http.get("/metrics").text, "a stranger does not make the table grow"


def test_health_says_what_an_operator_asks(door: Door, district: District) -> None:
    health = door.http.get("/health").json()
    assert (health["door"], health["ok"], health["plan_version"]) == ("d1", True, district.version)
    assert (health["schools"], health["students"]) == (2, 4)
    assert 0 <= health["plan_age_seconds"] < 600


def test_the_log_holds_no_join_and_no_person(door: Door, district: District) -> None:
    door.first_join(district.student, district.section)
    assert district.student.sub not in door.log()
    assert "plan in force" in door.log()
    assert len(door.log().splitlines()) < 10
