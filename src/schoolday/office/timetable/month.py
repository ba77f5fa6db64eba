"""One month of a school's calendar, as the editor shows it."""

from dataclasses import dataclass
from datetime import date, timedelta

from schoolday.office.people.models import Org
from schoolday.office.timetable import queries
from schoolday.office.timetable.models import CalendarDay


@dataclass(frozen=True)
class MonthDay:
    """One date. `source`: who says so: school, district, or nobody (the weekday)."""

    on: date
    day_type: str
    name: str
    source: str
    is_over: bool


def month_of(school: Org, first: date, *, today: date) -> list[MonthDay]:
    """Return the days of the month that begins on `first`. Three queries."""
    last = next_month(first) - timedelta(days=1)
    types = queries.day_types(school, first, last)
    rows = CalendarDay.objects.filter(on__range=(first, last), school=None)
    named = {row.on: ("district", row.name) for row in rows}
    rows = CalendarDay.objects.filter(on__range=(first, last), school=school)
    named |= {row.on: ("school", row.name) for row in rows}
    return [
        MonthDay(on, day_type, name=named.get(on, ("", ""))[1], source=named.get(on, ("", ""))[0], is_over=on < today)
        for on, day_type in types.items()
    ]


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
