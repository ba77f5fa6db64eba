"""Who comes to a class beside its roster, for a time; what a school allows; what families said of recordings."""

from datetime import date

from django.db import models
from django.db.models import Q

from schoolday.lib.ids import new_id
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Enrollment, Section


class Arrangement(models.Model):
    """
    One person who comes to one section from a day to a day. `enrollment` is what bundles, passes and the register read;
    its `sourced_id` begins with `local:`, so that no roster touches it.
    """

    class Kind(models.TextChoices):
        SUBSTITUTE = "substitute"
        CO_TEACHER = "co_teacher"
        AIDE = "aide"
        INTERPRETER = "interpreter"
        VISIT = "visit"  # of the principal, a mentor: sees and hears
        GUARDIAN = "guardian"  # of a child of the class: sees and hears

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    section = models.ForeignKey(Section, models.CASCADE, related_name="arrangements")
    person = models.ForeignKey(Person, models.CASCADE, related_name="arrangements")
    kind = models.CharField(max_length=12, choices=Kind)
    enrollment = models.OneToOneField(Enrollment, models.CASCADE, related_name="arrangement")
    begins_on = models.DateField()
    last_on = models.DateField(help_text="the last day on which she comes")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="ended early; empty: it ends by itself")
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["section", "last_on"])]

    def holds_on(self, on: date) -> bool:
        """Say whether she comes on this day of the school's calendar."""
        return self.ended_at is None and self.begins_on <= on <= self.last_on


class SchoolRules(models.Model):
    """What a school allows beyond the default, which is neither."""

    school = models.OneToOneField(Org, models.CASCADE, primary_key=True, related_name="arrangement_rules")
    guardians_may_observe = models.BooleanField(default=False)
    teachers_may_invite = models.BooleanField(default=False, help_text="aides, interpreters, visits; not substitutes")


class Consent(models.Model):
    """
    What was said of one child: may she be in a recording; does her picture go to the teacher only.

    `guardian`: whose word it is; empty: the school's own. `entered_by`: who wrote it down for her, from paper or by
    telephone; empty: she did it herself. The newest word of each is kept, what was before is in the audit.
    """

    class Subject(models.TextChoices):
        RECORDING = "recording"
        CAMERA = "camera_to_teacher"

    child = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    guardian = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="consents_given")
    subject = models.CharField(max_length=20, choices=Subject)
    says_yes = models.BooleanField()
    said_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "guardian", "subject"],
                condition=Q(guardian__isnull=False),
                name="one_word_of_a_guardian",
            ),
            models.UniqueConstraint(
                fields=["child", "subject"], condition=Q(guardian__isnull=True), name="one_word_of_the_school"
            ),
        ]
