"""
Who holds what for a day, in SQL: the conditions that every count and every list here is made of.

ready:        a device of hers has a pass that is valid, not only in grace, at the day's first bell
can come:     no such pass, but one in grace then, or a printed badge
nobody knows: neither; whether a device of hers will open a door nobody knows
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.db.models import Case, DateField, DateTimeField, Exists, OuterRef, QuerySet, Value, When

from schoolday.lib.errors import BadSettings
from schoolday.office.console.models import CallNote
from schoolday.office.console.readiness.days import NextDay
from schoolday.office.people.models import AuditEntry
from schoolday.office.rosters.models import Enrollment
from schoolday.office.signin.keys import key_folder
from schoolday.office.signin.models import Device

TEACHING = ("teacher", "aide")
_PRINTED = "look.badges"  # what signin.views.badges writes when a sheet of badges is shown


def has_pass(*, bell_at: datetime | OuterRef) -> Exists:
    """Say that the row's person has a device with a pass proper at the bell. The row has `person_id`."""
    return Exists(_devices().filter(pass_ends__gt=bell_at))


def is_in_grace(*, bell_at: datetime | OuterRef) -> Exists:
    """Say that she has one that still admits to class; a pass that was killed (no `pass_ends`) does not."""
    return Exists(_devices().filter(pass_ends__isnull=False, pass_until__gt=bell_at))


def signed_since() -> datetime:
    """
    Return since when passes are signed by keys that are still in force: after a leak all older ones are dead.

    Reads office.keys, half a kilobyte; without keys nothing was ever signed, and every date will do.
    """
    try:
        keys = key_folder().load().in_force()
    except BadSettings:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.fromtimestamp(min(key.not_before for key in keys), UTC)


def has_badge() -> Exists:
    """Say that the badges of one of her sections were printed."""
    printed = AuditEntry.objects.filter(verb=_PRINTED, subject_kind="section")
    rows = Enrollment.objects.filter(person=OuterRef("person_id"), role="student", is_active=True)
    return Exists(rows.filter(section__in=printed.values("subject_id")))


def was_called(*, on: date | OuterRef) -> Exists:
    """Say that her family was called about the day and answered."""
    return Exists(CallNote.objects.filter(person=OuterRef("person_id"), on=on, outcome=CallNote.Outcome.CALLED))


def _devices() -> QuerySet[Device]:
    return Device.objects.filter(person=OuterRef("person_id"), seen_at__gte=signed_since())


def bells_of(days: Mapping[str, NextDay]) -> Case:
    """Return the first bell of the row's school (`org_id`) as SQL. A district has a handful of different ones."""
    schools: dict[datetime, list[str]] = defaultdict(list)
    for school_id, day in days.items():
        schools[day.bell_at].append(school_id)
    whens = [When(org_id__in=ids, then=Value(at)) for at, ids in sorted(schools.items())]
    return Case(*whens, output_field=DateTimeField())


def dates_of(days: Mapping[str, NextDay]) -> Case:
    """Return the date of the row's school (`org_id`) as SQL."""
    schools = defaultdict(list)
    for school_id, day in days.items():
        schools[day.on].append(school_id)
    whens = [When(org_id__in=ids, then=Value(on)) for on, ids in sorted(schools.items())]
    return Case(*whens, output_field=DateField())
