"""
OneRoster 1.2 CSV, the writing side: one open file per kind, nothing kept in memory.

Columns and their order: OneRoster 1.2 CSV binding; `metadata.` columns are ours, as the standard allows.
"""

import csv
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

COLUMNS = {
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId,"
    "metadata.region,metadata.timeZone,metadata.phone",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,"
    "subjects,subjectCodes",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "users": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
    "identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,"
    "preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns,metadata.language",
    "roles": "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
    "userProfileSourcedId",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate",
}
# All that a 1.2 manifest must name.
_ABSENT = (
    "categories", "classResources", "courseResources", "demographics", "lineItemLearningObjectiveIds", "lineItems",
    "lineItemScoreScales", "resources", "resultLearningObjectiveIds", "results", "resultScoreScales", "scoreScales",
    "userProfiles", "userResources",
)  # fmt: skip
BLANK = ("", "")  # status and dateLastModified, both empty in a bulk file


class RosterFiles:
    """
    The files of one roster while they are written, each under `<name>.csv.partial`.

    On leaving without an error they get their names, manifest.csv last: a folder with a manifest is whole.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.counts = dict.fromkeys(COLUMNS, 0)
        self._writers: dict[str, Any] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / "manifest.csv").unlink(missing_ok=True)
        for kind, columns in COLUMNS.items():
            file = self._open.enter_context(partial(self.out / f"{kind}.csv").open("w", newline="", encoding="utf-8"))
            self._writers[kind] = csv.writer(file)
            self._writers[kind].writerow(columns.split(","))
        return self

    def add(self, kind: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Write rows in the order of COLUMNS."""
        before = list(rows)
        self._writers[kind].writerows(before)
        self.counts[kind] += len(before)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        if error is None:
            for name in COLUMNS:
                partial(self.out / f"{name}.csv").replace(self.out / f"{name}.csv")

    def write_manifest(self) -> None:
        """Write manifest.csv, when all else is in its place."""
        files = {**dict.fromkeys(COLUMNS, "bulk"), **dict.fromkeys(_ABSENT, "absent")}
        rows = [
            ("propertyName", "value"),
            ("manifest.version", "1.0"),
            ("oneroster.version", "1.2"),
            *((f"file.{name}", files[name]) for name in sorted(files)),
            ("source.systemName", "Schoolday demo district"),
            ("source.systemCode", "schoolday-demo"),
        ]
        write_rows(self.out / "manifest.csv", rows)


def write_rows(path: Path, rows: Iterable[tuple[object, ...]]) -> None:
    """Write a small CSV file whole or not at all."""
    with partial(path).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    partial(path).replace(path)


def partial(path: Path) -> Path:
    """Return where a file lies until it is complete."""
    return path.with_name(path.name + ".partial")
