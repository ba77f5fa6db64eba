"""A device brings a recording: in any order, twice, damaged, to a full disk, after the office was killed."""

import errno
import os
import struct
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from schoolday.lib import clock
from schoolday.office.people.models import AuditEntry
from schoolday.office.recordings import jobs
from schoolday.office.recordings.ebml import with_duration
from schoolday.office.recordings.models import Chunk, Heard, Recording
from schoolday.office.timetable.models import Meeting
from schoolday.settings_spec import SETTINGS
from tests.cast import Cast, enroll
from tests.office.attendance.day import DURING
from tests.office.recordings.bring import HEAD, PIECES, begin, body_of, brought, client_of, finish, put


def test_pieces_come_in_any_order_and_twice(cast: Cast, meeting: Meeting, recordings_dir: Path) -> None:
    client = client_of(cast.teacher)
    id_ = begin(client, meeting).json()["id"]
    for number in (2, 0, 2, 1, 0):
        assert put(client, id_, number, PIECES[number]).json() == {"kept": number}
    assert finish(client, id_).json()["seconds"] == 12
    assert finish(client, id_).status_code == 200  # the answer was lost: asked again
    assert [one.name for one in recordings_dir.iterdir()] == [f"{id_}.webm"]
    whole = (recordings_dir / f"{id_}.webm").read_bytes()
    assert whole.endswith(PIECES[0][len(HEAD) :] + PIECES[1] + PIECES[2])
    assert struct.pack(">d", 12_000.0) in whole[: len(HEAD) + 40]  # its length, in ms
    assert Chunk.objects.count() == 0


def test_the_same_key_is_the_same_recording(cast: Cast, meeting: Meeting) -> None:
    key = "0190f0f0-0000-7000-8000-000000000000"
    ids = {begin(client_of(cast.teacher), meeting, key=key).json()["id"] for _ in range(2)}
    assert len(ids) == 1 == Recording.objects.count()


def test_missing_pieces_are_named_and_nothing_is_put_together(
    cast: Cast, meeting: Meeting, recordings_dir: Path
) -> None:
    client = client_of(cast.teacher)
    id_ = begin(client, meeting).json()["id"]
    put(client, id_, 1, PIECES[1])
    refused = finish(client, id_)
    assert (refused.status_code, refused.json()["missing"]) == (409, [0, 2])
    assert not (recordings_dir / f"{id_}.webm").exists()


def test_a_damaged_piece_is_refused_whole(cast: Cast, meeting: Meeting, recordings_dir: Path) -> None:
    client = client_of(cast.teacher)
    id_ = begin(client, meeting).json()["id"]
    refused = put(client, id_, 0, PIECES[0], sha256="0" * 64)
    assert (refused.status_code, refused.json()["code"], refused.json()["retryable"]) == (400, "damaged", True)
    assert list((recordings_dir / f"{id_}.parts").iterdir()) == []
    assert put(client, id_, 0, PIECES[0]).status_code == 200


def test_another_piece_under_the_same_number_is_refused(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.teacher)
    id_ = begin(client, meeting).json()["id"]
    put(client, id_, 0, PIECES[0])
    assert put(client, id_, 0, PIECES[1]).json()["code"] == "chunk_differs"
    assert put(client, id_, 10**6, PIECES[1]).status_code == 400


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_full_or_broken_disk_keeps_nothing_half(
    cast: Cast, meeting: Meeting, recordings_dir: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    client = client_of(cast.teacher)
    id_ = begin(client, meeting).json()["id"]

    def full(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr("schoolday.office.recordings.files.os.fsync", full)
        refused = put(client, id_, 0, PIECES[0])
        assert (refused.status_code, refused.json()["code"], refused.json()["retryable"]) == (507, "no_room", True)
        assert Chunk.objects.count() == 0
    for index, data in enumerate(PIECES):
        put(client, id_, index, data)
    with monkeypatch.context() as patched:
        patched.setattr("schoolday.office.recordings.files.os.fsync", full)
        assert finish(client, id_).status_code == 507
        assert [one.name for one in recordings_dir.iterdir()] == [f"{id_}.parts"]
    assert finish(client, id_).status_code == 200


def test_no_room_in_all(cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(cast.teacher)
    id_ = begin(client, meeting).json()["id"]
    put(client, id_, 0, PIECES[0])
    monkeypatch.setitem(settings.SCHOOLDAY.values, "RECORDINGS_AT_MOST_GB", 1e-9)
    assert put(client, id_, 1, PIECES[1]).json()["code"] == "no_room"
    assert begin(client, meeting).json()["code"] == "no_room"


def test_who_is_in_it_and_from_when_to_when(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.teacher)
    id_ = begin(client, meeting).json()["id"]
    put(client, id_, 0, PIECES[0], heard=f"{cast.student.id},{cast.other_student.id},{cast.teacher.id},nobody")
    put(client, id_, 2, PIECES[2], heard=cast.twin.id)
    put(client, id_, 1, PIECES[1], heard=cast.student.id)
    found = {one.person_id: (one.from_second, one.until_second) for one in Heard.objects.all()}
    assert found == {cast.student.id: (0, 10), cast.twin.id: (10, 15)}


@pytest.mark.parametrize("who", ["student", "guardian", "other_teacher", "principal", "operator"])
def test_only_the_sections_teacher_records(cast: Cast, meeting: Meeting, who: str) -> None:
    assert begin(client_of(getattr(cast, who)), meeting).status_code == 404


def test_nobody_records_where_the_district_says_off(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client_of(cast.teacher).get("/api/recordings").json() == {"allowed": True}
    unsaid = next(one for one in SETTINGS if one.name == "RECORDINGS").default
    assert unsaid == "off", "off by default"
    monkeypatch.setitem(settings.SCHOOLDAY.values, "RECORDINGS", unsaid)
    assert client_of(cast.teacher).get("/api/recordings").json() == {"allowed": False}
    assert begin(client_of(cast.teacher), meeting).status_code == 404


def test_a_section_that_is_not_the_meetings_is_refused(cast: Cast, meeting: Meeting) -> None:
    assert begin(client_of(cast.teacher), meeting, section=cast.other_section.id).status_code == 404


def test_strangers_bring_nothing(cast: Cast, meeting: Meeting) -> None:
    assert begin(client_of(None), meeting).status_code == 401
    id_ = begin(client_of(cast.teacher), meeting).json()["id"]
    enroll(cast.section, cast.other_teacher, "teacher")
    for who in (cast.other_teacher, cast.student, cast.principal, cast.operator):
        assert put(client_of(who), id_, 0, PIECES[0]).status_code == 404
        assert finish(client_of(who), id_).status_code == 404
    assert put(client_of(None), id_, 0, PIECES[0]).status_code == 401


def test_a_kind_of_file_that_is_none_is_refused(cast: Cast, meeting: Meeting) -> None:
    assert begin(client_of(cast.teacher), meeting, media_type="text/html").status_code == 400


def test_what_a_device_left_behind_is_put_together_after_a_day(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.teacher)
    id_ = begin(client, meeting).json()["id"]
    empty = begin(client, meeting).json()["id"]
    for number in (0, 1, 3):
        put(client, id_, number, PIECES[number % 3])
    assert jobs.clean() is None
    with clock.at(DURING + timedelta(hours=25)):
        assert jobs.clean() == {"deleted": 0, "finished": 1, "strays": 0}
    found = Recording.objects.get(id=id_)
    assert (found.seconds, bool(found.finished_at)) == (10, True)
    assert not Recording.objects.filter(id=empty).exists()


def test_what_is_over_is_gone_with_its_file(cast: Cast, meeting: Meeting, recordings_dir: Path) -> None:
    kept, over = brought(cast.teacher, meeting), brought(cast.teacher, meeting)
    client_of(cast.principal).post(f"/office/recordings/{kept.id}/extend", {"days": "90", "reason": "a hearing"})
    (recordings_dir / "0123456789ab.webm").write_bytes(b"killed between row and file")
    with clock.at(DURING + timedelta(days=31)):
        assert jobs.clean() == {"deleted": 1, "finished": 0, "strays": 1}
        assert jobs.clean() is None
    assert [one.name for one in recordings_dir.iterdir()] == [f"{kept.id}.webm"]
    assert AuditEntry.objects.get(verb="recording.delete").subject_id == over.id


def test_ranges(cast: Cast, meeting: Meeting) -> None:
    one = brought(cast.teacher, meeting)
    client = client_of(cast.teacher)
    url = f"/office/recordings/{one.id}/media"
    whole = body_of(client.get(url))
    assert len(whole) == one.size_bytes

    def ranged(text: str) -> Any:
        return client.get(url, headers={"Range": text})

    for text, wanted in (("bytes=0-9", whole[:10]), ("bytes=100-", whole[100:]), ("bytes=-7", whole[-7:])):
        found = ranged(text)
        assert found.status_code == 206
        assert body_of(found) == wanted
    assert ranged("bytes=100-199")["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert ranged(f"bytes={len(whole)}-").status_code == 416
    assert body_of(ranged("lines=1-2")) == whole
    assert client.head(url)["Content-Length"] == str(len(whole))


def test_the_head_of_another_file_is_left_alone() -> None:
    for strange in (b"", b"\x00" * 40, b"RIFF....", HEAD[:-3], HEAD[:20]):
        assert with_duration(strange, seconds=3)[: len(strange[:4])] == strange[:4]
    once = with_duration(HEAD, seconds=3)
    assert with_duration(once, seconds=3) == once
