"""
A person's next two weeks of meetings as iCalendar (RFC 5545): her own, and a guardian's children's.

Calendars of other companies fetch it, so it holds titles of sections and names of schools, never a child's name. It
is computed from the timetable, for meetings are made only a day or two ahead; ids are the same.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext
from icalendar import Calendar, Event

from schoolday.lib import clock
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.timetable.models import CalendarDay, Period
from schoolday.office.timetable.sittings import ALL_DAY, Bell, Sitting, day_type, in_session, ring, sittings_of
from schoolday.office.timetable.zones import today, zone_of

DAYS = 14
_REFRESH = timedelta(hours=1)


def calendar_of(person: Person) -> bytes:
    """Return the feed of a person, in her language; the same until something in it changes. 4 queries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Schoolday//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", settings.SCHOOLDAY["PORTAL_NAME"])
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _REFRESH)
    with translation.override(person.language):
        for section, sitting in _sittings(person):
            calendar.add_component(_event(section, sitting))
    body: bytes = calendar.to_ical()
    return body


def _event(section: Section, sitting: Sitting) -> Event:
    event = Event()
    event.add("uid", f"{sitting.id}@{settings.SCHOOLDAY['DISTRICT']}.schoolday")
    # When it was written would make every answer differ; midnight of its day says as much to a calendar.
    event.add("dtstamp", datetime.combine(sitting.on, time(), UTC))
    event.add("dtstart", sitting.starts_at)
    event.add("dtend", sitting.ends_at)
    event.add("summary", section.title)
    event.add("location", section.school.name)
    if sitting.period != ALL_DAY:
        event.add("description", gettext("Period %(period)s") % {"period": sitting.period})
    event.add("url", settings.SCHOOLDAY["PUBLIC_URL"] + "/")
    return event


def _sittings(person: Person) -> list[tuple[Section, Sitting]]:
    """Return what this person, or a child of hers, sits in, by start; each once."""
    enrollments = list(
        Enrollment.objects.filter(Q(person=person) | Q(person__guarded_by__guardian=person, role="student"))
        .filter(is_active=True, person__is_active=True, section__is_active=True, section__school__is_active=True)
        .select_related("section__school__parent")
        .prefetch_related("section__sessions")
        .distinct()
    )
    sections = {enrollment.section_id: enrollment.section for enrollment in enrollments}
    timetables = _Timetables(set(section.school_id for section in sections.values()))
    found: dict[str, tuple[Section, Sitting]] = {}
    for enrollment in enrollments:
        for sitting in timetables.of(enrollment):
            found[sitting.id] = (sections[enrollment.section_id], sitting)
    return sorted(found.values(), key=lambda pair: (pair[1].starts_at, pair[1].id))


class _Timetables:
    """Bells and calendar of some schools, read at once."""

    def __init__(self, schools: set[str]) -> None:
        self._bells: dict[tuple[str, str], list[Bell]] = defaultdict(list)
        for period in Period.objects.filter(schedule__school__in=schools).select_related("schedule"):
            bell = Bell(period.code, period.starts, period.ends)
            self._bells[period.schedule.school_id, period.schedule.day_type].append(bell)
        near = clock.now().date()
        rows = CalendarDay.objects.filter(Q(school=None) | Q(school__in=schools))
        rows = rows.filter(on__range=(near - timedelta(days=1), near + timedelta(days=DAYS + 1)))
        self._days: dict[str | None, dict[date, str]] = defaultdict(dict)
        for row in rows:
            self._days[row.school_id][row.on] = row.day_type

    def of(self, enrollment: Enrollment) -> Iterator[Sitting]:
        """Give the sittings of one enrollment in the next days of the school."""
        section, school = enrollment.section, enrollment.section.school
        sessions = [(s.starts_on, s.ends_on) for s in section.sessions.all()]
        first = today(school)
        for on in (first + timedelta(days=n) for n in range(DAYS)):
            kind = day_type(on, school=self._days[school.id], district=self._days[None])
            held = (not enrollment.begins_on or enrollment.begins_on <= on) and (
                not enrollment.ends_on or on < enrollment.ends_on
            )
            if kind and held and (not sessions or in_session(on, sessions)):
                rung = ring(self._bells[school.id, kind], on=on, zone=zone_of(school))
                yield from sittings_of(section.id, kind=section.kind, periods=section.periods, on=on, rung=rung)
