"""What the office notes of its own work: who was called about tomorrow."""

from django.db import models

from schoolday.office.people.models import Person


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
