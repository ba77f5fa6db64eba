"""Bringing, publishing, keeping and deleting recordings: one transaction and an audit row each."""

import contextlib
from collections.abc import Collection
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext_noop

from schoolday.lib import clock
from schoolday.lib.errors import BadRequest, SchooldayError
from schoolday.office.people import audit
from schoolday.office.people.models import Person
from schoolday.office.recordings import files
from schoolday.office.recordings.models import CHUNK_SECONDS, Chunk, Heard, Recording
from schoolday.office.signin.membership import enrollments_held
from schoolday.office.timetable.models import Meeting

CHUNK_AT_MOST_BYTES = 64 * 2**20  # five seconds are one MB; a device that slept may send more at once
CHUNKS_AT_MOST = 8 * 3_600 // CHUNK_SECONDS
LONGER_AT_MOST_DAYS = 730
SILENT_FOR = timedelta(hours=24)


class ChunkDiffers(SchooldayError):
    """There is another piece under this number."""

    code = "chunk_differs"
    status = HTTPStatus.CONFLICT
    text = "There is another piece of the recording under this number."


class ChunksMissing(SchooldayError):
    """Pieces have not come yet; `missing`: the first of their numbers."""

    code = "chunks_missing"
    status = HTTPStatus.CONFLICT
    text = "Some pieces of the recording have not come yet."
    retryable = True

    def __init__(self, missing: list[int]) -> None:
        super().__init__()
        self.missing = missing

    def as_dict(self) -> dict[str, object]:
        return super().as_dict() | {"missing": self.missing}


class BadReason(SchooldayError):
    """Nobody keeps a recording longer without saying why."""

    code = "bad_reason"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("Say why it is kept, and for how many days: 1 to 730.")


@transaction.atomic
def begin(person: Person, meeting: Meeting, *, device_key: str, started_at: datetime, media_type: str) -> Recording:
    """
    Make room for a recording; asked twice with the same `device_key` it is one.

    :raises BadRequest: for a kind of file that we do not keep; files.NoRoom: if RECORDINGS_AT_MOST_GB is used up
    """
    files.extension_of(media_type)
    known = Recording.objects.filter(device_key=device_key, made_by=person).first()
    if known is not None:
        return known
    check_quota()
    now = clock.now()
    made = Recording.objects.create(
        section=meeting.section,
        meeting=meeting,
        made_by=person,
        device_key=device_key,
        # A device's clock is believed within its meeting's day, and no further.
        started_at=started_at if abs(started_at - meeting.starts_at) < timedelta(hours=12) else now,
        media_type=media_type[:80],
        heard_at=now,
        keep_until=now + timedelta(days=settings.SCHOOLDAY["RECORDING_KEEP_DAYS"]),
    )
    audit.record(person, "recording.begin", "recording", made.id, section=meeting.section_id, meeting=meeting.id)
    return made


def check_quota() -> None:
    """
    Let nothing more in when what is kept fills RECORDINGS_AT_MOST_GB.

    :raises files.NoRoom: if it does
    """
    used = Recording.objects.aggregate(used=Sum("size_bytes"))["used"] or 0
    if used >= settings.SCHOOLDAY["RECORDINGS_AT_MOST_GB"] * 2**30:
        raise files.NoRoom


def keep_chunk(
    recording: Recording, number: int, source: files.Source, *, size_bytes: int, sha256: str, heard: Collection[str]
) -> None:
    """
    Keep one piece; it is on the disk before its row is. Again it changes nothing.

    `heard`: ids of the students who are in it; those who are not of the section are not written down.

    :raises ChunkDiffers: if another piece has this number; files.Damaged, files.NoRoom, BadRequest
    """
    if not (0 <= number < CHUNKS_AT_MOST and 0 < size_bytes <= CHUNK_AT_MOST_BYTES):
        raise BadRequest("A recording has at most eight hours, a piece at most 64 MB.")
    known = Chunk.objects.filter(recording=recording, number=number).first()
    if known is not None:
        if known.sha256 != sha256:
            raise ChunkDiffers
        return
    if recording.finished_at is not None:
        raise ChunkDiffers
    check_quota()
    files.keep_chunk(recording.id, number, source, size_bytes=size_bytes, sha256=sha256)
    with contextlib.suppress(IntegrityError):  # the same piece came twice at once: it is there
        _note_chunk(recording, number, size_bytes=size_bytes, sha256=sha256, heard=heard)


@transaction.atomic
def _note_chunk(recording: Recording, number: int, *, size_bytes: int, sha256: str, heard: Collection[str]) -> None:
    locked = Recording.objects.select_for_update().get(id=recording.id)
    Chunk.objects.create(recording=locked, number=number, size_bytes=size_bytes, sha256=sha256)
    locked.size_bytes += size_bytes
    locked.heard_at = clock.now()
    locked.save(update_fields=["size_bytes", "heard_at"])
    on = locked.meeting.on
    of_section = enrollments_held(on, on).filter(section=locked.section_id, role="student", person__in=list(heard))
    known = {one.person_id: one for one in Heard.objects.filter(recording=locked)}
    for student_id in sorted(set(of_section.values_list("person_id", flat=True))):
        one = known.get(student_id)
        if one is None:
            Heard.objects.create(recording=locked, person_id=student_id, first_chunk=number, last_chunk=number)
        elif not one.first_chunk <= number <= one.last_chunk:
            one.first_chunk, one.last_chunk = min(one.first_chunk, number), max(one.last_chunk, number)
            one.save(update_fields=["first_chunk", "last_chunk"])


def finish(recording: Recording, *, chunks: int, seconds: int, by: Person | None) -> Recording:
    """
    Put the pieces together; then it can be watched. Again it changes nothing.

    :raises ChunksMissing: naming up to 100 that have not come; files.NoRoom: if the disk is full
    """
    if recording.finished_at is not None:
        return recording
    if not 0 < chunks <= CHUNKS_AT_MOST or not 0 <= seconds <= CHUNKS_AT_MOST * CHUNK_SECONDS:
        raise BadRequest("A recording has a piece at least, and eight hours at most.")
    there = set(Chunk.objects.filter(recording=recording).values_list("number", flat=True))
    missing = [number for number in range(chunks) if number not in there]
    if missing:
        raise ChunksMissing(missing[:100])
    size = files.put_together(recording.id, recording.media_type, chunks=chunks, seconds=seconds)
    with transaction.atomic():
        locked = Recording.objects.select_for_update().get(id=recording.id)
        if locked.finished_at is None:
            locked.finished_at, locked.seconds, locked.size_bytes = clock.now(), seconds, size
            locked.save(update_fields=["finished_at", "seconds", "size_bytes"])
            locked.chunks.all().delete()
            audit.record(by, "recording.finish", "recording", locked.id, seconds=seconds, bytes=size)
    return locked


@transaction.atomic
def publish(recording: Recording, *, by: Person, published: bool) -> None:
    """Let the section's students and their guardians watch it, or no longer."""
    recording.published = published
    recording.save(update_fields=["published"])
    audit.record(by, "recording.publish" if published else "recording.withdraw", "recording", recording.id)


@transaction.atomic
def extend(recording: Recording, *, by: Person, days: int, reason: str) -> None:
    """
    Keep it for so many days from now.

    :raises BadReason: without a reason, or for no time that we keep anything
    """
    reason = " ".join(reason.split())[:300]
    if not reason or not 1 <= days <= LONGER_AT_MOST_DAYS:
        raise BadReason
    recording.keep_until = max(recording.keep_until, clock.now() + timedelta(days=days))
    recording.kept_because = reason
    recording.save(update_fields=["keep_until", "kept_because"])
    audit.record(by, "recording.extend", "recording", recording.id, days=days)


def delete(recordings: Collection[Recording], *, by: Person | None, why: str) -> int:
    """
    Delete recordings for good and return how many; `why`: `asked`, `withdrawn` or `retention`.

    The row goes first: killed in between, the file that is left belongs to nothing and is swept away.
    """
    for one in recordings:
        with transaction.atomic():
            audit.record(by, "recording.delete", "recording", one.id, section=one.section_id, why=why)
            Recording.objects.filter(id=one.id).delete()
        files.forget(one.id)
    return len(recordings)
