"""
The columns we read of each file, as the standard names them. Every other column is passed over.

Source: 1EdTech OneRoster 1.1 CSV tables (section 3) and OneRoster 1.2 CSV binding. `metadata.…` and `periods` are
extensions and optional. A password column is never read: no password comes from a file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Version = Literal["1.1", "1.2"]
NAME_AT_MOST_LETTERS = 255


class BadCell(Exception):
    """A value that will not do: the code of its problem and what its sentence needs."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Column:
    """
    One column. `read` gives the value of a text that is not empty; `empty` is the value of an empty one.

    `needed`: must be in the header; `filled`: and hold something in every row that is active.
    `only`: the version that has it, where the other has not.
    """

    name: str
    read: Callable[[str], Any]
    empty: Any = ""
    needed: bool = True
    filled: bool = True
    only: Version | None = None


@dataclass(frozen=True)
class Table:
    """One file of the standard."""

    file: str
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """Its name in the manifest: `file.orgs`."""
        return self.file.removesuffix(".csv")

    def of(self, version: Version) -> tuple[Column, ...]:
        """Return the columns that a version has."""
        return tuple(column for column in self.columns if column.only in (None, version))


def text(limit: int = NAME_AT_MOST_LETTERS) -> Callable[[str], str]:
    """Read a text of at most `limit` letters."""

    def read(value: str) -> str:
        if len(value) > limit:
            raise BadCell("too_long", limit=limit)
        return value

    return read


def many(value: str) -> tuple[str, ...]:
    """Read a list separated by commas; each id once, in order."""
    return tuple(dict.fromkeys(text()(part.strip()) for part in value.split(",") if part.strip()))


def iso_date(value: str) -> date:
    """Read 2026-09-01 and nothing else."""
    if not _DATE.fullmatch(value):
        raise BadCell("bad_date", value=value)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadCell("bad_date", value=value) from None


def iso_moment(value: str) -> str:
    """Check the form of 2026-09-01T08:00:00.000Z; a date alone is seen often and will do."""
    iso_date(value[:10])
    if not _REST_OF_MOMENT.fullmatch(value[10:]):
        raise BadCell("bad_date", value=value)
    return value


def one_of(words: Mapping[str, Any], *, ext: Any = None) -> Callable[[str], Any]:
    """Read one of these words, in any case; `ext`: what the `ext:…` words of 1.2 stand for, if they are allowed."""
    by_lower = {word.lower(): value for word, value in words.items()}
    allowed = ", ".join(words)

    def read(value: str) -> Any:
        found = by_lower.get(value.lower())
        if found is None and ext is not None and value.startswith("ext:"):
            return ext
        if found is None:
            raise BadCell("unknown_value", value=value, allowed=allowed)
        return found

    return read


def grade(value: str) -> str:
    """Read the first of the grades; 1 is 01 and K is KG, as many write."""
    first = value.split(",")[0].strip().upper()
    return text(10)({"K": "KG"}.get(first) or (first.zfill(2) if first.isdigit() else first))


def comma_list(value: str) -> str:
    """Read a list to keep as it is, without blanks."""
    return text()(",".join(part.strip() for part in value.split(",") if part.strip()))


def language(value: str) -> str:
    """Read the language of a home: es, es-US, spa or Spanish are es. One we do not speak is greeted in English."""
    return _LANGUAGES.get(re.split(r"[-_ ]", value.lower())[0], "en")


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_REST_OF_MOMENT = re.compile(r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_LANGUAGES = {
    **dict.fromkeys(("en", "eng", "english"), "en"),
    **dict.fromkeys(("es", "spa", "spanish", "español"), "es"),
    **dict.fromkeys(("ht", "hat", "haitian", "creole", "kreyòl"), "ht"),
}

YES_NO = {"true": True, "false": False}
STATUS = {"active": True, "tobedeleted": False}
ORG_TYPES = {
    "school": "school",
    "district": "district",
    **dict.fromkeys(("department", "local", "state", "national"), "other"),
}
SESSION_TYPES = {word: word for word in ("gradingPeriod", "semester", "schoolYear", "term")}
CLASS_TYPES = {"homeroom": "homeroom", "scheduled": "scheduled"}
# OneRoster's word and ours. A counselor is of the staff but runs no office: she sees her own sections.
ROLES = {
    "student": ("student", "student"),
    "teacher": ("teacher", "teacher"),
    "aide": ("aide", "aide"),
    "proctor": ("proctor", "aide"),
    "counselor": ("counselor", "aide"),
    "guardian": ("guardian", "guardian"),
    "parent": ("parent", "guardian"),
    "relative": ("relative", "guardian"),
    "administrator": ("administrator", "administrator"),
    "principal": ("principal", "administrator"),
    "siteAdministrator": ("siteAdministrator", "administrator"),
    "districtAdministrator": ("districtAdministrator", "operator"),
    "systemAdministrator": ("systemAdministrator", "operator"),
}
ENROLLMENT_ROLES = {
    "student": "student",
    "teacher": "teacher",
    "aide": "aide",
    "proctor": "aide",
    "administrator": "administrator",
}
ROLE_TYPES = {"primary": True, "secondary": False}


def _optional(name: str, read: Callable[[str], Any], empty: Any = "", *, only: Version | None = None) -> Column:
    return Column(name, read, empty, needed=False, filled=False, only=only)


# First in every file. `status` and `dateLastModified` are needed in a delta alone (tables.py).
_BASE = (
    Column("sourcedId", text()),
    _optional("status", one_of(STATUS), True),
    _optional("dateLastModified", iso_moment),
)

ORGS = Table("orgs.csv", (
    *_BASE,
    Column("name", text()),
    Column("type", one_of(ORG_TYPES, ext="other")),
    _optional("identifier", text()),
    _optional("parentSourcedId", text()),
    _optional("metadata.timeZone", text(64)),
    _optional("metadata.phone", text(40)),
    _optional("metadata.region", text(40)),
))  # fmt: skip

SESSIONS = Table("academicSessions.csv", (
    *_BASE,
    Column("title", text()),
    Column("type", one_of(SESSION_TYPES, ext="ext")),
    Column("startDate", iso_date),
    Column("endDate", iso_date),
    _optional("parentSourcedId", text()),
))  # fmt: skip

COURSES = Table("courses.csv", (
    *_BASE,
    Column("title", text()),
    _optional("courseCode", text()),
    Column("orgSourcedId", text()),
))  # fmt: skip

CLASSES = Table("classes.csv", (
    *_BASE,
    Column("title", text()),
    _optional("grades", comma_list),
    Column("courseSourcedId", text()),
    _optional("classCode", text()),
    Column("classType", one_of(CLASS_TYPES, ext="scheduled")),
    _optional("location", text()),
    Column("schoolSourcedId", text()),
    Column("termSourcedIds", many, ()),
    _optional("subjects", comma_list),
    _optional("periods", comma_list),
))  # fmt: skip

USERS = Table("users.csv", (
    *_BASE,
    Column("enabledUser", one_of(YES_NO)),
    Column("orgSourcedIds", many, (), only="1.1"),
    Column("role", one_of(ROLES), only="1.1"),
    Column("username", text()),
    Column("givenName", text()),
    Column("familyName", text()),
    _optional("middleName", text()),
    _optional("preferredGivenName", text(), only="1.2"),
    _optional("email", text()),
    _optional("sms", text(40)),
    _optional("phone", text(40)),
    _optional("agentSourcedIds", many, ()),
    _optional("grades", grade),
    _optional("metadata.language", language),
))  # fmt: skip

USER_ROLES = Table("roles.csv", (
    *_BASE,
    Column("userSourcedId", text()),
    Column("roleType", one_of(ROLE_TYPES)),
    Column("role", one_of(ROLES)),
    _optional("beginDate", iso_date, None),
    _optional("endDate", iso_date, None),
    Column("orgSourcedId", text()),
))  # fmt: skip

ENROLLMENTS = Table("enrollments.csv", (
    *_BASE,
    Column("classSourcedId", text()),
    Column("schoolSourcedId", text()),
    Column("userSourcedId", text()),
    Column("role", one_of(ENROLLMENT_ROLES)),
    _optional("primary", one_of(YES_NO), False),
    _optional("beginDate", iso_date, None),
    _optional("endDate", iso_date, None),
))  # fmt: skip

TABLES = (ORGS, SESSIONS, COURSES, USERS, USER_ROLES, CLASSES, ENROLLMENTS)
