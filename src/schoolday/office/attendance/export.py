"""The register of a school's day as rows, for CSV and JSON. docs/use/register.md tells the columns to people."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schoolday.office.attendance import queries
from schoolday.office.attendance.amnesties import CHARGES
from schoolday.office.attendance.models import RegisterEntry
from schoolday.office.people.models import Org
from schoolday.office.timetable.zones import zone_of

COLUMNS = (
    "date", "school", "section", "section_title", "period", "starts", "ends", "student", "family_name", "given_name",
    "grade", "status", "from_evidence", "marked", "minutes_tardy", "minutes_present", "arrived", "left", "left_early",
    "charged", "not_charged_because",
)  # fmt: skip
BYTE_ORDER_MARK = "\ufeff"  # Excel reads UTF-8 as something else without it
# A spreadsheet takes a cell that begins so for a formula. Source: OWASP, CSV Injection.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rows(school: Org, on: date) -> Iterator[Mapping[str, object]]:
    """Yield one row per student and meeting; times on the school's wall clock."""
    zone = zone_of(school)
    for meeting, line in queries.lines_of_day(school, on):
        entry, student = line.entry or RegisterEntry(), line.student
        yield {
            "date": on.isoformat(),
            "school": school.sourced_id,
            "section": meeting.section.sourced_id,
            "section_title": meeting.section.title,
            "period": meeting.period,
            "starts": _wall(meeting.starts_at, zone, "%H:%M"),
            "ends": _wall(meeting.ends_at, zone, "%H:%M"),
            "student": student.sourced_id,
            "family_name": student.family_name,
            "given_name": student.given_name,
            "grade": student.grade,
            "status": entry.shown_status,
            "from_evidence": entry.status,
            "marked": entry.mark,
            "minutes_tardy": entry.shown_minutes_tardy,
            "minutes_present": entry.minutes_present,
            "arrived": _wall(entry.arrived_at, zone, "%H:%M:%S"),
            "left": _wall(entry.left_at, zone, "%H:%M:%S"),
            "left_early": "yes" if entry.left_early else "",
            "charged": ("yes" if entry.is_charged else "no") if entry.shown_status in CHARGES else "",
            "not_charged_because": entry.amnesty.reason["en"] if entry.amnesty else "",
        }


def csv_lines(school: Org, on: date) -> Iterator[str]:
    """Yield the lines of the CSV file: UTF-8 with a byte order mark, CRLF, as RFC 4180 has it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(COLUMNS)
    for row in rows(school, on):
        yield _taken(buffer)
        writer.writerow([harmless(row[column]) for column in COLUMNS])
    yield _taken(buffer)


def harmless(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before what would be one."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _wall(moment: datetime | None, zone: ZoneInfo, form: str) -> str:
    return moment.astimezone(zone).strftime(form) if moment else ""
