"""A device that brings a recording, piece by piece."""

import hashlib
import json
import uuid
from typing import Any

from django.test import Client

from schoolday.office.people.models import Person
from schoolday.office.recordings.models import Recording
from schoolday.office.timetable.models import Meeting
from tests.office.attendance.day import BELL

# What Chromium's MediaRecorder writes first: EBML head, a segment of unknown size, Info without a length.
_EBML = bytes.fromhex("1a45dfa3" + "84" + "42868101")
_INFO = bytes.fromhex("1549a966" + "87" + "2ad7b1830f4240")
HEAD = _EBML + bytes.fromhex("18538067" + "01ffffffffffffff") + _INFO + bytes.fromhex("1654ae6b" + "80")
PIECES = (HEAD + b"\x1fC\xb6u" + b"a" * 1_000, b"b" * 2_000, b"c" * 500)


def client_of(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def begin(client: Client, meeting: Meeting, **more: Any) -> Any:
    value = {
        "key": str(uuid.uuid4()),
        "meeting": meeting.id,
        "section": meeting.section_id,
        "started_at": int(BELL.timestamp() * 1000),
        "media_type": "video/webm;codecs=vp8,opus",
    }
    return client.post("/api/recordings", json.dumps(value | more), content_type="application/json")


def put(client: Client, recording_id: str, number: int, data: bytes, *, heard: str = "", sha256: str = "") -> Any:
    return client.put(
        f"/api/recordings/{recording_id}/chunks/{number}",
        data,
        content_type="application/octet-stream",
        headers={"X-SHA256": sha256 or hashlib.sha256(data).hexdigest(), "X-Heard": heard},
    )


def finish(client: Client, recording_id: str, *, chunks: int = len(PIECES), seconds: int = 12) -> Any:
    body = json.dumps({"chunks": chunks, "seconds": seconds})
    return client.post(f"/api/recordings/{recording_id}/finish", body, content_type="application/json")


def brought(person: Person, meeting: Meeting, *, heard: str = "") -> Recording:
    """Return a whole recording."""
    client = client_of(person)
    id_ = begin(client, meeting).json()["id"]
    for number, data in enumerate(PIECES):
        assert put(client, id_, number, data, heard=heard).status_code == 200
    assert finish(client, id_).status_code == 200
    return Recording.objects.get(id=id_)


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)
