"""The time zone a school lives in: people/zones.py, under the name the timetable and all above it know it by."""

from schoolday.office.people.zones import UnknownTimeZone, today, zone_of

__all__ = ["UnknownTimeZone", "today", "zone_of"]
