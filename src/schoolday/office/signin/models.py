"""Devices, and what keeps guessing slow."""

from django.db import models

from schoolday.office.people.models import Person


class Device(models.Model):
    """One device of one person: the public half of its P-256 key, and until when its pass is good."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="devices")
    thumbprint = models.CharField(max_length=43, help_text="RFC 7638")
    key_x = models.CharField(max_length=43)
    key_y = models.CharField(max_length=43)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    pass_jti = models.CharField(max_length=36, blank=True)
    pass_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thumbprint"], name="one_device_once_per_person")]


class FailedSignOn(models.Model):
    """One wrong password, by hashes of account and address; old ones are swept. Not a record of people."""

    account = models.CharField(max_length=64)
    account_and_address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "at"]), models.Index(fields=["account_and_address", "at"])]
