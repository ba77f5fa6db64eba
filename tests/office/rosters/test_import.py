"""A roster comes in: whole, twice, changed; refused, killed, two at a time."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError

from schoolday.lib import clock
from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.office.rosters import actions, queries
from schoolday.office.rosters.actions import import_roster
from schoolday.office.rosters.locks import ImportRunning, one_import_at_a_time
from schoolday.office.rosters.models import AcademicSession, Course, Enrollment, ImportRun, Section
from tests.office.rosters.files import Roster, small_11, small_12
from tests.office.rosters.importing import news, person, roles, run

pytestmark = pytest.mark.django_db
SCHOOL_DAY = date(2026, 11, 23)


def test_a_roster_of_1_2_comes_in_whole(tmp_path: Path) -> None:
    outcome = run(small_12(), tmp_path)
    assert (outcome.run.state, outcome.problems) == ("imported", ())
    assert news(outcome) == {
        "orgs": {"added": 3}, "sessions": {"added": 2}, "courses": {"added": 2}, "people": {"added": 7},
        "roles": {"added": 9}, "guardianships": {"added": 2}, "sections": {"added": 2}, "enrollments": {"added": 5},
    }  # fmt: skip
    section = Section.objects.get(sourced_id="k1")
    assert (section.title, section.kind, section.grades, section.periods) == (
        "Math 7, period 1", "scheduled", "07", "1,2",
    )  # fmt: skip
    assert section.school == Org.objects.get(sourced_id="s1")
    assert set(section.sessions.values_list("sourced_id", flat=True)) == {"y", "t1"}
    assert {one.person.sourced_id for one in queries.members_of(section, SCHOOL_DAY)} == {"u-naika", "u-twin", "u-ruiz"}
    term = AcademicSession.objects.select_related("parent").get(sourced_id="t1")
    assert (term.starts_on, term.ends_on, term.parent) == (
        date(2026, 8, 20), date(2027, 1, 15), AcademicSession.objects.get(sourced_id="y"),
    )  # fmt: skip
    assert Org.objects.get(sourced_id="s1").parent == Org.objects.get(sourced_id="d")


def test_people_come_with_what_the_roster_decides(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    leo, marie = person("u-leo"), person("u-marie")
    assert (leo.grade, leo.language, leo.user_name, leo.name) == ("KG", "es", "leo.g", "Leo García")
    assert person("u-twin").grade == "07"
    assert (marie.phone, marie.language, marie.epoch) == ("305-555-0101", "ht", 0)
    assert roles("u-ruiz") == {("teacher", "s1"), ("teacher", "s2"), ("guardian", "s2")}
    assert roles("u-stone") == {("administrator", "s1")}
    assert roles("u-reyes") == {("operator", "d")}
    assert set(marie.guardian_of.values_list("student__sourced_id", flat=True)) == {"u-naika", "u-twin"}


def test_every_student_gets_a_badge_and_nobody_a_password(tmp_path: Path) -> None:
    roster = small_12()
    roster.find("users", "u-leo")["password"] = "in-clear"
    run(roster, tmp_path)
    badges = [person(id_).badge_number for id_ in ("u-naika", "u-twin", "u-leo")]
    assert all(number and 0 < number < 2**40 for number in badges)
    assert len(set(badges)) == 3
    assert person("u-ruiz").badge_number is None
    assert not any(one.has_usable_password() for one in Person.objects.all())
    assert Person.objects.values_list("password", flat=True).distinct().count() == 7


def test_a_roster_of_1_1_has_one_role_at_several_schools(tmp_path: Path) -> None:
    outcome = run(small_11(), tmp_path)
    assert outcome.run.state == "imported"
    assert roles("u-ruiz") == {("teacher", "s1"), ("teacher", "s2")}
    assert RoleAssignment.objects.get(person=person("u-ruiz"), is_primary=True).org.sourced_id == "s1"
    assert roles("u-marie") == {("guardian", "s1")}
    assert Guardianship.objects.filter(from_student=True, from_guardian=True).count() == 2


@pytest.mark.parametrize("make", [small_11, small_12])
def test_the_same_files_twice_change_nothing(tmp_path: Path, make: type[Roster]) -> None:
    run(make(), tmp_path)
    before = list(Person.objects.order_by("id").values())
    outcome = run(make(), tmp_path)
    assert (outcome.run.state, news(outcome)) == ("imported", {})
    assert list(Person.objects.order_by("id").values()) == before


def test_a_folder_and_a_zip_are_the_same_roster(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    for name, folder in (("plain.zip", ""), ("foldered.zip", "export/")):
        assert news(import_roster(small_12().zip(tmp_path / name, folder=folder))) == {}


def test_bom_crlf_quoted_newlines_and_unknown_columns_are_fine(tmp_path: Path) -> None:
    folder = small_12().write(tmp_path / "roster")
    for file in folder.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    users = (folder / "users.csv").read_text(encoding="utf-8-sig")
    lines = users.split("\n")
    lines = [lines[0].strip() + ",ext_shoe_size", *(line.strip() + ',"4\r\n2"' for line in lines[1:] if line.strip())]
    (folder / "users.csv").write_bytes("\r\n".join(lines).replace("Naïka", "ＮＡＩＫＡ").encode())
    outcome = import_roster(folder)
    assert [str(problem) for problem in outcome.problems] == []
    assert person("u-naika").given_name == "ＮＡＩＫＡ"


def test_a_dry_run_says_what_would_be_and_writes_nothing(tmp_path: Path) -> None:
    outcome = run(small_12(), tmp_path, dry_run=True)
    assert (outcome.run.state, news(outcome)["people"]) == ("previewed", {"added": 7})
    assert not Person.objects.exists()


def test_what_changed_is_changed_and_nothing_else(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    badge = person("u-leo").badge_number
    roster = small_12()
    roster.find("users", "u-leo").update(familyName="García Ruiz", grades="01", sms="1")
    roster.find("classes", "k2").update(title="Room 14", termSourcedIds="y,t1")
    roster.find("enrollments", "e3").update(endDate="2026-12-24")
    roster.find("orgs", "s1")["metadata.phone"] = "305-555-0100"
    roster.headers["orgs"] += ",metadata.phone"
    outcome = run(roster, tmp_path)
    assert news(outcome) == {
        "orgs": {"changed": 1}, "people": {"changed": 1}, "sections": {"changed": 1}, "enrollments": {"changed": 1},
    }  # fmt: skip
    leo = person("u-leo")
    assert (leo.family_name, leo.grade, leo.badge_number, leo.epoch) == ("García Ruiz", "01", badge, 0)
    assert Section.objects.get(sourced_id="k2").sessions.count() == 2
    assert Enrollment.objects.get(sourced_id="e3").ends_on == date(2026, 12, 24)
    assert Org.objects.get(sourced_id="s1").phone == "305-555-0100"


def test_the_language_a_person_chose_stays_hers(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    Person.objects.filter(sourced_id="u-leo").update(language="ht", password="hash")
    roster = small_12()
    roster.find("users", "u-leo")["givenName"] = "Leonardo"
    run(roster, tmp_path)
    leo = person("u-leo")
    assert (leo.given_name, leo.language, leo.password) == ("Leonardo", "ht", "hash")


def test_a_file_that_is_absent_leaves_its_kind_alone(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    roster = small_12()
    for table in ("classes", "courses", "enrollments", "academicSessions"):
        del roster.tables[table]
    assert news(run(roster, tmp_path)) == {}
    assert Course.objects.filter(is_active=True).count() == 2


def test_a_refused_roster_writes_nothing(tmp_path: Path) -> None:
    roster = small_12()
    roster.find("enrollments", "e5")["userSourcedId"] = "u-nobody"
    outcome = run(roster, tmp_path)
    assert outcome.run.state == "refused"
    assert not Org.objects.exists()
    assert ImportRun.objects.get().problems[0]["code"] == "dangling_reference"


def test_killed_in_the_middle_of_writing_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        Org.objects.create(sourced_id="half", kind="school", name="Half")
        raise IntegrityError("power cut")

    monkeypatch.setattr(actions, "write", broken)
    with pytest.raises(IntegrityError):
        run(small_12(), tmp_path)
    assert not Org.objects.exists()
    assert ImportRun.objects.get().state == "failed"


def test_a_run_that_a_killed_process_left_is_called_failed_by_the_next(tmp_path: Path) -> None:
    dead = ImportRun.objects.create(state="running", started_at=clock.now(), source="x")
    run(small_12(), tmp_path)
    dead.refresh_from_db()
    assert dead.state == "failed"


def test_progress_is_said_step_by_step(tmp_path: Path) -> None:
    said: list[tuple[str, int]] = []
    import_roster(small_12().write(tmp_path), on_progress=lambda step, percent: said.append((step, percent)))
    reading = [percent for step, percent in said if step == "reading"]
    assert reading == sorted(reading)
    assert reading[-1] >= 95  # letters are counted, not bytes
    assert said[-1] == ("writing", 100)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_a_time_are_one_too_many(tmp_path: Path) -> None:
    import threading

    refused: list[bool] = []

    def second() -> None:
        from django.db import connection

        try:
            run(small_12(), tmp_path)
        except ImportRunning:
            refused.append(True)
        finally:
            connection.close()

    with one_import_at_a_time():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert refused == [True]
    assert run(small_12(), tmp_path).run.state == "imported"
