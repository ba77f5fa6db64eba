"""
What can be wrong with a roster: one code, one sentence each, and the report that gathers them all.

docs/use/roster.md lists this table. A sentence says what is wrong and what to do; the page shows it translated.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

KEPT_AT_MOST = 1000  # of one code in one file; the rest is counted. A file in the wrong encoding has one per line.
SHOWN_AT_MOST_LETTERS = 60

SENTENCES = {
    # The path, the zip
    "no_such_path": "There is no such file or folder. Say the folder or the zip that holds manifest.csv.",
    "not_a_roster": "This is neither a folder nor a zip file. Say the folder or the zip that holds manifest.csv.",
    "unreadable": "This cannot be opened (%(what)s). Let this account read it.",
    "damaged_zip": "The zip is damaged (%(what)s). Make it again.",
    "encrypted_zip": "The zip is locked with a password. Make it again without one.",
    "unsafe_zip": "The zip holds a name that points outside of it. Make it again from the CSV files alone.",
    "twice_in_zip": "The zip holds this file twice. Keep one of them.",
    "too_large": "This would unpack to %(size)s, and at most %(limit)s is read. Check that it is a roster.",
    # The set of files
    "missing_file": "The file is missing. Add it, or say in manifest.csv that it is absent.",
    "unknown_version": "oneroster.version is “%(value)s”. Only 1.1 and 1.2 are read: export it as one of these.",
    "unknown_mode": "%(name)s is “%(value)s”. Say bulk, delta or absent.",
    # One file
    "utf16": "The file is in UTF-16. Save it as UTF-8.",
    "not_utf8": "Byte %(byte)s of this line (%(value)s) is not UTF-8. Save the file as UTF-8.",
    "nul": "There is a zero byte in this line. Export the file again.",
    "long_line": "The line is longer than %(limit)s. Check that it is a CSV file.",
    "bad_quotes": "The quotation marks of this row do not match. Close them, and double each one inside a value.",
    "missing_column": "The column %(column)s is missing. Add it to the first line.",
    "twice_in_header": "The column %(column)s is there twice. Keep one of them.",
    "field_count": "The row has %(found)s values and the first line has %(expected)s columns. Check commas and quotes.",
    # One row
    "empty_value": "%(column)s is empty. Fill it in.",
    "too_long": "%(column)s is longer than %(limit)s letters. Shorten it.",
    "bad_date": "%(column)s is “%(value)s”. Write a date as 2026-09-01.",
    "ends_before_it_begins": "%(column)s is not after the day it begins. Correct one of the two.",
    "unknown_value": "%(column)s is “%(value)s”. Say one of: %(allowed)s.",
    "reserved_id": "sourcedId begins with “local:”, which this portal keeps for its own accounts. Choose another.",
    # Between rows and files
    "duplicate_id": "sourcedId is the same as in line %(first)s. Every row needs its own.",
    "duplicate_user_name": "username is the same as in line %(first)s. Every person needs her own.",
    "user_name_taken": "username belongs to somebody who is not in this file. Every person needs her own.",
    "dangling_reference": "%(column)s is “%(value)s”, which %(where)s does not have. Add it there, or correct it here.",
    "not_a_school": "%(column)s is “%(value)s”, which is not an org of type school. Name the school.",
    "circle": "%(column)s leads back to this row. Correct the chain of parents.",
    # Around the import
    "busy": "Another import is running. Wait until it is done, then try again.",
    "broken_off": "The import broke off and wrote nothing. Try again; the log of the office says why.",
}


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong. `line`: the physical line where its row begins; 0: the file as a whole."""

    file: str
    line: int
    code: str
    values: dict[str, str] = {}

    @property
    def text(self) -> str:
        """The English sentence."""
        return SENTENCES[self.code] % self.values

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}" if place else self.text

    def as_dict(self) -> dict[str, Any]:
        """Return what `--json` prints and what a run keeps."""
        return {"file": self.file, "line": self.line, "code": self.code, "text": self.text}


# With one of these some rows of the file are unknown, so nobody can say that a reference into it dangles.
_ROWS_UNKNOWN = (
    "missing_file", "unreadable", "utf16", "long_line", "bad_quotes", "missing_column", "twice_in_header",
    "field_count",
)  # fmt: skip


class Report:
    """All problems of one roster; keeps at most `KEPT_AT_MOST` of one code and file, and counts all."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, file: str, line: int, code: str, **values: object) -> None:
        """Note one problem; long values are cut."""
        self._counts[file, code] += 1
        if self._counts[file, code] <= KEPT_AT_MOST:
            self._kept.append(Problem(file, line, code, {name: _shown(value) for name, value in values.items()}))

    def cannot_tell(self, file: str) -> bool:
        """Say whether rows of a file may be there that could not be read."""
        return any(self._counts[file, code] for code in _ROWS_UNKNOWN)

    def __len__(self) -> int:
        return self._counts.total()

    def __iter__(self) -> Iterator[Problem]:
        """Go through those kept, file by file, line by line."""
        return iter(sorted(self._kept, key=lambda problem: (problem.file, problem.line)))


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN_AT_MOST_LETTERS else text[: SHOWN_AT_MOST_LETTERS - 1] + "…"
