"""Small rosters for tests, in both versions of the standard, and big ones for measuring."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HEADERS_12 = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": (
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
        "subjectCodes"
    ),
    "classes": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
        "termSourcedIds,subjects,subjectCodes,periods"
    ),
    "users": (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"
        "email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,"
        "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns,metadata.language"
    ),
    "roles": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
        "userProfileSourcedId"
    ),
    "enrollments": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate"
    ),
}
USERS_11 = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
)
Record = dict[str, str]


@dataclass
class Roster:
    """The files of one roster as records; `write` puts them into a folder, `zip` into a zip."""

    version: str = "1.2"
    tables: dict[str, list[Record]] = field(default_factory=dict)
    mode: str = "bulk"
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS_12))

    def add(self, table: str, **cells: str) -> Record:
        record = {name.replace("__", "."): value for name, value in cells.items()}
        self.tables.setdefault(table, []).append(record)
        return record

    def find(self, table: str, sourced_id: str) -> Record:
        return next(record for record in self.tables[table] if record["sourcedId"] == sourced_id)

    def drop(self, table: str, drop: Callable[[Record], bool]) -> None:
        self.tables[table] = [record for record in self.tables[table] if not drop(record)]

    def texts(self) -> dict[str, str]:
        files = {"manifest.csv": self._manifest()}
        for table, records in self.tables.items():
            columns = self.headers[table].split(",")
            text = io.StringIO()
            writer = csv.DictWriter(text, columns, lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(records)
            files[f"{table}.csv"] = text.getvalue()
        return files

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, text in self.texts().items():
            (folder / name).write_bytes(text.encode())
        return folder

    def zip(self, path: Path, *, folder: str = "") -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.texts().items():
                archive.writestr(folder + name, text)
        return path

    def _manifest(self) -> str:
        lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{self.version}"]
        for table in ("academicSessions", "classes", "courses", "enrollments", "orgs", "roles", "users", "results"):
            lines.append(f"file.{table},{self.mode if table in self.tables else 'absent'}")
        return "\r\n".join(lines) + "\r\n"


def small_12() -> Roster:
    """Two schools; Naïka, her twin of one name, their mother, a teacher at both schools, a principal, an operator."""
    roster = Roster()
    _common(roster)
    for id_, name, given, family, more in (
        ("u-naika", "naika.p", "Naïka", "Pierre", {"agentSourcedIds": "u-marie", "grades": "07"}),
        ("u-twin", "naika.p2", "Naïka", "Pierre", {"agentSourcedIds": "u-marie", "grades": "7"}),
        ("u-leo", "leo.g", "Leo", "García", {"grades": "KG", "metadata.language": "es"}),
        ("u-marie", "m.pierre", "Marie", "Pierre", {"sms": "305-555-0101", "metadata.language": "ht"}),
        ("u-ruiz", "e.ruiz", "Elena", "Ruiz", {"email": "e.ruiz@example.org"}),
        ("u-stone", "p.stone", "Pat", "Stone", {}),
        ("u-reyes", "o.reyes", "Omar", "Reyes", {}),
    ):
        record = {"sourcedId": id_, "enabledUser": "true", "username": name, "givenName": given, "familyName": family}
        roster.tables.setdefault("users", []).append({**record, **more})
    for id_, user, kind, role, org in (
        ("r1", "u-naika", "primary", "student", "s1"),
        ("r2", "u-twin", "primary", "student", "s1"),
        ("r3", "u-leo", "primary", "student", "s2"),
        ("r4", "u-marie", "primary", "parent", "s1"),
        ("r5", "u-ruiz", "primary", "teacher", "s1"),
        ("r6", "u-ruiz", "secondary", "teacher", "s2"),
        ("r7", "u-ruiz", "secondary", "guardian", "s2"),
        ("r8", "u-stone", "primary", "principal", "s1"),
        ("r9", "u-reyes", "primary", "districtAdministrator", "d"),
    ):
        roster.add("roles", sourcedId=id_, userSourcedId=user, roleType=kind, role=role, orgSourcedId=org)
    return roster


def small_11() -> Roster:
    """The same people in the older form: one role, at several schools."""
    roster = Roster(version="1.1")
    roster.headers["users"] = USERS_11
    _common(roster)
    for id_, name, given, family, role, orgs, agents in (
        ("u-naika", "naika.p", "Naïka", "Pierre", "student", "s1", "u-marie"),
        ("u-twin", "naika.p2", "Naïka", "Pierre", "student", "s1", "u-marie"),
        ("u-leo", "leo.g", "Leo", "García", "student", "s2", ""),
        ("u-marie", "m.pierre", "Marie", "Pierre", "parent", "s1", "u-naika,u-twin"),
        ("u-ruiz", "e.ruiz", "Elena", "Ruiz", "teacher", "s1,s2", ""),
        ("u-stone", "p.stone", "Pat", "Stone", "administrator", "s1", ""),
    ):
        roster.add(
            "users", sourcedId=id_, enabledUser="true", username=name, givenName=given, familyName=family, role=role,
            orgSourcedIds=orgs, agentSourcedIds=agents,
        )  # fmt: skip
    return roster


def _common(roster: Roster) -> None:
    roster.add("orgs", sourcedId="d", name="Bay District", type="district")
    roster.add("orgs", sourcedId="s1", name="Olinda Middle", type="school", parentSourcedId="d")
    roster.add("orgs", sourcedId="s2", name="Mangrove Middle", type="school", parentSourcedId="d")
    year = {"type": "schoolYear", "startDate": "2026-08-20", "endDate": "2027-06-10", "schoolYear": "2027"}
    roster.add("academicSessions", sourcedId="y", title="2026-27", **year)
    fall = {"type": "term", "startDate": "2026-08-20", "endDate": "2027-01-15", "schoolYear": "2027"}
    roster.add("academicSessions", sourcedId="t1", title="Fall", parentSourcedId="y", **fall)
    roster.add("courses", sourcedId="c1", title="Math 7", courseCode="M7", orgSourcedId="d")
    roster.add("courses", sourcedId="c2", title="Kindergarten", courseCode="K", orgSourcedId="d")
    roster.add(
        "classes", sourcedId="k1", title="Math 7, period 1", courseSourcedId="c1", classType="scheduled",
        schoolSourcedId="s1", termSourcedIds="y,t1", grades="07", periods="1, 2",
    )  # fmt: skip
    roster.add(
        "classes", sourcedId="k2", title="Room 12", courseSourcedId="c2", classType="homeroom",
        schoolSourcedId="s2", termSourcedIds="y", grades="KG",
    )  # fmt: skip
    for number, (section, school, user, role) in enumerate(
        (
            ("k1", "s1", "u-naika", "student"),
            ("k1", "s1", "u-twin", "student"),
            ("k2", "s2", "u-leo", "student"),
            ("k1", "s1", "u-ruiz", "teacher"),
            ("k2", "s2", "u-ruiz", "proctor"),
        ),
        start=1,
    ):
        roster.add(
            "enrollments", sourcedId=f"e{number}", classSourcedId=section, schoolSourcedId=school,
            userSourcedId=user, role=role,
        )  # fmt: skip


def big(folder: Path, *, students: int, enrollments_each: int = 6) -> Path:
    """Write a roster of this many students, each with a guardian, in classes of thirty; OneRoster 1.2."""
    roster = Roster()
    roster.add("orgs", sourcedId="d", name="Bay District", type="district")
    year = {"type": "schoolYear", "startDate": "2026-08-20", "endDate": "2027-06-10", "schoolYear": "2027"}
    roster.add("academicSessions", sourcedId="y", title="2026-27", **year)
    roster.add("courses", sourcedId="c", title="Course", orgSourcedId="d")
    schools = [f"school-{number:04}" for number in range(max(1, students // 1000))]
    for school in schools:
        roster.add("orgs", sourcedId=school, name=school, type="school", parentSourcedId="d")
    sections_per_school = max(enrollments_each, students * enrollments_each // 30 // len(schools))
    for school in schools:
        for number in range(sections_per_school):
            roster.add(
                "classes", sourcedId=f"{school}-k{number}", title=f"Class {number}", courseSourcedId="c",
                classType="scheduled", schoolSourcedId=school, termSourcedIds="y", periods=str(number % 6 + 1),
            )  # fmt: skip
            teacher = f"{school}-t{number // 5}"
            if number % 5 == 0:
                _person(roster, teacher, "teacher", school)
            _enrollment(roster, f"{school}-k{number}", school, teacher, "teacher")
    for number in range(students):
        school = schools[number % len(schools)]
        _person(roster, f"student-{number:07}", "student", school, agentSourcedIds=f"guardian-{number:07}", grades="07")
        _person(roster, f"guardian-{number:07}", "guardian", school)
        for place in range(enrollments_each):
            section = (number // len(schools) + place * 31) % sections_per_school
            _enrollment(roster, f"{school}-k{section}", school, f"student-{number:07}", "student", f"-{place}")
    return roster.write(folder)


def _person(roster: Roster, id_: str, role: str, school: str, **more: str) -> None:
    roster.add("users", sourcedId=id_, enabledUser="true", username=id_, givenName="Given", familyName="Family", **more)
    roster.add("roles", sourcedId=f"r-{id_}", userSourcedId=id_, roleType="primary", role=role, orgSourcedId=school)


def _enrollment(roster: Roster, section: str, school: str, user: str, role: str, suffix: str = "") -> None:
    roster.add(
        "enrollments", sourcedId=f"{section}:{user}{suffix}", classSourcedId=section, schoolSourcedId=school,
        userSourcedId=user, role=role,
    )  # fmt: skip


def without_leo() -> Roster:
    """The small roster, once Leo has left."""
    roster = small_12()
    roster.drop("users", lambda row: row["sourcedId"] == "u-leo")
    roster.drop("roles", lambda row: row["userSourcedId"] == "u-leo")
    roster.drop("enrollments", lambda row: row["userSourcedId"] == "u-leo")
    return roster
