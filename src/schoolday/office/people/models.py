"""Orgs, persons, roles, guardians, and the audit. OneRoster names; ids are opaque (lib.ids)."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from schoolday.lib.ids import new_id


class Org(models.Model):
    """A district or a school. A district has no parent. Never deleted by a roster: `is_active` goes off."""

    class Kind(models.TextChoices):
        DISTRICT = "district"
        SCHOOL = "school"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    sourced_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=255)
    identifier = models.CharField(max_length=255, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    time_zone = models.CharField(max_length=64, blank=True, help_text="empty: the district's")
    phone = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=40, blank=True)
    tardy_after_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="empty: TARDY_AFTER_MINUTES"
    )
    is_active = models.BooleanField(default=True, help_text="off: gone from the roster")

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(user_name=username)


class Person(AbstractBaseUser):
    """
    One human being, also the account that signs on. `password` is unusable until one is set.

    `user_name` is unique in the district; `epoch` rises to kill every pass of the person; `badge_number` is the
    number of the badge in force (40 bits), every student has one. A `sourced_id` that begins with `local:` is an
    account that no roster knows and no import touches. Never deleted by an import: evidence hangs on a person.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    sourced_id = models.CharField(max_length=255, unique=True)
    user_name = models.CharField(max_length=255, unique=True)
    given_name = models.CharField(max_length=255)
    middle_name = models.CharField(max_length=255, blank=True)
    family_name = models.CharField(max_length=255)
    preferred_name = models.CharField(max_length=255, blank=True)
    grade = models.CharField(max_length=10, blank=True, help_text="OneRoster: PK, KG, 01 to 12")
    email = models.EmailField(max_length=255, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="en", help_text="en, es or ht")
    is_active = models.BooleanField(default=True, help_text="off: gone from the roster, or not enabled in it")
    epoch = models.PositiveIntegerField(default=0)
    badge_number = models.BigIntegerField(null=True, blank=True, unique=True)

    USERNAME_FIELD = "user_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    def __str__(self) -> str:
        return self.id

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sign-ons end with the password, as Django has it, and with the epoch, as passes do."""
        salt = "schoolday.office.people.models.Person.get_session_auth_hash"
        return salted_hmac(salt, f"{self.password}|{self.epoch}", secret=secret, algorithm="sha256").hexdigest()

    @property
    def name(self) -> str:
        """The name for people to read, as it stands in the roster."""
        return f"{self.preferred_name or self.given_name} {self.family_name}"


class RoleAssignment(models.Model):
    """One role of a person at one org. Several per person are normal. `source_role`: OneRoster's own word."""

    class Role(models.TextChoices):
        STUDENT = "student"
        TEACHER = "teacher"
        AIDE = "aide"
        GUARDIAN = "guardian"
        ADMINISTRATOR = "administrator"  # of the org: a principal at a school
        OPERATOR = "operator"  # OneRoster systemAdministrator, districtAdministrator

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    org = models.ForeignKey(Org, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=15, choices=Role)
    source_role = models.CharField(max_length=40)
    sourced_id = models.CharField(max_length=255, blank=True, help_text="of the row in roles.csv; OneRoster 1.2")
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "org", "source_role"], name="one_role_once"),
        ]
        indexes = [models.Index(fields=["org", "role"])]


class Guardianship(models.Model):
    """A guardian and a student, from OneRoster `agentSourcedIds`: of the student's row, of the guardian's, or both."""

    guardian = models.ForeignKey(Person, models.CASCADE, related_name="guardian_of")
    student = models.ForeignKey(Person, models.CASCADE, related_name="guarded_by")
    from_student = models.BooleanField(default=True, help_text="the student's row names the guardian")
    from_guardian = models.BooleanField(default=False, help_text="the guardian's row names the student")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guardian", "student"], name="one_guardianship_once")]


class AuditEntry(models.Model):
    """Who did what to what, when. Written in the transaction of the act; `detail` holds no names."""

    at = models.DateTimeField()
    actor_id = models.CharField(max_length=12, blank=True, help_text="person; empty: a command or a job")
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"]), models.Index(fields=["at"])]
