"""Notices, what became of each at each person, and how each person wants to be told."""

from typing import Literal

from django.db import models

from schoolday.lib.ids import new_id
from schoolday.office.people.models import Org, Person

Level = Literal["info", "warning", "emergency"]


class Notice(models.Model):
    """
    One thing that people are told. Once sent it never changes: a correction is a new one that `follows` it.

    `sentences` name entries of situations.json, `facts` fill them; `free` holds a text per language, all or none.
    `clock_from`: since when people have been waiting to hear: the incident's start, else when sending was asked for.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PREPARING = "preparing"  # rows are being made, teachers' first; the first of them go out already
        GOING = "going"
        STOPPED = "stopped"
        DONE = "done"

    class Meaning(models.TextChoices):  # CAP's msgType
        ALERT = "alert"
        UPDATE = "update"
        CANCEL = "cancel"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    incident_id = models.CharField(max_length=40, blank=True, help_text="opaque; empty: a notice of its own")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    meaning = models.CharField(max_length=6, choices=Meaning, default=Meaning.ALERT)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    level: models.CharField[Level, Level] = models.CharField(max_length=10, default="info")
    sentences = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    free = models.JSONField(default=dict)
    audience = models.JSONField(default=dict)
    schools = models.ManyToManyField(Org, related_name="notices", help_text="those it touches; set when it is sent")
    channels = models.JSONField(default=list)
    made_by = models.CharField(max_length=12, blank=True, help_text="person; empty: a command or a job")
    made_at = models.DateTimeField()
    clock_from = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="when sending was asked for")
    prepared_at = models.DateTimeField(null=True, blank=True)
    until_at = models.DateTimeField(null=True, blank=True, help_text="until when it is shown")
    done_at = models.DateTimeField(null=True, blank=True)
    folded_at = models.DateTimeField(null=True, blank=True, help_text="since when its rows are only counts")

    class Meta:
        indexes = [models.Index(fields=["state"]), models.Index(fields=["made_at"])]


class Delivery(models.Model):
    """
    One notice on its way to one person by one channel; without a person: to a public place such as a feed.

    `address_key` tells addresses apart without holding one, so two people who share a phone are texted once. A row in
    `sending` belongs to the worker `claimed_by` until `leased_until`: what happened to it stands in that worker's
    journal (delivery/journal.py). `unknown`: it may have gone out, and nobody can tell.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        UNDELIVERABLE = "undeliverable"
        SKIPPED = "skipped"
        UNKNOWN = "unknown"
        HELD = "held"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="deliveries")
    school = models.ForeignKey(Org, models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=10)
    target = models.CharField(max_length=80, blank=True, help_text="a web push subscription or a web hook")
    address_key = models.CharField(max_length=40)
    lane = models.CharField(max_length=80, blank=True, help_text="what is paced together: the domain of a mail")
    rank = models.SmallIntegerField(help_text="who goes first: emergencies, then staff, guardians, students")
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=13, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=80, blank=True, help_text="a word of words.REASONS, or what the server said")
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_by = models.CharField(max_length=12, blank=True)
    attempt_id = models.CharField(max_length=12, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel", "address_key"], name="told_once")]
        indexes = [
            models.Index(fields=["channel", "state", "rank", "id"], name="delivery_queue"),
            models.Index(fields=["notice", "channel", "language", "state"], name="delivery_progress"),
        ]


class DeliveryTotal(models.Model):
    """
    How many rows of an old notice were alike, when the rows themselves are gone: nobody's name, nobody's address.

    `first_at`: when the first of these went out.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="totals")
    school_id = models.CharField(max_length=12, blank=True, help_text="empty: a public place")
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=5)
    state = models.CharField(max_length=13, choices=Delivery.State)
    reason = models.CharField(max_length=80, blank=True)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "school_id", "channel", "language", "state", "reason"], name="counted_once"
            )
        ]


class BadAddress(models.Model):
    """
    A mail address from which mail comes back, known by its key alone (`addresses.address_key`). Nothing is sent there
    any more; a person who gets another address has another key, and is written to again.
    """

    class Reason(models.TextChoices):
        BOUNCED = "bounced"
        REJECTED = "rejected"
        COMPLAINED = "complained"

    address_key = models.CharField(primary_key=True, max_length=40)
    reason = models.CharField(max_length=10, choices=Reason)
    since = models.DateTimeField()


class Preference(models.Model):
    """How a person wants to be told; without a row words.py's defaults hold. Emergencies come by all channels."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="notice_preference")
    mail = models.BooleanField()
    sms = models.BooleanField()
    voice = models.BooleanField()
    push = models.BooleanField()
    changed_at = models.DateTimeField()


class PushSubscription(models.Model):
    """One browser that wants notices. Removed when its push service says that it is gone."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=1000)
    endpoint_sha256 = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    made_at = models.DateTimeField()


class NoticeBar(models.Model):
    """
    A guardian who is told nothing about one child. Not on the guardianship's own row: a roster may bring that anew.
    """

    guardian = models.ForeignKey(Person, models.CASCADE, related_name="barred_from")
    student = models.ForeignKey(Person, models.CASCADE, related_name="barred")
    made_by = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guardian", "student"], name="one_bar_per_pair")]


class ChannelState(models.Model):
    """What a channel's own breaker says: written when it opens or closes, for people to see."""

    channel = models.CharField(primary_key=True, max_length=10)
    is_resting = models.BooleanField(default=False)
    since = models.DateTimeField()
    reason = models.CharField(max_length=80, blank=True)
