"""From bells.csv and calendar.csv to checked rows. Knows no database: the caller says which schools there are."""

import io
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from schoolday.office.rosters.oneroster.columns import BadCell, iso_date, text
from schoolday.office.rosters.oneroster.lines import read_rows
from schoolday.office.rosters.oneroster.problems import Report
from schoolday.office.rosters.oneroster.source import READ_ERRORS, Source
from schoolday.office.timetable.sittings import ALL_DAY, Bell

BELLS = "bells.csv"
CALENDAR = "calendar.csv"
CODE_AT_MOST_LETTERS = 40
_FILE_AT_MOST_BYTES = 32 * 2**20  # 2,000 schools with ten types of day are 8 MB


@dataclass(frozen=True)
class Day:
    """What the calendar says of one date; an empty `day_type` is no school."""

    day_type: str
    name: str


@dataclass
class Timetable:
    """What the files say. `bells`: by school (our id) and day type; `days`: by school, or None, and date."""

    bells: dict[tuple[str, str], list[Bell]] = field(default_factory=dict)
    days: dict[str | None, dict[date, Day]] = field(default_factory=dict)


def read_timetable(
    source: Source, *, schools: Mapping[str, str], known_types: Collection[tuple[str, str]], report: Report
) -> Timetable:
    """
    Return what the files say; all that is wrong goes into `report`.

    `schools`: our id by sourced id; `known_types`: (school, day type) that have bells already.
    """
    found = Timetable()
    if BELLS not in source.sizes_bytes and CALENDAR not in source.sizes_bytes:
        report.add("", 0, "no_files")
    if BELLS in source.sizes_bytes:
        found.bells = _read_bells(source, schools, report)
    if CALENDAR in source.sizes_bytes:
        types = {*known_types, *found.bells}
        found.days = _read_calendar(source, schools, types, report)
    return found


def wall_time(value: str) -> time:
    """Read 08:30 or 08:30:00, and nothing else."""
    hours, *rest = value.split(":")
    fine = len(rest) in (1, 2) and all(len(part) == 2 and part.isascii() and part.isdigit() for part in rest)
    if not fine or not (hours.isascii() and hours.isdigit() and len(hours) <= 2) or rest[1:] not in ([], ["00"]):
        raise BadCell("bad_time", value=value)
    try:
        return time(int(hours), int(rest[0]))
    except ValueError:
        raise BadCell("bad_time", value=value) from None


def overlaps(bells: Collection[Bell]) -> Iterator[tuple[Bell, Bell]]:
    """Give pairs of periods of one schedule that overlap, the later one first. `ALL` is the day itself and may."""
    last: Bell | None = None
    for bell in sorted((bell for bell in bells if bell.code != ALL_DAY), key=lambda b: (b.starts, b.ends)):
        if last is not None and bell.starts < last.ends:
            yield bell, last
        if last is None or bell.ends > last.ends:
            last = bell


_CODE = text(CODE_AT_MOST_LETTERS)
_Readers = Mapping[str, tuple[Callable[[str], object], bool]]  # how to read it, and whether it must be filled
_BELL_COLUMNS: _Readers = {
    "schoolSourcedId": (text(), True),
    "dayType": (_CODE, True),
    "period": (_CODE, True),
    "starts": (wall_time, True),
    "ends": (wall_time, True),
}
_DAY_COLUMNS: _Readers = {
    "schoolSourcedId": (text(), False),
    "date": (iso_date, True),
    "dayType": (_CODE, False),
    "name": (text(), False),
}


def _read_bells(source: Source, schools: Mapping[str, str], report: Report) -> dict[tuple[str, str], list[Bell]]:
    lines: dict[tuple[str, str, str], int] = {}
    found: dict[tuple[str, str], list[Bell]] = defaultdict(list)
    for line, cells in _rows(source, BELLS, _BELL_COLUMNS, report):
        school, kind, code, starts, ends = cells.values()
        if _is_unknown(school, schools, BELLS, line, report):
            continue
        if not (isinstance(kind, str) and isinstance(code, str)):
            continue
        before = lines.setdefault((str(school), kind, code), line)
        if before != line:
            report.add(BELLS, line, "duplicate_period", other=before)
        elif isinstance(starts, time) and isinstance(ends, time):
            if ends <= starts:
                report.add(BELLS, line, "ends_before_it_starts", starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}")
            else:
                found[str(school), kind].append(Bell(code, starts, ends))
    for (school_id, kind), bells in found.items():
        for bell, other in overlaps(bells):
            at = lines[school_id, kind, bell.code]
            report.add(BELLS, at, "overlap", period=other.code, other=lines[school_id, kind, other.code])
    return {(schools[school_id], kind): bells for (school_id, kind), bells in found.items()}


def _read_calendar(
    source: Source, schools: Mapping[str, str], types: Collection[tuple[str, str]], report: Report
) -> dict[str | None, dict[date, Day]]:
    of_any = {kind for _, kind in types}
    lines: dict[tuple[str | None, date], int] = {}
    found: dict[str | None, dict[date, Day]] = defaultdict(dict)
    for line, cells in _rows(source, CALENDAR, _DAY_COLUMNS, report):
        school, on, kind, name = cells.values()
        if school and _is_unknown(school, schools, CALENDAR, line, report):
            continue
        scope = schools[str(school)] if school else None
        if kind and (kind not in of_any if scope is None else (scope, kind) not in types):
            report.add(CALENDAR, line, "unknown_day_type", value=kind)
        if isinstance(on, date):
            before = lines.setdefault((scope, on), line)
            if before != line:
                report.add(CALENDAR, line, "duplicate_day", other=before)
            found[scope][on] = Day(str(kind or ""), str(name or ""))
    return found


def _is_unknown(school: object, schools: Mapping[str, str], file: str, line: int, report: Report) -> bool:
    if isinstance(school, str) and school and school not in schools:
        report.add(file, line, "unknown_school", value=school)
    return school not in schools


def _rows(source: Source, file: str, columns: _Readers, report: Report) -> Iterator[tuple[int, dict[str, object]]]:
    """Give (line, value by column) of each row; None for a value that is wrong, which is noted."""
    try:
        with source.open(file) as opened:
            content = opened.read(_FILE_AT_MOST_BYTES + 1)
    except READ_ERRORS as error:
        report.add(file, 0, "unreadable", what=error)
        return
    if len(content) > _FILE_AT_MOST_BYTES:
        report.add(file, 0, "too_large", size="more", limit=f"{_FILE_AT_MOST_BYTES >> 20} MB")
        return
    rows = read_rows(io.BytesIO(content), file, report)
    line, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    if report.cannot_tell(file):
        return
    for column in columns:
        if names.count(column.lower()) > 1:
            report.add(file, line, "twice_in_header", column=column)
        elif column.lower() not in names:
            report.add(file, line, "missing_column", column=column)
    if report.cannot_tell(file):
        return
    for line, values in rows:
        if len(values) != len(names):
            report.add(file, line, "field_count", found=len(values), expected=len(names))
            continue
        by_name = dict(zip(names, values, strict=True))
        yield (
            line,
            {
                column: _cell(by_name[column.lower()].strip(), column, read, is_needed, file, line, report)
                for column, (read, is_needed) in columns.items()
            },
        )


def _cell(
    value: str, column: str, read: Callable[[str], object], is_needed: bool, file: str, line: int, report: Report
) -> object:
    if not value:
        if is_needed:
            report.add(file, line, "empty_value", column=column)
        return None if is_needed else ""
    try:
        return read(value)
    except BadCell as bad:
        report.add(file, line, bad.code, column=column, **bad.values)
        return None
