"""Incidents with their timeline, and who asked for help."""

from django.db import models

from schoolday.contracts.probes import Layer
from schoolday.lib.ids import new_id
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Section


class Incident(models.Model):
    """
    Something is broken for somebody, from `started_at` until it is closed with a review. It may be opened again.

    `schools` follows from `scope` when it is written. `public`: one sentence in en, es and ht, all three or none.
    """

    class Severity(models.TextChoices):
        MINOR = "minor"
        MAJOR = "major"
        CRITICAL = "critical"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    title = models.CharField(max_length=120)
    layer: models.CharField[Layer, Layer] = models.CharField(max_length=10)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.MAJOR)
    scope = models.JSONField(help_text="attendance.scope.Scope.as_dict")
    schools = models.ManyToManyField(Org, related_name="incidents")
    started_at = models.DateTimeField()
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=12, blank=True, help_text="person; empty: a command")
    next_update_at = models.DateTimeField(null=True, blank=True, help_text="when people hear the next word")
    public = models.JSONField(default=dict, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    review = models.JSONField(default=dict, blank=True, help_text="happened, change, who")

    class Meta:
        indexes = [models.Index(fields=["closed_at", "started_at"])]


class TimelineEntry(models.Model):
    """One thing that was seen, decided, told or changed. Only ever added: a wrong one is corrected by the next."""

    class Kind(models.TextChoices):
        SEEN = "seen"
        DECIDED = "decided"
        TOLD = "told"
        CHANGED = "changed"

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    author_id = models.CharField(max_length=12, blank=True, help_text="person; empty: a command")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=1000)

    class Meta:
        indexes = [models.Index(fields=["incident", "at"])]


class HelpRequest(models.Model):
    """One press of the help button, from one event of evidence. Who presses again shows once, by her latest."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        DONE = "done"

    class Cause(models.TextChoices):
        LINE = "line"
        CAMERA = "camera"
        MICROPHONE = "microphone"
        SIGN_ON = "sign_on"
        SECTION = "section"
        DOOR = "door"
        LIVE = "live"
        OTHER = "other"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    event_id = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="help_requests")
    school = models.ForeignKey(Org, models.CASCADE, null=True, related_name="help_requests")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, related_name="+")
    meeting_id = models.CharField(max_length=12, blank=True)
    cause = models.CharField(max_length=10, choices=Cause)
    detail = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=5, choices=State, default=State.OPEN)
    taken_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"]), models.Index(fields=["person", "state"])]
