"""Bell schedules, the calendar, meetings, calendar feeds."""

from django.db import models

from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Section


class BellSchedule(models.Model):
    """The bells of one school on one type of day (`regular`, `early`, ...)."""

    school = models.ForeignKey(Org, models.CASCADE, related_name="bell_schedules")
    day_type = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "day_type"], name="one_schedule_per_day_type")]


class Period(models.Model):
    """One period of a bell schedule; `code` as in OneRoster `periods`. Times are the school's wall clock."""

    schedule = models.ForeignKey(BellSchedule, models.CASCADE, related_name="periods")
    code = models.CharField(max_length=40)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "code"], name="one_period_per_code")]


class CalendarDay(models.Model):
    """What kind of day a date is. For one school, or without a school for the whole district."""

    school = models.ForeignKey(Org, models.CASCADE, null=True, blank=True, related_name="calendar_days")
    on = models.DateField()
    day_type = models.CharField(max_length=40, blank=True, help_text="empty: no school (a holiday)")
    name = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "on"], name="one_day_per_school", nulls_distinct=False),
        ]


class Meeting(models.Model):
    """One sitting of a section, with its real times. Computed from the timetable, kept once evidence may name it."""

    id = models.CharField(primary_key=True, max_length=12, editable=False)
    section = models.ForeignKey(Section, models.CASCADE, related_name="meetings")
    on = models.DateField()
    period = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    shifted_minutes = models.SmallIntegerField(default=0, help_text="by a staggered start; in the times already")

    class Meta:
        indexes = [models.Index(fields=["on", "section"]), models.Index(fields=["starts_at"])]


class CalendarFeed(models.Model):
    """The secret address of one person's iCalendar feed; made anew, the old one is dead."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="calendar_feed")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
