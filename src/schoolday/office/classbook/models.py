"""What is kept of each meeting: notes of what happened, files that were shown, and each teacher's own words."""

from django.db import models

from schoolday.lib.ids import new_id
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section

KEY_AT_MOST_LETTERS = 160
NAME_AT_MOST_LETTERS = 200


class Note(models.Model):
    """
    One thing that happened in a meeting, as a grown-up's device noted it. Mirrors app/src/live/notes.ts.

    Meeting and people are ids without a foreign key: a note is kept even when bells or roster no longer know them.
    `person_id`: whom it is about, empty: the class; `by_id`: whose device sent it first.
    """

    section = models.ForeignKey(Section, models.CASCADE, related_name="+", db_index=False)
    meeting_id = models.CharField(max_length=12)
    on = models.DateField(help_text="the meeting's")
    key = models.CharField(max_length=KEY_AT_MOST_LETTERS)
    kind = models.CharField(max_length=20)
    person_id = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField(help_text="when it happened, by the servers' clock")
    body = models.JSONField(default=dict)
    by_id = models.CharField(max_length=12)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting_id", "key"], name="one_note_per_key")]
        indexes = [models.Index(fields=["section", "on"], name="notes_of_a_section"), models.Index(fields=["on"])]


class ClassFile(models.Model):
    """
    A file that was given to a class, a board or slides. Its content lies in CLASSBOOK_DIR under its SHA-256.

    `deleted_at`: taken back; it can be put back for some minutes, then the row goes and nobody's content with it.
    """

    class Kind(models.TextChoices):
        FILE = "file"
        BOARD = "board"
        SLIDES = "slides"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    section = models.ForeignKey(Section, models.CASCADE, related_name="+")
    meeting_id = models.CharField(max_length=12, db_index=True)
    on = models.DateField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=NAME_AT_MOST_LETTERS)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    by_id = models.CharField(max_length=12)
    at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)


class PrivateNotes(models.Model):
    """What one grown-up wrote for herself about one meeting. Nobody else reads it. `version` rises with each save."""

    meeting_id = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    on = models.DateField(db_index=True)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting_id", "person"], name="one_text_per_person_and_meeting")]
