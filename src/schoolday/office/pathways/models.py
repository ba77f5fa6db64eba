"""Alternates of a section, who is denied, and the plans that were published."""

from typing import Literal

from django.db import models

from schoolday.contracts.plan import PathwayKind
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Section

BannerLevel = Literal["info", "warning", "emergency"]


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


class BannerNotice(models.Model):
    """One sentence for everybody of a school, in the app and in class: written by notices, carried by the plan."""

    notice_id = models.CharField(max_length=12, help_text="opaque; the same at every school that it is for")
    school = models.ForeignKey(Org, models.CASCADE, related_name="banners")
    at = models.DateTimeField()
    until_at = models.DateTimeField()
    level: models.CharField[BannerLevel, BannerLevel] = models.CharField(max_length=10)
    en = models.TextField()
    es = models.TextField()
    ht = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice_id", "school"], name="one_banner_per_notice_and_school")]
        indexes = [models.Index(fields=["school", "until_at"])]
