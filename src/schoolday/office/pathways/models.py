"""Alternates of a section, who is denied, and the plans that were published."""

from django.db import models

from schoolday.contracts.plan import PathwayKind
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section


class Alternate(models.Model):
    """Where a section goes when live cannot serve; `rank` is the order to try."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="alternates")
    rank = models.PositiveSmallIntegerField()
    kind: models.CharField[PathwayKind, PathwayKind] = models.CharField(max_length=10)
    url = models.CharField(max_length=500)
    label = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "rank"], name="one_alternate_per_rank")]


class PlanRelease(models.Model):
    """One published plan. `version` only ever rises; the index file in force has the highest."""

    version = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    from_date = models.DateField()
    until_date = models.DateField()
    schools = models.PositiveIntegerField()
    meetings = models.PositiveIntegerField()
    index_sha256 = models.CharField(max_length=64)


class Denial(models.Model):
    """One line of the deny list: a person below an epoch, or one taken out of a section since her pass was made."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="denials")
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="denials")
    below_epoch = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    until = models.DateTimeField(help_text="after this no pass made before is good anyway")
