"""Calls of the recording device: may I, begin, one piece, finish."""

import re
from datetime import UTC, datetime

import msgspec
from django.http import HttpRequest, HttpResponse

from schoolday.lib.errors import BadRequest
from schoolday.office.http import answer, api, read
from schoolday.office.recordings import actions
from schoolday.office.recordings.access import access_own, access_to_record, may_record
from schoolday.office.signin.access import access_asker, cookie_or_day

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f-]{36}")
_HEARD_AT_MOST = 200
_LATEST_MS = 4_102_444_800_000  # 2100


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """`key`: a UUID made on the device. `started_at`: ms."""

    key: str
    meeting: str
    section: str
    started_at: int
    media_type: str


class Finish(msgspec.Struct, frozen=True, kw_only=True):
    chunks: int
    seconds: int


@cookie_or_day
@api("GET", "POST")
def recordings(request: HttpRequest) -> HttpResponse:
    """Say whether teachers may record; begin a recording."""
    person = access_asker(request).person
    if request.method == "GET":
        return answer({"allowed": may_record()})
    asked = read(request, Begin)
    if not _UUID.fullmatch(asked.key) or not 0 < asked.started_at < _LATEST_MS:
        raise BadRequest("A recording needs a key and the moment at which it began.")
    meeting = access_to_record(person, section_id=asked.section, meeting_id=asked.meeting)
    made = actions.begin(
        person,
        meeting,
        device_key=asked.key,
        started_at=datetime.fromtimestamp(asked.started_at / 1000, UTC),
        media_type=asked.media_type,
    )
    return answer({"id": made.id}, status=201)


@cookie_or_day
@api("PUT")
def chunk(request: HttpRequest, recording_id: str, number: int) -> HttpResponse:
    """Keep one piece: raw bytes, `X-SHA256`, `X-Heard` (ids of students in it, separated by commas)."""
    recording = access_own(access_asker(request).person, recording_id)
    length, sha256 = request.headers.get("Content-Length", ""), request.headers.get("X-SHA256", "")
    if not length.isascii() or not length.isdigit() or not _SHA256.fullmatch(sha256):
        raise BadRequest("A piece of a recording needs Content-Length and X-SHA256.")
    heard = [one for one in request.headers.get("X-Heard", "").split(",") if one][:_HEARD_AT_MOST]
    actions.keep_chunk(recording, number, request, size_bytes=int(length), sha256=sha256, heard=heard)
    return answer({"kept": number})


@cookie_or_day
@api("POST")
def finish(request: HttpRequest, recording_id: str) -> HttpResponse:
    """Put a recording together."""
    person = access_asker(request).person
    recording = access_own(person, recording_id)
    asked = read(request, Finish)
    done = actions.finish(recording, chunks=asked.chunks, seconds=asked.seconds, by=person)
    return answer({"id": done.id, "seconds": done.seconds, "bytes": done.size_bytes})
