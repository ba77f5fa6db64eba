"""BigBlueButton's addresses, against a server that checks them by the documented algorithm."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from schoolday import settings_spec
from schoolday.lib.errors import BadSettings
from schoolday.live import bbb
from schoolday.live.bbb import BbbServer, server_of
from tests.live import bbb_server

SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
CELL = bytes(32)


@pytest.fixture
def other() -> Iterator[bbb_server.BbbServer]:
    server = bbb_server.BbbServer(SECRET)
    yield server
    server.close()


@pytest.fixture
def ours(other: bbb_server.BbbServer) -> BbbServer:
    return BbbServer(url=f"{other.url}/api", secret=SECRET)


def get(address: str) -> httpx.Response:
    return httpx.get(address, trust_env=False, timeout=10)


def test_the_test_server_knows_the_checksum_of_the_reference() -> None:
    """The example of BigBlueButton's own API reference."""
    query = "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444"
    right = "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17"
    assert bbb_server.checksum_is_right("create", f"{query}&checksum={right}", SECRET)
    assert not bbb_server.checksum_is_right("join", f"{query}&checksum={right}", SECRET)
    assert not bbb_server.checksum_is_right("create", f"{query}x&checksum={right}", SECRET)
    assert not bbb_server.checksum_is_right("create", query, SECRET)


def test_a_class_from_the_beginning_to_the_end(other: bbb_server.BbbServer, ours: BbbServer) -> None:
    create = ours.create("m1", name="Matemáticas & más, 7º", starts_at=1_000_000, ends_at=1_003_000)
    assert "SUCCESS" in get(create).text
    assert "SUCCESS" in get(create).text, "asked twice it is one meeting"
    made = other.meetings["m1"]
    assert made["name"] == "Matemáticas & más, 7º"
    assert made["record"] == made["autoStartRecording"] == made["allowStartStopRecording"] == "false"
    assert made["duration"] == made["meetingExpireIfNoUserJoinedInMinutes"] == "75", "15 before, 50, 10 after"
    assert "<running>false" in get(ours.is_running("m1")).text
    join = ours.join("m1", user_id="u1", full_name="Elèv 7", role="VIEWER")
    assert get(join).status_code == 302
    assert "<running>true" in get(ours.is_running("m1")).text
    assert [(one["fullName"], one["userID"], one["role"]) for one in other.entered] == [("Elèv 7", "u1", "VIEWER")]
    assert "SUCCESS" in get(ours.end("m1")).text
    assert "notFound" in get(join).text
    assert "notFound" in get(ours.end("m1")).text


def test_who_changes_an_address_is_refused(other: bbb_server.BbbServer, ours: BbbServer) -> None:
    get(ours.create("m1", name="Math", starts_at=0, ends_at=60))
    join = ours.join("m1", user_id="u1", full_name="Student 7", role="VIEWER")
    for changed in (
        join.replace("VIEWER", "MODERATOR"),
        join.replace("Student", "Ms"),
        join.replace("u1", "u2"),
        join.split("&checksum")[0],
        replace(ours, secret="another").join("m1", user_id="u1", full_name="x", role="MODERATOR"),
    ):
        assert "checksumError" in get(changed).text
    assert other.entered == []
    assert SECRET not in join
    assert SECRET not in repr(ours)


def test_ids_are_opaque_and_change_with_the_day_and_the_turn() -> None:
    first = bbb.meeting_id("abc", cell_secret=CELL, day="20261121")
    others = {
        bbb.meeting_id("abd", cell_secret=CELL, day="20261121"),
        bbb.meeting_id("abc", cell_secret=CELL, day="20261122"),
        bbb.meeting_id("abc", cell_secret=CELL, day="20261121", turn=1),
        bbb.meeting_id("abc", cell_secret=bytes(31) + b"1", day="20261121"),
    }
    assert first not in others
    assert len(others) == 4
    assert "abc" not in first
    user = bbb.user_id("abc", cell_secret=CELL, day="20261121")
    assert user != bbb.user_id("abc", cell_secret=CELL, day="20261122")
    assert "abc" not in user


def test_nobody_is_called_by_a_name() -> None:
    assert bbb.shown_name("VIEWER", number=7) == "Student 7"
    assert bbb.shown_name("VIEWER", number=7, language="es") == "Estudiante 7"
    assert bbb.shown_name("VIEWER", number=0, language="ht") == "Elèv"
    assert bbb.shown_name("MODERATOR", language="xx") == "Teacher"


@pytest.mark.parametrize("tail", ["", "/", "/api", "/api/"])
def test_the_address_as_bbb_conf_prints_it(tail: str) -> None:
    server = server_of(settings(BBB_URL=f"https://bbb.example/bigbluebutton{tail}", BBB_SECRET="s"))
    assert server is not None
    parts = urlsplit(server.end("m1"))
    assert parts.path == "/bigbluebutton/api/end"
    assert set(parse_qs(parts.query)) == {"meetingID", "checksum"}


def test_half_of_it_is_refused_at_the_start() -> None:
    assert server_of(settings()) is None
    for values in (
        {"BBB_URL": "https://bbb.example/bigbluebutton"},
        {"BBB_SECRET": "s"},
        {"BBB_URL": "http://bbb.example/bigbluebutton", "BBB_SECRET": "s"},
    ):
        with pytest.raises(BadSettings):
            server_of(settings(**values))


def settings(**values: str) -> settings_spec.Settings:
    before = settings_spec.load()
    return replace(before, values={**before.values, "BBB_URL": "", "BBB_SECRET": "", **values})
