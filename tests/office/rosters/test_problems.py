"""Every problem code is met once, at the right file and line, with everything else left as it was."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.actions import import_roster
from schoolday.office.rosters.oneroster import problems
from schoolday.office.rosters.oneroster.problems import SENTENCES, Report
from tests.office.rosters.files import Roster, small_11, small_12

pytestmark = pytest.mark.django_db
Found = list[tuple[str, int, str]]
DOC = Path(__file__).parents[3] / "docs" / "use" / "roster.md"


def found(path: Path) -> Found:
    outcome = import_roster(path)
    assert not Org.objects.exists(), "something was written"
    assert outcome.run.problem_count >= len(outcome.problems)
    return [(problem.file, problem.line, problem.code) for problem in outcome.problems]


def with_cell(table: str, sourced_id: str, **cells: str) -> Callable[[], Roster]:
    def make() -> Roster:
        roster = small_12()
        roster.find(table, sourced_id).update(cells)
        return roster

    return make


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (with_cell("users", "u-leo", enabledUser=""), ("users.csv", 4, "empty_value")),
        (with_cell("users", "u-leo", enabledUser="maybe"), ("users.csv", 4, "unknown_value")),
        (with_cell("users", "u-leo", givenName="x" * 256), ("users.csv", 4, "too_long")),
        (with_cell("enrollments", "e5", sourcedId="local:e5"), ("enrollments.csv", 6, "reserved_id")),
        (with_cell("users", "u-leo", username="NAIKA.P"), ("users.csv", 4, "duplicate_user_name")),
        (with_cell("users", "u-leo", agentSourcedIds="u-x"), ("users.csv", 4, "dangling_reference")),
        (with_cell("users", "u-leo", status="inactive"), ("users.csv", 4, "unknown_value")),
        (with_cell("users", "u-leo", dateLastModified="11/20/2026"), ("users.csv", 4, "bad_date")),
        (with_cell("orgs", "s1", parentSourcedId="s1"), ("orgs.csv", 3, "circle")),
        (with_cell("orgs", "s1", type="academy"), ("orgs.csv", 3, "unknown_value")),
        (with_cell("orgs", "s1", parentSourcedId="x"), ("orgs.csv", 3, "dangling_reference")),
        (with_cell("academicSessions", "t1", startDate="2026-13-01"), ("academicSessions.csv", 3, "bad_date")),
        (with_cell("academicSessions", "t1", startDate="20260820"), ("academicSessions.csv", 3, "bad_date")),
        (
            with_cell("academicSessions", "t1", endDate="2026-08-20"),
            ("academicSessions.csv", 3, "ends_before_it_begins"),
        ),
        (with_cell("courses", "c1", orgSourcedId="x"), ("courses.csv", 2, "dangling_reference")),
        (with_cell("classes", "k2", schoolSourcedId="d"), ("classes.csv", 3, "not_a_school")),
        (with_cell("classes", "k2", courseSourcedId="x"), ("classes.csv", 3, "dangling_reference")),
        (with_cell("classes", "k2", termSourcedIds="y,x"), ("classes.csv", 3, "dangling_reference")),
        (with_cell("classes", "k2", termSourcedIds=""), ("classes.csv", 3, "empty_value")),
        (with_cell("roles", "r9", role="janitor"), ("roles.csv", 10, "unknown_value")),
        (with_cell("roles", "r9", orgSourcedId="x"), ("roles.csv", 10, "dangling_reference")),
        (with_cell("roles", "r9", sourcedId="r1"), ("roles.csv", 10, "duplicate_id")),
        (with_cell("enrollments", "e5", sourcedId="e1"), ("enrollments.csv", 6, "duplicate_id")),
        (with_cell("enrollments", "e5", userSourcedId="x"), ("enrollments.csv", 6, "dangling_reference")),
        (with_cell("enrollments", "e5", role="parent"), ("enrollments.csv", 6, "unknown_value")),
        (
            with_cell("enrollments", "e5", beginDate="2026-09-02", endDate="2026-09-01"),
            ("enrollments.csv", 6, "ends_before_it_begins"),
        ),
    ],
)
def test_a_bad_value_is_named_where_it_stands(
    tmp_path: Path, make: Callable[[], Roster], expected: tuple[str, int, str]
) -> None:
    assert found(make().write(tmp_path / "r")) == [expected]


def test_a_role_that_1_1_does_not_know(tmp_path: Path) -> None:
    roster = small_11()
    roster.find("users", "u-leo")["role"] = "visitor"
    assert found(roster.write(tmp_path / "r")) == [("users.csv", 4, "unknown_value")]


def test_a_name_that_somebody_outside_the_file_holds(tmp_path: Path) -> None:
    Person.objects.create(sourced_id="local:x", user_name="leo.g", given_name="A", family_name="B")
    assert found(small_12().write(tmp_path / "r")) == [("users.csv", 4, "user_name_taken")]


def test_all_problems_come_in_one_report_and_a_wrong_row_does_not_breed_others(tmp_path: Path) -> None:
    roster = small_12()
    roster.find("academicSessions", "y")["startDate"] = "soon"  # both classes refer to it
    roster.find("users", "u-naika")["enabledUser"] = ""
    roster.find("enrollments", "e4")["classSourcedId"] = "nowhere"
    assert found(roster.write(tmp_path / "r")) == [
        ("academicSessions.csv", 2, "bad_date"),
        ("enrollments.csv", 5, "dangling_reference"),
        ("users.csv", 2, "empty_value"),
    ]


def edited(tmp_path: Path, file: str, edit: Callable[[bytes], bytes]) -> Found:
    folder = small_12().write(tmp_path / "r")
    path = folder / file
    path.write_bytes(edit(path.read_bytes()))
    return found(folder)


@pytest.mark.parametrize(
    ("file", "edit", "expected"),
    [
        ("users.csv", lambda old: old.decode().encode("utf-16"), ("users.csv", 1, "utf16")),
        ("users.csv", lambda old: old.decode().encode("utf-16-le"), ("users.csv", 1, "utf16")),
        ("users.csv", lambda old: old.replace(b",leo.g", b",l\0eo.g"), ("users.csv", 4, "nul")),
        ("users.csv", lambda old: old.replace("García".encode(), b"Garc\xeda"), ("users.csv", 4, "not_utf8")),
        ("users.csv", lambda old: old.replace(b",leo.g", b',"leo"g'), ("users.csv", 4, "bad_quotes")),
        ("users.csv", lambda old: old.replace(b",leo.g", b',"leo.g'), ("users.csv", 4, "bad_quotes")),
        ("users.csv", lambda old: old.replace(b",leo.g,", b",leo.g,,"), ("users.csv", 4, "field_count")),
        ("users.csv", lambda old: old.replace(b",leo.g,", b",leo.g"), ("users.csv", 4, "field_count")),
        ("users.csv", lambda old: old.replace(b",username", b",login", 1), ("users.csv", 1, "missing_column")),
        ("users.csv", lambda old: old.replace(b",userIds", b",username", 1), ("users.csv", 1, "twice_in_header")),
        ("users.csv", lambda old: old + b"x" * 2_000_000, ("users.csv", 9, "long_line")),
        ("manifest.csv", lambda old: old.replace(b"1.2", b"1.0"), ("manifest.csv", 3, "unknown_version")),
        ("manifest.csv", lambda old: old.replace(b"users,bulk", b"users,all"), ("manifest.csv", 10, "unknown_mode")),
    ],
)
def test_a_bad_file_is_named_with_its_line(
    tmp_path: Path, file: str, edit: Callable[[bytes], bytes], expected: tuple[str, int, str]
) -> None:
    assert expected in edited(tmp_path, file, edit)
    assert {code for _, _, code in edited(tmp_path, file, edit)} == {expected[2]}


def test_the_wrong_byte_is_counted_from_the_start_of_its_line(tmp_path: Path) -> None:
    folder = small_12().write(tmp_path / "r")
    (folder / "orgs.csv").write_bytes((folder / "orgs.csv").read_bytes().replace(b"Bay", "Bï".encode() + b"\xe9"))
    (problem,) = import_roster(folder).problems
    assert str(problem) == "orgs.csv:2: Byte 8 of this line (0xE9) is not UTF-8. Save the file as UTF-8."


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("file", ["manifest", "orgs", "academicSessions", "courses", "classes", "users", "enrollments"])
def test_a_missing_file_is_one_problem(tmp_path: Path, version: str, file: str) -> None:
    folder = (small_11() if version == "1.1" else small_12()).write(tmp_path / "r")
    (folder / f"{file}.csv").unlink()
    assert found(folder) == [(f"{file}.csv", 0, "missing_file")]


def test_a_delta_needs_status_and_date(tmp_path: Path) -> None:
    roster = small_12()
    roster.mode = "delta"
    roster.headers["orgs"] = roster.headers["orgs"].replace("status,dateLastModified,", "")
    assert found(roster.write(tmp_path / "r")) == [("orgs.csv", 1, "missing_column"), ("orgs.csv", 1, "missing_column")]


def test_paths_that_hold_no_roster(tmp_path: Path) -> None:
    text = tmp_path / "users.csv"
    text.write_text("sourcedId")
    assert found(tmp_path / "nowhere") == [(str(tmp_path / "nowhere"), 0, "no_such_path")]
    assert found(text) == [("users.csv", 0, "not_a_roster")]
    (tmp_path / "empty").mkdir()
    assert found(tmp_path / "empty") == [("manifest.csv", 0, "missing_file")]


def zipped(path: Path, entries: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["../users.csv", "/etc/users.csv", "a\\..\\users.csv", "C:users.csv"])
def test_a_zip_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "trap.zip", [(name, b"x")])
    assert ("trap.zip", 0, "unsafe_zip") in found(path)


def test_a_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", [("users.csv", b"0" * 20_000_000)])
    assert found(path) == [("bomb.zip", 0, "too_large")]


def test_a_file_twice_in_a_zip(tmp_path: Path) -> None:
    assert found(zipped(tmp_path / "r.zip", [("users.csv", b"x"), ("Users.csv", b"x")])) == [
        ("users.csv", 0, "twice_in_zip")
    ]


def test_a_locked_zip(tmp_path: Path) -> None:
    path = small_12().zip(tmp_path / "r.zip")
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # the flag of encryption in every entry of the directory
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)
    assert found(path) == [("r.zip", 0, "encrypted_zip")]


def test_a_damaged_zip(tmp_path: Path) -> None:
    path = small_12().zip(tmp_path / "r.zip")
    data = bytearray(path.read_bytes())
    at = data.find(b"users.csv") + 40  # inside the packed bytes of the file
    data[at : at + 20] = b"\xff" * 20
    path.write_bytes(data)
    assert {code for _, _, code in found(path)} <= {"unreadable", "bad_quotes", "not_utf8", "field_count", "nul"}
    path.write_bytes(data[: len(data) // 2])
    assert {code for _, _, code in found(path)} <= {"damaged_zip", "not_a_roster"}


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    folder = small_12().write(tmp_path / "r")
    (folder / "users.csv").unlink()
    (folder / "users.csv").mkdir()
    assert found(folder) == [("users.csv", 0, "missing_file")]


def test_a_report_keeps_a_thousand_of_a_kind_and_counts_the_rest() -> None:
    report = Report()
    for line in range(problems.KEPT_AT_MOST + 5):
        report.add("users.csv", line + 2, "nul")
    report.add("users.csv", 1, "empty_value", column="x" * 500)
    assert len(report) == problems.KEPT_AT_MOST + 6
    kept = list(report)
    assert len(kept) == problems.KEPT_AT_MOST + 1
    assert len(kept[0].text) < 100


def test_the_guide_explains_every_problem() -> None:
    guide = DOC.read_text()
    for code, sentence in SENTENCES.items():
        assert f"`{code}`" in guide, code
        assert sentence in guide, code
