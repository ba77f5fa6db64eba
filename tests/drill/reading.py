"""A small reader of roster files, written apart from the generator: it knows only the standard."""

import csv
from collections import defaultdict
from pathlib import Path

Row = dict[str, str]


class Roster:
    """All rows of a folder of OneRoster CSV, by file and id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
            self.manifest = {row["propertyName"]: row["value"] for row in csv.DictReader(file)}
        self.files: dict[str, dict[str, Row]] = {}
        for name, mode in self.manifest.items():
            kind = name.removeprefix("file.")
            if name.startswith("file.") and mode == "bulk":
                rows = rows_of(folder / f"{kind}.csv")
                self.files[kind] = {row["sourcedId"]: row for row in rows}
                assert len(self.files[kind]) == len(rows), f"an id twice in {kind}"
        self._schools: dict[str, set[str]] = defaultdict(set)
        for role in self.files["roles"].values():
            self._schools[role["userSourcedId"]].add(role["orgSourcedId"])

    def __getitem__(self, kind: str) -> dict[str, Row]:
        return self.files[kind]

    def with_role(self, *roles: str) -> dict[str, Row]:
        """Return users who have one of these roles anywhere."""
        ids = {row["userSourcedId"] for row in self["roles"].values() if row["role"] in roles}
        return {id: self["users"][id] for id in ids}

    def members(self, section: str, role: str = "student") -> set[str]:
        rows = self["enrollments"].values()
        return {row["userSourcedId"] for row in rows if row["classSourcedId"] == section and row["role"] == role}

    def sections(self) -> dict[str, set[str]]:
        """Return the sections of each person."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self["enrollments"].values():
            found[row["userSourcedId"]].add(row["classSourcedId"])
        return found

    def schools_of(self, user: str) -> set[str]:
        return self._schools[user]


def rows_of(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def parts(text: str) -> list[str]:
    return [part for part in text.split(",") if part]
