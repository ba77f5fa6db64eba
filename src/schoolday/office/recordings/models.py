"""Recordings of classes, the pieces in which they came, and who is in them."""

from django.db import models

from schoolday.lib.ids import new_id
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.timetable.models import Meeting

# What the device cuts a recording into; app/src/live/record/video/recorder.ts has the same.
CHUNK_SECONDS = 5


class Recording(models.Model):
    """
    One recording of one meeting. Its file is there whole once `finished_at` is set, and not before.

    `published`: the section's students and their guardians may watch it too.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    section = models.ForeignKey(Section, models.CASCADE, related_name="recordings")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="recordings")
    made_by = models.ForeignKey(Person, models.CASCADE, related_name="recordings_made")
    device_key = models.CharField(max_length=36, unique=True, help_text="made on the device: asked twice it is one")
    started_at = models.DateTimeField()
    media_type = models.CharField(max_length=80)
    seconds = models.PositiveIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    heard_at = models.DateTimeField(help_text="when something of it came last")
    finished_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateTimeField()
    kept_because = models.CharField(max_length=300, blank=True, help_text="why it is kept longer than all")
    published = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["section", "started_at"]), models.Index(fields=["keep_until"])]

    def __str__(self) -> str:
        return self.id


class Chunk(models.Model):
    """One piece that is safe on our disk, in the order of `number` from 0."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recording", "number"], name="one_chunk_per_number")]


class Heard(models.Model):
    """A student whose voice or picture was mixed in, from the first piece to the last that has her."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="heard")
    person = models.ForeignKey(Person, models.CASCADE, related_name="in_recordings")
    first_chunk = models.PositiveIntegerField()
    last_chunk = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recording", "person"], name="once_per_recording")]

    @property
    def from_second(self) -> int:
        return self.first_chunk * CHUNK_SECONDS

    @property
    def until_second(self) -> int:
        return (self.last_chunk + 1) * CHUNK_SECONDS
