"""The invented district: whole, deterministic, and as mixed as a real one."""

import hashlib
import json
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from schoolday.drill.commands import demo
from schoolday.drill.district import write_district
from schoolday.drill.district.write import YearMismatch
from tests.drill.reading import Roster, parts, rows_of

BELL = datetime(2026, 11, 20, 14, 5, tzinfo=ZoneInfo("America/New_York"))
REFERENCES = {
    "academicSessions": {"parentSourcedId": "academicSessions"},
    "orgs": {"parentSourcedId": "orgs"},
    "courses": {"schoolYearSourcedId": "academicSessions", "orgSourcedId": "orgs"},
    "classes": {"courseSourcedId": "courses", "schoolSourcedId": "orgs", "termSourcedIds": "academicSessions"},
    "users": {"agentSourcedIds": "users", "primaryOrgSourcedId": "orgs"},
    "roles": {"userSourcedId": "users", "orgSourcedId": "orgs"},
    "enrollments": {"classSourcedId": "classes", "schoolSourcedId": "orgs", "userSourcedId": "users"},
}


@pytest.fixture(scope="module", params=[39, 120, 3_000, 12_000])
def roster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Roster:
    folder = tmp_path_factory.mktemp(f"district-{request.param}")
    write_district(folder, students=request.param, seed=1, bell_at=BELL)
    found = Roster(folder)
    assert len(found.with_role("student")) == request.param
    return found


@pytest.fixture
def logins(roster: Roster) -> Any:
    return json.loads((roster.folder / "logins.json").read_text())


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_same_arguments_same_bytes_another_seed_other_people(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        write_district(tmp_path / name, students=300, seed=seed, bell_at=BELL)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    differs = {
        name for name, digest in digests(tmp_path / "three").items() if digests(tmp_path / "one")[name] != digest
    }
    assert differs >= {"users.csv", "enrollments.csv", "logins.json"}
    assert not differs & {"manifest.csv", "bells.csv", "calendar.csv", "academicSessions.csv"}


def test_over_an_older_district_it_leaves_no_trace_of_it(tmp_path: Path) -> None:
    write_district(tmp_path / "new", students=60, seed=2, bell_at=BELL)
    write_district(tmp_path / "over", students=300, seed=1, bell_at=BELL)
    write_district(tmp_path / "over", students=60, seed=2, bell_at=BELL)
    assert digests(tmp_path / "over") == digests(tmp_path / "new")


def test_every_reference_leads_somewhere(roster: Roster) -> None:
    for kind, columns in REFERENCES.items():
        for row in roster[kind].values():
            for column, target in columns.items():
                for id in parts(row[column]):
                    assert id in roster[target], f"{kind} {row['sourcedId']}: {column}"


def test_bulk_rows_have_no_status_and_all_that_must_be_filled(roster: Roster) -> None:
    assert roster.manifest["oneroster.version"] == "1.2"
    for kind, rows in roster.files.items():
        assert all(row["status"] == row["dateLastModified"] == "" for row in rows.values()), kind
    for user in roster["users"].values():
        assert user["enabledUser"] == "true"
        assert user["username"].isascii()
        assert user["givenName"]
        assert user["familyName"]
    names = Counter(user["username"] for user in roster["users"].values())
    assert names.most_common(1)[0][1] == 1


def test_enrollments_agree_with_sections_and_roles(roster: Roster) -> None:
    pairs = Counter((row["classSourcedId"], row["userSourcedId"]) for row in roster["enrollments"].values())
    assert pairs.most_common(1)[0][1] == 1
    for row in roster["enrollments"].values():
        assert row["schoolSourcedId"] == roster["classes"][row["classSourcedId"]]["schoolSourcedId"]
        assert row["schoolSourcedId"] in roster.schools_of(row["userSourcedId"])


def test_sizes_of_schools_and_sections_are_those_of_real_ones(roster: Roster) -> None:
    students = len(roster.with_role("student"))
    schools = [org for org in roster["orgs"].values() if org["type"] == "school"]
    by_band = Counter(org["sourcedId"].split("-")[1] for org in schools)
    if students < 1_000:
        assert by_band == {"e": 1, "m": 1, "h": 1}
        assert len({org["metadata.region"] for org in schools}) == 3
    if students == 12_000:
        assert by_band["e"] > by_band["m"] >= by_band["h"] == 2
        assert len({org["metadata.region"] for org in schools}) == 2
    sizes = Counter(row["classSourcedId"] for row in roster["enrollments"].values() if row["role"] == "student")
    assert max(sizes.values()) <= 31
    if students >= 3_000:
        # Even groups of at most 28 (30 in an elective): none is tiny.
        assert sorted(sizes.values())[len(sizes) // 2] >= 24
        assert min(sizes.values()) >= 15


def test_nobody_sits_or_teaches_in_two_sections_at_once(roster: Roster) -> None:
    for person, sections in roster.sections().items():
        periods = [
            (roster["classes"][section]["schoolSourcedId"], period)
            for section in sections
            for period in parts(roster["classes"][section]["periods"])
        ]
        assert len(periods) == len(set(periods)), person


def test_every_student_has_a_full_day_and_every_section_a_teacher(roster: Roster) -> None:
    day = {"e": 6, "m": 6, "h": 7}
    sections = roster.sections()
    for student in roster.with_role("student").values():
        band = student["primaryOrgSourcedId"].split("-")[1]
        met = [period for s in sections[student["sourcedId"]] for period in parts(roster["classes"][s]["periods"])]
        assert len(met) == day[band], student["sourcedId"]
        assert len(sections[student["sourcedId"]]) == {"e": 2, "m": 6, "h": 7}[band]
    primary = Counter(
        row["classSourcedId"]
        for row in roster["enrollments"].values()
        if (row["role"], row["primary"]) == ("teacher", "true")
    )
    assert set(primary) == set(roster["classes"])
    assert set(primary.values()) == {1}


def test_staff_as_in_a_real_school(roster: Roster) -> None:
    schools = {org["sourcedId"] for org in roster["orgs"].values() if org["type"] == "school"}
    principals = [row["orgSourcedId"] for row in roster["roles"].values() if row["role"] == "principal"]
    assert sorted(principals) == sorted(schools)
    assert len(roster.with_role("systemAdministrator")) == 1
    assert roster.with_role("aide")
    adults = Counter(row["classSourcedId"] for row in roster["enrollments"].values() if row["role"] == "teacher")
    assert 2 in adults.values(), "a co-teacher"
    if len(roster.with_role("student")) >= 3_000:
        dated = [row for row in roster["enrollments"].values() if row["beginDate"]]
        assert dated, "a substitute"
        assert all(date.fromisoformat(row["beginDate"]) < date.fromisoformat(row["endDate"]) for row in dated)


def test_families_are_mixed(roster: Roster) -> None:
    users = roster["users"]
    children: dict[str, list[str]] = defaultdict(list)
    guardians_of = {}
    for student in roster.with_role("student").values():
        guardians_of[student["sourcedId"]] = parts(student["agentSourcedIds"])
        for guardian in guardians_of[student["sourcedId"]]:
            children[guardian].append(student["sourcedId"])
    assert set(children) == set(roster.with_role("guardian"))
    assert {1, 2} == {len(found) for found in guardians_of.values()}
    assert {1, 2} <= {len(found) for found in children.values()} <= {1, 2, 3}
    apart = [g for g, found in children.items() if len({users[child]["primaryOrgSourcedId"] for child in found}) > 1]
    assert apart, "children of one guardian at different schools"
    for guardian, found in children.items():
        assert {users[child]["primaryOrgSourcedId"] for child in found} <= roster.schools_of(guardian)


def test_home_languages_are_those_of_miami(roster: Roster) -> None:
    students = roster.with_role("student").values()
    shares = {
        language: count / len(students) for language, count in Counter(s["metadata.language"] for s in students).items()
    }
    assert set(shares) == {"en", "es", "ht"}
    if len(students) >= 3_000:
        assert shares == pytest.approx({"en": 0.45, "es": 0.40, "ht": 0.15}, abs=0.05)
    assert any(not student["givenName"].isascii() for student in students)


def test_some_eighth_graders_also_go_to_the_high_school(roster: Roster) -> None:
    sections = roster.sections()
    dual = [id for id in roster.with_role("student") if len(roster.schools_of(id)) == 2]
    assert dual
    for id in dual:
        at = Counter(roster["classes"][section]["schoolSourcedId"].split("-")[1] for section in sections[id])
        assert roster["users"][id]["grades"] == "08"
        assert at == {"m": 5, "h": 1}


def test_logins_are_people_who_meet_at_the_bell(roster: Roster, logins: Any) -> None:
    for name, login in logins.items():
        for one in login if isinstance(login, list) else [login]:
            assert roster["users"][one["sourced_id"]]["username"] == one["user_name"], name
    for name in ("student", "kindergartner", "outsider"):
        assert logins[name]["sourced_id"] in roster.members(logins[name]["section"])
    section = logins["student"]["section"]
    teachers = roster.members(section, "teacher")
    assert (logins["teacher"]["sourced_id"] in teachers, logins["teacher"]["section"]) == (True, section)
    assert {twin["section"] for twin in logins["twins"]} == {section}
    one, other = (roster["users"][twin["sourced_id"]] for twin in logins["twins"])
    assert (one["givenName"], one["familyName"]) == (other["givenName"], other["familyName"])
    assert one["agentSourcedIds"] == other["agentSourcedIds"]
    assert {one["sourcedId"], other["sourcedId"]} <= roster.members(section)
    assert logins["outsider"]["sourced_id"] not in roster.members(section)
    assert roster["users"][logins["kindergartner"]["sourced_id"]]["grades"] == "KG"
    for child in logins["guardian"]["children"]:
        assert logins["guardian"]["sourced_id"] in parts(roster["users"][child]["agentSourcedIds"])
    assert len({roster["users"][child]["primaryOrgSourcedId"] for child in logins["guardian"]["children"]}) == 2
    assert roster.schools_of(logins["principal"]["sourced_id"]) == {logins["student"]["school"]}
    assert roster.schools_of(logins["operator"]["sourced_id"]) == {"district"}
    ringing = {
        (bell["schoolSourcedId"], bell["period"])
        for bell in rows_of(roster.folder / "bells.csv")
        if (bell["dayType"], bell["starts"]) == ("demo", "14:05")
    }
    for name in ("student", "kindergartner", "outsider"):
        meets = {(logins[name]["school"], p) for p in parts(roster["classes"][logins[name]["section"]]["periods"])}
        assert meets & ringing, name


def test_sessions_hold_the_bell_and_every_section(roster: Roster) -> None:
    sessions = roster["academicSessions"]
    year = next(s for s in sessions.values() if s["type"] == "schoolYear")
    assert year["startDate"] <= "2026-11-20" < year["endDate"]
    assert year["schoolYear"] == "2027"
    for section in roster["classes"].values():
        assert any(
            sessions[id]["startDate"] <= "2026-11-20" < sessions[id]["endDate"]
            for id in parts(section["termSourcedIds"])
        )


def test_a_year_that_does_not_hold_the_bell_and_too_few_students_are_refused(tmp_path: Path) -> None:
    with pytest.raises(YearMismatch, match="begins in 2026, not in 2025"):
        write_district(tmp_path, students=60, seed=1, bell_at=BELL, year=2025)
    with pytest.raises(ValueError, match="at least 39 students, not 38"):
        write_district(tmp_path, students=38, seed=1, bell_at=BELL)
    assert not list(tmp_path.iterdir())


def test_command_writes_and_says_so(tmp_path: Path) -> None:
    arguments = [str(tmp_path / "d"), "--students", "60", "--seed", "3", "--bell-at", "2026-11-20T14:05"]
    done = CliRunner().invoke(demo, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    assert said["counts"]["orgs"] == 4
    assert (said["bell_at"], said["time_zone"]) == ("2026-11-20T14:05:00-05:00", "America/New_York")
    before = digests(tmp_path / "d")
    elsewhere = CliRunner().invoke(demo, [*arguments[:-1], "2026-11-20T19:05Z"])
    assert "The bell rings at 2026-11-20 14:05 (America/New_York)" in elsewhere.output
    assert digests(tmp_path / "d") == before
    assert CliRunner().invoke(demo, [str(tmp_path / "e"), "--students", "60"]).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--students", "5"], "at least 39"),
        (["--bell-at", "tomorrow"], "no time such as"),
        (["--bell-at", "2026-11-20T14:05:30"], "whole minute"),
        (["--time-zone", "Mars/Olympus"], "no IANA name"),
        (["--school-year", "1999"], "not in 1999"),
    ],
)
def test_command_refuses_with_a_sentence(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(demo, [str(tmp_path / "d"), *arguments])
    assert done.exit_code == 2
    assert says in done.output
    assert not (tmp_path / "d" / "manifest.csv").exists()
