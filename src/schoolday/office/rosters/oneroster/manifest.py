"""manifest.csv: which version this is, and for each file whether it is all there is, or what changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from schoolday.office.rosters.oneroster.columns import TABLES, USER_ROLES, Table, Version
from schoolday.office.rosters.oneroster.lines import read_rows
from schoolday.office.rosters.oneroster.problems import Report
from schoolday.office.rosters.oneroster.source import READ_ERRORS, Source

FILE = "manifest.csv"
Mode = Literal["bulk", "delta", "absent"]
_VERSIONS: Mapping[str, Version] = {"1.1": "1.1", "1.2": "1.2"}
_MODES = ("bulk", "delta", "absent")


@dataclass(frozen=True)
class Manifest:
    """`modes` by file name; what the manifest does not name is absent, and stays in the portal as it is."""

    version: Version
    modes: Mapping[str, Mode] = field(default_factory=dict)

    def mode(self, table: Table) -> Mode:
        return self.modes.get(table.file, "absent")


def read_manifest(source: Source, report: Report) -> Manifest | None:
    """Return the manifest, or None with the reasons in `report`."""
    if FILE not in source.sizes_bytes:
        report.add(FILE, 0, "missing_file")
        return None
    problems_before = len(report)
    properties: dict[str, tuple[int, str]] = {}
    try:
        with source.open(FILE) as file:
            for line, values in read_rows(file, FILE, report):
                name, value = (cell.strip() for cell in (*values, "", "")[:2])
                properties[name] = (line, value)
    except READ_ERRORS as error:
        report.add(FILE, 0, "unreadable", what=error)
    if len(report) > problems_before:
        return None
    line, text = properties.get("oneroster.version", (0, ""))
    version = _VERSIONS.get(text)
    if version is None:
        report.add(FILE, line, "unknown_version", value=text)
        return None
    modes: dict[str, Mode] = {}
    for table in TABLES:
        line, mode = properties.get(f"file.{table.name}", (0, "absent"))
        if mode.lower() not in _MODES:
            report.add(FILE, line, "unknown_mode", name=f"file.{table.name}", value=mode)
            mode = "bulk"  # so that its own problems are in the report as well
        if table is not USER_ROLES or version == "1.2":
            modes[table.file] = cast(Mode, mode.lower())
    return Manifest(version, modes)
