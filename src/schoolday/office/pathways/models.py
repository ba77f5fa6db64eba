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
    """One line of the deny list: a person below an epoch, or one taken out of a section, or for once of a meeting."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="denials")
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="denials")
    meeting = models.CharField(max_length=12, blank=True, default="", help_text="taken out of this meeting alone")
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


class SchoolPathways(models.Model):
    """What a school lets its teachers choose as an alternate. Without a row: everything."""

    school = models.OneToOneField(Org, models.CASCADE, primary_key=True, related_name="pathways_allowed")
    kinds = models.JSONField(default=list, help_text="allowed kinds")
    hosts = models.JSONField(default=list, help_text="hosts that links may lead to, and all below them; empty: any")


class AlternatesBefore(models.Model):
    """What a section's alternates were before the last change, so that it can be undone."""

    section = models.OneToOneField(Section, models.CASCADE, primary_key=True, related_name="alternates_before")
    rows = models.JSONField(default=list, help_text="objects of kind, url, label, in the order to try")


class LinkCheck(models.Model):
    """What the last look at a link found. One row per link, however many sections use it."""

    url = models.CharField(max_length=500, unique=True)
    state = models.CharField(max_length=20, help_text="of ways.links.State")
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    led_to = models.CharField(max_length=255, blank=True, help_text="host of the page that answered in the end")
    checked_at = models.DateTimeField(db_index=True)


class Packet(models.Model):
    """The lesson of one section for one day, as a file beside the plan: `packets/<sha256>.<extension>`."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="packets")
    on = models.DateField()
    title = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    extension = models.CharField(max_length=4)
    size_bytes = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "on"], name="one_packet_per_day")]


# A model of this app, kept in its own file: found by Django because it is imported here.
from schoolday.office.pathways.detours.model import Detour as Detour  # noqa: E402  # last: it stands on the rest
