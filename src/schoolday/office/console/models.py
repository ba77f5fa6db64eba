"""What the office notes of its own work: who was called about tomorrow, and how many were ready when last counted."""

from django.db import models

from schoolday.office.people.models import Org, Person


class CallNote(models.Model):
    """
    The last word of a call about one student's readiness for one school day. A family's call makes one per child.

    Taken back, the row goes; who did what and when stays in the audit.
    """

    class Outcome(models.TextChoices):
        CALLED = "called"
        NO_ANSWER = "no_answer"

    person = models.ForeignKey(Person, models.CASCADE, related_name="call_notes", help_text="the student")
    on = models.DateField(help_text="the school day that the call was about")
    outcome = models.CharField(max_length=10, choices=Outcome)
    by_id = models.CharField(max_length=12, help_text="person who called")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="one_call_note_per_person_and_day")]


class ReadinessCount(models.Model):
    """What the worker counted last of one school: a large district's page reads it and counts nothing itself."""

    school = models.OneToOneField(Org, models.CASCADE, related_name="readiness_count")
    at = models.DateTimeField(help_text="when it was counted; the same for all schools of one count")
    on = models.DateField(null=True, help_text="the school day it is about; empty: the school's year is over")
    bell_at = models.DateTimeField(null=True)
    students = models.JSONField(help_text="enrolled, ready, can come")
    adults = models.JSONField(help_text="enrolled, ready, can come")
    calls = models.JSONField(help_text="to call, called, without a number")
