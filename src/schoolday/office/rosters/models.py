"""
Sessions, courses, sections, enrollments, and what each import did.

Nothing that a roster brought is ever deleted by a later one: meetings, evidence and the register hang on it.
What is gone from the roster has `is_active` off and comes back as itself when the roster brings it back.
Ask `queries` for what is in force on a day; a plain `Section.objects` also holds what is gone.
"""

from django.db import models

from schoolday.lib.ids import new_id
from schoolday.office.people.models import Org, Person


class AcademicSession(models.Model):
    """A school year, term or grading period."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    sourced_id = models.CharField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, help_text="OneRoster type: gradingPeriod, semester, schoolYear, term")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="the first day that is no longer in it, as in OneRoster")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    is_active = models.BooleanField(default=True, help_text="off: gone from the roster")

    def __str__(self) -> str:
        return self.title


class Course(models.Model):
    """What is taught: Algebra 1."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    sourced_id = models.CharField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    code = models.CharField(max_length=255, blank=True)
    org = models.ForeignKey(Org, models.PROTECT, related_name="courses")
    is_active = models.BooleanField(default=True, help_text="off: gone from the roster")

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """A class of students: OneRoster calls it class. Without sessions it is in force every day."""

    class Kind(models.TextChoices):
        HOMEROOM = "homeroom"
        SCHEDULED = "scheduled"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    sourced_id = models.CharField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    code = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SCHEDULED)
    school = models.ForeignKey(Org, models.PROTECT, related_name="sections")
    course = models.ForeignKey(Course, models.PROTECT, related_name="sections")
    sessions = models.ManyToManyField(AcademicSession, related_name="sections")
    grades = models.CharField(max_length=255, blank=True, help_text="OneRoster codes, separated by commas")
    subjects = models.CharField(max_length=255, blank=True)
    periods = models.CharField(max_length=255, blank=True, help_text="OneRoster periods, separated by commas")
    location = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True, help_text="off: gone from the roster")

    def __str__(self) -> str:
        return self.title


class Enrollment(models.Model):
    """
    A person in a section. Students, teachers and aides alike. Empty dates: as long as the section.

    A `sourced_id` that begins with `local:` is one that the office arranged beside the roster; no import touches it.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    sourced_id = models.CharField(max_length=255, unique=True)
    section = models.ForeignKey(Section, models.CASCADE, related_name="enrollments")
    person = models.ForeignKey(Person, models.CASCADE, related_name="enrollments")
    role = models.CharField(max_length=15, help_text="student, teacher, aide (OneRoster proctor), administrator")
    is_primary = models.BooleanField(default=False)
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True, help_text="the first day no longer in it, as in OneRoster")
    is_active = models.BooleanField(default=True, help_text="off: gone from the roster")
    gone_at = models.DateTimeField(null=True, blank=True, help_text="when it left the roster; empty while active")

    class Meta:
        indexes = [models.Index(fields=["gone_at"])]


class ImportRun(models.Model):
    """
    One import of a roster: what it would do or did. A held one waits for a person to accept its removals.

    `waiting` and `running` are a job's; a job that died leaves `running` behind, and `failed` once that is found.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        PREVIEWED = "previewed"
        REFUSED = "refused"
        HELD = "held"
        IMPORTED = "imported"
        FAILED = "failed"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=State)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    actor = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=255, help_text="name of the file or folder")
    upload = models.CharField(max_length=80, blank=True, help_text="file below uploads/; empty: not kept")
    is_dry_run = models.BooleanField(default=False)
    accepts_deletes = models.BooleanField(default=False)
    step = models.CharField(max_length=40, blank=True, help_text="what a running import does now")
    done_percent = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="added, changed, removed, held per kind")
    problems = models.JSONField(default=list, help_text="objects of file, line, code, text; the first 1,000")
    problem_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["started_at"])]
