"""
Who is in which section over some days: what passes, bundles and plans are made from.

The rules are those of rosters.queries; the window is from today to the last day of a plan, so that on a Saturday
before a new term a pass opens Monday's classes.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from schoolday.office.people.models import Org
from schoolday.office.rosters.models import AcademicSession, Enrollment, Section
from schoolday.office.timetable.queries import school_days
from schoolday.office.timetable.zones import today, zone_of


@dataclass(frozen=True)
class Days:
    """The school days ahead of one org: `first` is today on its wall, school or not; `coming` the school days."""

    org: Org
    first: date
    coming: tuple[date, ...]

    @property
    def planned(self) -> tuple[date, ...]:
        """The school days of a plan made today."""
        return self.coming[: settings.SCHOOLDAY["PLAN_SCHOOL_DAYS"]]

    @property
    def last(self) -> date:
        """The last day of a plan made today; today, when no school day is left."""
        return self.planned[-1] if self.planned else self.first

    def ends_of_pass(self) -> tuple[datetime, datetime] | None:
        """
        Return when a pass made today ends, and when its grace does: at midnight in the school's zone.

        PASS_SCHOOL_DAYS school days, then PASS_GRACE_SCHOOL_DAYS more; fewer when the year ends before. None when
        no school day is left.
        """
        if not self.coming:
            return None
        last = self.coming[: settings.SCHOOLDAY["PASS_SCHOOL_DAYS"]][-1]
        return self._midnight_after(last), self._midnight_after(self.coming[-1])

    def _midnight_after(self, on: date) -> datetime:
        return datetime.combine(on + timedelta(days=1), time(), zone_of(self.org))


def days_of(org: Org, on: date | None = None) -> Days:
    """Return the days ahead of an org, from today or another date; two to four queries. Load its `parent` along."""
    first = on or today(org)
    count = settings.SCHOOLDAY["PASS_SCHOOL_DAYS"] + settings.SCHOOLDAY["PASS_GRACE_SCHOOL_DAYS"]
    count = max(count, settings.SCHOOLDAY["PLAN_SCHOOL_DAYS"])
    return Days(org, first, tuple(school_days(org, first, count)))


def sections_between(first: date, last: date) -> QuerySet[Section]:
    """Return all sections in force on some day from `first` to `last`, both included."""
    links = AcademicSession.objects.filter(sections=OuterRef("pk"))
    held = links.filter(starts_on__lte=last, ends_on__gt=first)
    return Section.objects.filter(Exists(held) | ~Exists(links), is_active=True, school__is_active=True)


def enrollments_between(first: date, last: date) -> QuerySet[Enrollment]:
    """Return the enrollments of active people in force on some day from `first` to `last`, both included."""
    return enrollments_held(first, last).filter(section__in=sections_between(first, last))


def enrollments_held(first: date, last: date) -> QuerySet[Enrollment]:
    """Return the same without asking whether the section is in force, for a caller that knows."""
    begun = Q(begins_on=None) | Q(begins_on__lte=last)
    not_over = Q(ends_on=None) | Q(ends_on__gt=first)
    return Enrollment.objects.filter(begun, not_over, is_active=True, person__is_active=True)
