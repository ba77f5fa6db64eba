"""Devices and their passes, turns of sections, who has duty, and what keeps guessing slow."""

from django.db import models

from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Section


class Device(models.Model):
    """
    One device of one person: the public half of its P-256 key, and what its pass says.

    All passes of a device carry the same `pass_jti`, so one line on the deny list kills every one of them.
    `pass_ends` is when the last pass proper ends (empty: none that is worth anything), `pass_until` the end of the
    last grace, `pass_sections` what its passes open and until when (section id ->
    seconds since 1970): what there is more than the roster says, the plan denies. `pass_turns`: the highest turn of
    each section for which it was given spare tickets.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="devices")
    thumbprint = models.CharField(max_length=43, help_text="RFC 7638")
    key_x = models.CharField(max_length=43)
    key_y = models.CharField(max_length=43)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    pass_jti = models.CharField(max_length=36, blank=True)
    pass_ends = models.DateTimeField(null=True, blank=True)
    pass_until = models.DateTimeField(null=True, blank=True)
    pass_sections = models.JSONField(default=dict)
    pass_turns = models.JSONField(default=dict)
    session_key = models.CharField(max_length=40, blank=True, help_text="the office's session in its browser")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thumbprint"], name="one_device_once_per_person")]
        indexes = [models.Index(fields=["pass_until"])]


class RevokedPass(models.Model):
    """The passes of a device that was taken away; denied until none of them is good anyway."""

    jti = models.CharField(primary_key=True, max_length=36)
    until = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField()


class EpochRise(models.Model):
    """Everything made for a person below this epoch is dead; kept until none of it is good anyway."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="epoch_rise")
    epoch = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)


class SectionTurn(models.Model):
    """
    The turn of a section's meetings; no row: 0. Only ever rises, each time somebody who could enter must not any more.

    `gone_at`: the latest of those who left the section by the roster for whom it has risen.
    """

    section = models.OneToOneField(Section, models.CASCADE, primary_key=True, related_name="turn")
    turn = models.PositiveIntegerField(default=0)
    gone_at = models.DateTimeField(null=True, blank=True)


class DutyPlace(models.Model):
    """An adult of a school who is called when a class has no adult; `rank` is the order. No row: its administrators."""

    school = models.ForeignKey(Org, models.CASCADE, related_name="duty_places")
    person = models.ForeignKey(Person, models.CASCADE, related_name="duty_places")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "person"], name="one_duty_place_once"),
            models.UniqueConstraint(fields=["school", "rank"], name="one_duty_place_per_rank"),
        ]


class FailedSignOn(models.Model):
    """One wrong password, by hashes of account and address; old ones are swept. Not a record of people."""

    account = models.CharField(max_length=64)
    account_and_address = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["account", "at"]), models.Index(fields=["account_and_address", "at"])]


class GoodSignOn(models.Model):
    """An account has signed on from this address lately: wrong tries from elsewhere do not lock it out here."""

    account_and_address = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField(db_index=True)
