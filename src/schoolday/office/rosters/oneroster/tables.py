"""
From one file to checked rows. What a row alone can be wrong in is found here; what ties rows together is not.

A row that is wrong is given on all the same, as `is_right` off: its id is known, so what refers to it is not
reported as dangling.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schoolday.office.rosters.oneroster.columns import BadCell, Column, Table, Version
from schoolday.office.rosters.oneroster.lines import BytesRead, read_rows
from schoolday.office.rosters.oneroster.manifest import Mode
from schoolday.office.rosters.oneroster.problems import Report
from schoolday.office.rosters.oneroster.source import READ_ERRORS, Source

# A portal's own accounts, made by hand or by a command, live beside the roster and are never touched by it.
LOCAL_PREFIX = "local:"


@dataclass(slots=True)
class Row:
    """One row: the line where it begins, its values by column. `is_gone`: tobedeleted; then only the id counts."""

    line: int
    sourced_id: str
    cells: dict[str, Any]
    is_gone: bool = False
    is_right: bool = True

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


def read_table(
    source: Source,
    table: Table,
    *,
    version: Version,
    mode: Mode,
    report: Report,
    on_bytes: BytesRead = lambda _: None,
) -> Iterator[Row]:
    """Give every row that has an id, and note what is wrong with it. Streams; about 100,000 rows a second."""
    if mode == "absent":
        return
    if table.file not in source.sizes_bytes:
        report.add(table.file, 0, "missing_file")
        return
    try:
        with source.open(table.file) as file:
            rows = read_rows(file, table.file, report, on_bytes)
            line, header = next(rows, (1, []))
            columns = (
                None if report.cannot_tell(table.file) else _columns_at(line, header, table, version, mode, report)
            )
            if columns is None:
                return
            for line, values in rows:
                row = _read_row(line, values, columns, table.file, report)
                if row is not None:
                    yield row
    except READ_ERRORS as error:
        report.add(table.file, 0, "unreadable", what=error)


@dataclass(frozen=True)
class _Columns:
    """Where the columns of this file stand: (place, column), and how many there are."""

    placed: tuple[tuple[int, Column], ...]
    count: int
    id_at: int
    status_at: int | None
    unplaced: dict[str, Any]


def _columns_at(
    line: int, header: list[str], table: Table, version: Version, mode: Mode, report: Report
) -> _Columns | None:
    names = [name.strip().lower() for name in header]
    placed: list[tuple[int, Column]] = []
    unplaced: dict[str, Any] = {}
    fine = True
    for column in table.of(version):
        found = names.count(column.name.lower())
        if found > 1:
            report.add(table.file, line, "twice_in_header", column=column.name)
            fine = False
        elif found:
            placed.append((names.index(column.name.lower()), column))
        elif column.needed or (mode == "delta" and column.name in ("status", "dateLastModified")):
            report.add(table.file, line, "missing_column", column=column.name)
            fine = False
        else:
            unplaced[column.name] = column.empty
    if not fine:
        return None
    places = {column.name: place for place, column in placed}
    return _Columns(tuple(placed), len(header), places["sourcedId"], places.get("status"), unplaced)


def _read_row(line: int, values: list[str], columns: _Columns, file: str, report: Report) -> Row | None:
    if len(values) < columns.count or any(values[columns.count :]):  # commas at the end alone do no harm
        report.add(file, line, "field_count", found=len(values), expected=columns.count)
        return None
    if columns.status_at is not None and values[columns.status_at].strip().lower() == "tobedeleted":
        sourced_id = values[columns.id_at].strip()
        if not sourced_id:
            report.add(file, line, "empty_value", column="sourcedId")
            return None
        return Row(line, sourced_id, {}, is_gone=True)
    cells = columns.unplaced.copy()
    fine = True
    for place, column in columns.placed:
        value = values[place].strip()
        if value:
            try:
                cells[column.name] = column.read(value)
            except BadCell as bad:
                report.add(file, line, bad.code, column=column.name, **bad.values)
                fine = False
        elif column.filled:
            report.add(file, line, "empty_value", column=column.name)
            fine = False
        else:
            cells[column.name] = column.empty
    sourced_id = cells.get("sourcedId", "")
    if sourced_id.startswith(LOCAL_PREFIX):
        report.add(file, line, "reserved_id")
        fine = False
    return Row(line, sourced_id, cells, is_right=fine) if sourced_id else None
