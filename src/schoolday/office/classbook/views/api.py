"""JSON for the device app: what happened in class, and a grown-up's own words."""

import msgspec
from django.http import HttpRequest, HttpResponse

from schoolday.lib.errors import BadRequest
from schoolday.office.classbook import private, taking
from schoolday.office.classbook.access import access_writing
from schoolday.office.http import answer, api, read
from schoolday.office.signin.access import access_asker, cookie_or_day


class NotesUpload(msgspec.Struct, frozen=True):
    """Notes of one meeting, unread: one that is broken is refused alone. `sent_at`: ms."""

    meeting: str
    section: str
    sent_at: int
    notes: tuple[msgspec.Raw, ...]


class WordsIn(msgspec.Struct, frozen=True):
    """`version`: of the words that were changed; left out: whatever they were."""

    text: str
    version: int | None = None


@cookie_or_day
@api("POST")
def notes(request: HttpRequest) -> HttpResponse:
    """Keep what a grown-up's device noted of a meeting, and say which notes are safe here for good."""
    person = access_asker(request).person
    upload = read(request, NotesUpload)
    if len(upload.notes) > taking.NOTES_AT_MOST:
        raise BadRequest(f"At most {taking.NOTES_AT_MOST} notes at a time.")
    meeting = access_writing(person, upload.meeting, upload.section)
    taken = taking.take_notes(meeting, upload.notes, sent_at=upload.sent_at, actor=person)
    return answer({"kept": taken.kept, "refused": taken.refused})


@cookie_or_day
@api("GET", "PUT")
def own_words(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """Return or keep what she wrote for herself about a meeting."""
    person = access_asker(request).person
    meeting = access_writing(person, meeting_id)
    if request.method == "GET":
        return answer(private.words_of(person, meeting))
    words = read(request, WordsIn)
    return answer(private.save_words(person, meeting, text=words.text, version=words.version))
