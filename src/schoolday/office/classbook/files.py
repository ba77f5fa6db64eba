"""Files given to a class: put, listed, taken back, put back."""

import re
import unicodedata
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_noop

from schoolday.lib import clock
from schoolday.lib.errors import BadRequest, SchooldayError
from schoolday.office.classbook import storing
from schoolday.office.classbook.kinds import media_type_of
from schoolday.office.classbook.models import NAME_AT_MOST_LETTERS, ClassFile
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.timetable.models import Meeting

UNDO = timedelta(minutes=10)
_ENDING_AT_MOST_LETTERS = 5


class TooLarge(SchooldayError):
    """One file is too large."""

    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class SectionFull(SchooldayError):
    """The class has used up its room."""

    code = "class_full"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    text = gettext_noop("The files of this class take all the room it has. Delete some of them first.")


def at_most_bytes() -> int:
    return int(settings.SCHOOLDAY["CLASSBOOK_FILE_MB"]) * 2**20


def too_large() -> TooLarge:
    return TooLarge(f"This file is too large. At most {settings.SCHOOLDAY['CLASSBOOK_FILE_MB']} MB.")


def put_file(meeting: Meeting, *, kind: str, name: str, data: bytes, actor: Person) -> ClassFile:
    """
    Keep a file for a class. The content first, then the row: killed between, an unnamed content is swept later.

    The same content put into the same meeting under the same name again (an answer got lost) is the same file. A board
    that she went on with and saved again takes the place of what she saved before.

    :raises BadFile, TooLarge, SectionFull, DiskFull: if it cannot be kept; then nothing is
    """
    if kind not in ClassFile.Kind.values:
        raise BadRequest("kind is file, board or slides.")
    if len(data) > at_most_bytes():
        raise too_large()
    media_type, ending = media_type_of(data)
    name = clean_name(name, ending=ending)
    _check_room(meeting.section_id, len(data))
    sha256 = storing.keep(data)
    with transaction.atomic():
        Section.objects.select_for_update().get(id=meeting.section_id)  # two at once could both find room
        same = ClassFile.objects.filter(meeting_id=meeting.id, sha256=sha256, name=name, kind=kind, deleted_at=None)
        if (there := same.first()) is not None:
            return there
        _check_room(meeting.section_id, len(data))
        now = clock.now()
        hers = ClassFile.objects.filter(meeting_id=meeting.id, name=name, kind=kind, by_id=actor.id, deleted_at=None)
        replaced = hers.update(deleted_at=now) if kind == ClassFile.Kind.BOARD else 0
        file = ClassFile.objects.create(
            section_id=meeting.section_id,
            meeting_id=meeting.id,
            on=meeting.on,
            kind=kind,
            name=name,
            media_type=media_type,
            size_bytes=len(data),
            sha256=sha256,
            by_id=actor.id,
            at=now,
        )
        said = {"file": file.id, "kind": kind, "size": len(data), "replaced": replaced}
        audit.record(actor, "classbook.file", "meeting", meeting.id, **said)
    return file


def files_of(meeting_id: str) -> QuerySet[ClassFile]:
    """Return the files of a meeting, oldest first."""
    return ClassFile.objects.filter(meeting_id=meeting_id, deleted_at=None).order_by("at", "id")


@transaction.atomic
def take_back(file: ClassFile, *, actor: Person) -> None:
    """Take a file away from everybody; for ten minutes it can be put back."""
    if ClassFile.objects.filter(id=file.id, deleted_at=None).update(deleted_at=clock.now()):
        audit.record(actor, "classbook.file_back", "meeting", file.meeting_id, file=file.id)


@transaction.atomic
def put_back(file: ClassFile, *, actor: Person) -> None:
    """
    Undo it.

    :raises NotYours: if it was too long ago
    """
    if file.deleted_at is None:
        return
    if not ClassFile.objects.filter(id=file.id, deleted_at__gt=clock.now() - UNDO).update(deleted_at=None):
        raise NotYours
    audit.record(actor, "classbook.file_again", "meeting", file.meeting_id, file=file.id)


def clean_name(name: str, *, ending: str) -> str:
    """Return a name for people and file systems: no path, no sign that hides another, the ending of what it is."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(" " if unicodedata.category(x)[0] in "CZ" else x for x in plain)
    plain = re.sub(r'[<>:"|?*]', "_", " ".join(plain.split())).strip(". ")
    stem, dot, last = plain.rpartition(".")
    if dot and len(last) <= _ENDING_AT_MOST_LETTERS:
        plain = stem.strip(". ")
    return f"{(plain or 'file')[: NAME_AT_MOST_LETTERS - 10]}.{ending}"


def _check_room(section_id: str, size_bytes: int) -> None:
    used = ClassFile.objects.filter(section_id=section_id).aggregate(sum=Sum("size_bytes"))["sum"] or 0
    if used + size_bytes > int(settings.SCHOOLDAY["CLASSBOOK_CLASS_MB"]) * 2**20:
        raise SectionFull
