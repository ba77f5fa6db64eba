"""Evidence as it came, the register computed from it, and how far each door's spool is drained."""

from django.db import models

from schoolday.office.people.models import Person
from schoolday.office.timetable.models import Meeting


class EvidenceEvent(models.Model):
    """
    One event, never changed. Mirrors contracts.evidence.Evidence.

    Person and meeting are ids without a foreign key: evidence is kept even when the roster no longer knows them.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=20)
    person_id = models.CharField(max_length=12, db_index=True)
    meeting_id = models.CharField(max_length=12, blank=True)
    happened_at = models.DateTimeField(help_text="by the receiver's clock, the device's skew taken out")
    device_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    device = models.CharField(max_length=43, blank=True)
    by_id = models.CharField(max_length=12, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["meeting_id", "person_id"])]


class RefusedEvidence(models.Model):
    """One event of a door's spool that could not be taken, as it came, and why: nothing is dropped unseen."""

    door = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    body = models.TextField(help_text="the event as the door sent it, cut at 4,000 letters")
    at = models.DateTimeField()


class RegisterEntry(models.Model):
    """
    What the register says of one student in one meeting. Computed; `mark` is the teacher's word, which wins.

    Times are real; `minutes_tardy` counts from the bell, 0 when not tardy. `status` is empty while a mark was made
    before there was evidence and before the meeting was over.
    """

    class Status(models.TextChoices):
        PRESENT = "present"
        TARDY = "tardy"
        ABSENT = "absent"
        EXCUSED = "excused"  # only ever a mark

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="register")
    person = models.ForeignKey(Person, models.CASCADE, related_name="register")
    status = models.CharField(max_length=10, choices=Status, blank=True, help_text="what the evidence says")
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    minutes_tardy = models.PositiveSmallIntegerField(default=0)
    minutes_present = models.PositiveSmallIntegerField(default=0)
    left_early = models.BooleanField(default=False)
    mark = models.CharField(max_length=10, choices=Status, blank=True, help_text="what the teacher says")
    mark_minutes_tardy = models.PositiveSmallIntegerField(null=True, blank=True)
    marked_by_id = models.CharField(max_length=12, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_entry_per_meeting_and_person")]

    @property
    def shown_status(self) -> str:
        """What counts: the teacher's mark, else the evidence."""
        return self.mark or self.status

    @property
    def shown_minutes_tardy(self) -> int:
        """How late, when what counts is tardy: the teacher's minutes, else those of the evidence."""
        if self.shown_status != self.Status.TARDY:
            return 0
        return self.minutes_tardy if self.mark_minutes_tardy is None else self.mark_minutes_tardy


class DoorCursor(models.Model):
    """How far a door's spool is drained. A new spool of the door starts at 0 again."""

    door = models.CharField(max_length=40)
    spool = models.CharField(max_length=40)
    last = models.BigIntegerField(default=0)
    drained_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "spool"], name="one_cursor_per_spool")]


class RegisterClose(models.Model):
    """One row: up to when the meetings that ended have their absences in the register."""

    began_at = models.DateTimeField(help_text="nothing that ended before is ever closed: nobody could have come here")
    closed_until = models.DateTimeField()
