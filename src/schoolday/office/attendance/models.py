"""Evidence as it came, the register computed from it, amnesties, and how far each door's spool is drained."""

from django.db import models
from django.db.models import Q

from schoolday.lib.ids import new_id
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
        indexes = [
            models.Index(fields=["meeting_id", "person_id"]),
            # Looked for every two seconds; other events do not touch it.
            models.Index(fields=["received_at"], condition=Q(kind="help_asked"), name="help_asked_by_time"),
        ]


class RefusedEvidence(models.Model):
    """One event of a door's spool that could not be taken, as it came, and why: nothing is dropped unseen."""

    door = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    body = models.TextField(help_text="the event as the door sent it, cut at 4,000 letters")
    at = models.DateTimeField()


class Amnesty(models.Model):
    """
    No absence and no tardy is charged in meetings that touch the window, for the sections of the scope.

    Undone is not deleted: the register forgets it, the audit and this row do not. docs/use/amnesty.md has the rule.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    incident_id = models.CharField(max_length=12, blank=True, db_index=True, help_text="opaque; empty: on its own")
    scope = models.JSONField(help_text="scope.Scope.as_dict")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True, help_text="empty: until somebody ends it")
    reason = models.JSONField(help_text="a sentence for families in en, es and ht")
    made_by = models.CharField(max_length=12, blank=True, help_text="person; empty: a command")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["from_at"])]


class RegisterEntry(models.Model):
    """
    What the register says of one student in one meeting. Computed; `mark` is the teacher's word, which wins.

    Times are real; `minutes_tardy` counts from the bell, 0 when not tardy. `status` is empty while a mark was made
    before there was evidence and before the meeting was over. `amnesty`: why an absence or a tardy is not charged.
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
    amnesty = models.ForeignKey(Amnesty, models.SET_NULL, null=True, blank=True, db_index=False, related_name="entries")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_entry_per_meeting_and_person")]
        indexes = [  # most entries have none and cost nothing here
            models.Index(fields=["amnesty"], condition=Q(amnesty__isnull=False), name="entries_under_amnesty")
        ]

    @property
    def shown_status(self) -> str:
        """What counts: the teacher's mark, else the evidence."""
        return self.mark or self.status

    @property
    def is_charged(self) -> bool:
        """Say whether this counts against the student: absent or tardy, and under no amnesty."""
        return self.shown_status in (self.Status.ABSENT, self.Status.TARDY) and self.amnesty_id is None

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
