"""How a child calls into her classes: for her guardians, and on the slip that her school prints for them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from schoolday.contracts import phone
from schoolday.lib import clock
from schoolday.office.people.models import Person
from schoolday.office.people.names import names_in
from schoolday.office.rosters.models import Section
from schoolday.office.signin.membership import Days, enrollments_between
from schoolday.office.timetable.models import Meeting

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One class: what is typed for it. `digits` in the pieces in which one reads them out."""

    title: str
    digits: str


@dataclass(frozen=True)
class Slip:
    """What one child's family is given for a week."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Week:
    """A week of digits: from its Monday until its Sunday, both included, by UTC."""

    code: str
    first: date
    last: date


def week_now(*, weeks_ahead: int = 0) -> Week:
    """Return the week whose digits hold now, or some weeks ahead."""
    at = clock.now() + weeks_ahead * _WEEK
    monday = at.astimezone(UTC).date() - timedelta(days=at.astimezone(UTC).weekday())
    code = phone.week_of(int(datetime.combine(monday, datetime.min.time(), UTC).timestamp()))
    return Week(code, monday, monday + timedelta(days=6))


def number_of(school_id: str) -> str:
    """Return the number by which one calls into this school's classes; empty: there is none."""
    known = settings.SCHOOLDAY
    schools = known["PHONE_SCHOOLS"].split()
    number, *_ = known["PHONE_NUMBERS"].split() or [""]
    return number if not schools or school_id in schools else ""


def by_phone(child: Person, meetings: Collection[Meeting]) -> dict[str, object] | None:
    """
    Return the number to call and, by section, what this child types after it; None: her schools have no way by phone.

    3 microseconds a section. The digits are of this school week (docs/operate/phone.md). Load `section` along.
    """
    numbers = {one.section_id: number_of(one.section.school_id) for one in meetings}
    sections = sorted(section for section, number in numbers.items() if number)
    if not sections:
        return None
    return {
        "number": numbers[sections[0]],
        "digits": {one: _digits(one, child.id, week_now().code) for one in sections},
    }


def slips_of(section: Section, students: Iterable[Person], days: Days, week: Week) -> list[Slip]:
    """Return a slip for each of these students, with all classes of her coming days that one can call. One query."""
    children = list(students)
    names = names_in(children)
    rows = enrollments_between(days.first, days.last).filter(person__in=children, role="student")
    lines: dict[str, dict[str, Line]] = {child.id: {} for child in children}
    for row in rows.select_related("section").order_by("section__title", "section_id"):
        if row.section_id == section.id or number_of(row.section.school_id):
            digits = _digits(row.section_id, row.person_id, week.code)
            pieces = f"{digits[:5]} {digits[5:8]} {digits[8:]}"
            lines[row.person_id][row.section_id] = Line(row.section.title, pieces)
    return [Slip(names[child.id], tuple(lines[child.id].values())) for child in children]


def _digits(section_id: str, sub: str, week: str) -> str:
    return phone.dialled(section=section_id, sub=sub, cell_secret=settings.SCHOOLDAY["CELL_SECRET"], week=week)
