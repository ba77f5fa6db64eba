"""Reading the timetable: meetings, types of days, school days."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from schoolday.office.people.models import Org
from schoolday.office.rosters.models import AcademicSession, Section
from schoolday.office.timetable.models import BellSchedule, CalendarDay, Meeting
from schoolday.office.timetable.sittings import Bell, day_type, in_session

_LOOK_AHEAD_DAYS = 370  # past the longest holidays; a roster rarely reaches further
_IDS_IN_ONE_QUERY = 10_000  # SQLite takes 250,000 variables, PostgreSQL 65,535


def meetings_of(section_ids: Collection[str], on: date, until: date | None = None) -> list[Meeting]:
    """
    Return the meetings of these sections on a date, or from it to `until` (included), by start.

    Only what `actions.compute_meetings` has made; one query for up to 10,000 sections.
    """
    wanted = sorted(set(section_ids))
    meetings: list[Meeting] = []
    for start in range(0, len(wanted), _IDS_IN_ONE_QUERY):
        part = wanted[start : start + _IDS_IN_ONE_QUERY]
        meetings += Meeting.objects.filter(section__in=part, on__range=(on, until or on))
    return sorted(meetings, key=lambda m: (m.starts_at, m.section_id))


def day_types(org: Org, from_on: date, until: date) -> dict[date, str]:
    """Return the type of each day from `from_on` to `until` (included); empty: no school. One query."""
    rows = CalendarDay.objects.filter(on__range=(from_on, until)).filter(Q(school=None) | Q(school=org))
    school: dict[date, str] = {}
    district: dict[date, str] = {}
    for school_id, on, kind in rows.values_list("school_id", "on", "day_type"):
        (district if school_id is None else school)[on] = kind
    days = (from_on + timedelta(days=n) for n in range((until - from_on).days + 1))
    return {on: day_type(on, school=school, district=district) for on in days}


def school_days(org: Org, from_on: date, count: int) -> list[date]:
    """
    Return the first `count` school days of a school, or of a district, from `from_on` on (included).

    A day counts when it has a type and lies in an academic session: of the school's sections; for a district, or a
    school without sections, any; a roster without sessions has no bounds. Fewer when the sessions end before, none
    after them; looks a year ahead. Two queries for a district, up to four for a school, so ask once per school, not
    once per person.
    """
    return [on for on, _ in zip(_school_days(org, from_on), range(count), strict=False)]


def next_school_day(org: Org, after: date) -> date | None:
    """Return the first school day after a date, or None if the sessions hold no more."""
    return next(_school_days(org, after + timedelta(days=1)), None)


def is_school_day(org: Org, on: date) -> bool:
    """Say whether there is school on a date."""
    return next(_school_days(org, on, look_ahead_days=0), None) is not None


def _school_days(org: Org, from_on: date, look_ahead_days: int = _LOOK_AHEAD_DAYS) -> Iterator[date]:
    sessions = _sessions_of(org)
    types = day_types(org, from_on, from_on + timedelta(days=look_ahead_days))
    return (on for on, kind in types.items() if kind and (not sessions or in_session(on, sessions)))


def _sessions_of(org: Org) -> list[tuple[date, date]]:
    sessions = AcademicSession.objects.filter(is_active=True).values_list("starts_on", "ends_on")
    if org.kind == Org.Kind.SCHOOL:
        met = Section.sessions.through.objects.filter(
            academicsession=OuterRef("pk"), section__school=org, section__is_active=True
        )
        own = list(sessions.filter(Exists(met)))
        if own:
            return own
    return list(sessions)


def bells_of(school: Org, kind: str) -> list[Bell]:
    """Return the bells of a school on one type of day, by start; none if it has no such schedule. One query."""
    rows = BellSchedule.objects.filter(school=school, day_type=kind, periods__isnull=False)
    found = rows.values_list("periods__code", "periods__starts", "periods__ends")
    return sorted((Bell(*row) for row in found), key=lambda bell: (bell.starts, bell.code))
