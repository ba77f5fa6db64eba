"""A grown-up's own words about a meeting: hers alone."""

from dataclasses import dataclass
from http import HTTPStatus

from django.db import transaction

from schoolday.lib import clock
from schoolday.lib.errors import BadRequest, SchooldayError
from schoolday.office.classbook.models import PrivateNotes
from schoolday.office.people.models import Person
from schoolday.office.timetable.models import Meeting

TEXT_AT_MOST_LETTERS = 20_000


@dataclass(frozen=True)
class Words:
    """`version` 0: nothing was ever written."""

    text: str
    version: int


class ChangedElsewhere(SchooldayError):
    """Another window of hers saved since this one read."""

    code = "changed_elsewhere"
    status = HTTPStatus.CONFLICT
    text = "These notes were changed in another window."

    def __init__(self, theirs: Words) -> None:
        super().__init__()
        self.theirs = theirs

    def as_dict(self) -> dict[str, object]:
        return super().as_dict() | {"theirs": {"text": self.theirs.text, "version": self.theirs.version}}


def words_of(person: Person, meeting: Meeting) -> Words:
    """Return what she wrote about this meeting."""
    row = PrivateNotes.objects.filter(person=person, meeting_id=meeting.id).first()
    return Words(row.text, row.version) if row else Words("", 0)


@transaction.atomic
def save_words(person: Person, meeting: Meeting, *, text: str, version: int | None) -> Words:
    """
    Keep her words in place of those before. `version`: of the words she changed; None: whatever they were.

    The same text saved again is no change. No audit row: nobody but her is touched.

    :raises BadRequest: if it is too long
    :raises ChangedElsewhere: if there are newer words than those she changed
    """
    if len(text) > TEXT_AT_MOST_LETTERS or "\0" in text:
        raise BadRequest(f"At most {TEXT_AT_MOST_LETTERS} letters, and no zero byte.")
    PrivateNotes.objects.bulk_create(
        [PrivateNotes(person=person, meeting_id=meeting.id, on=meeting.on, changed_at=clock.now())],
        ignore_conflicts=True,
    )
    row = PrivateNotes.objects.select_for_update().get(person=person, meeting_id=meeting.id)
    if row.text == text and row.version:
        return Words(row.text, row.version)
    if version is not None and version != row.version:
        raise ChangedElsewhere(Words(row.text, row.version))
    row.text, row.version, row.changed_at = text, row.version + 1, clock.now()
    row.save(update_fields=["text", "version", "changed_at"])
    return Words(row.text, row.version)
