from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError

from schoolday.lib import clock
from schoolday.office.attendance.models import RegisterEntry
from schoolday.office.people.models import AuditEntry, Guardianship, Org, Person, RoleAssignment
from schoolday.office.rosters import actions, queries
from schoolday.office.rosters.actions import Outcome, import_roster
from schoolday.office.rosters.locks import ImportRunning, one_import_at_a_time
from schoolday.office.rosters.models import AcademicSession, Course, Enrollment, ImportRun, Section
from schoolday.office.timetable.models import Meeting
from tests.office.rosters.files import Roster, small_11, small_12

pytestmark = pytest.mark.django_db
SCHOOL_DAY = date(2026, 11, 23)
NOTHING = {"added": 0, "changed": 0, "removed": 0, "held": 0}


def run(roster: Roster, folder: Path, *, accept_deletes: bool = False, dry_run: bool = False) -> Outcome:
    return import_roster(roster.write(folder / "roster"), accept_deletes=accept_deletes, dry_run=dry_run)


def person(sourced_id: str) -> Person:
    return Person.objects.get(sourced_id=sourced_id)


def roles(sourced_id: str) -> set[tuple[str, str]]:
    return set(person(sourced_id).roles.values_list("role", "org__sourced_id"))


def news(outcome: Outcome) -> dict[str, dict[str, int]]:
    """The counts that are not nothing."""
    return {
        kind: {what: n for what, n in counts.items() if n}
        for kind, counts in outcome.run.counts.items()
        if counts != NOTHING
    }


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


def without_leo() -> Roster:
    roster = small_12()
    roster.drop("users", lambda row: row["sourcedId"] == "u-leo")
    roster.drop("roles", lambda row: row["userSourcedId"] == "u-leo")
    roster.drop("enrollments", lambda row: row["userSourcedId"] == "u-leo")
    return roster


def test_a_bulk_file_that_loses_many_is_held(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    outcome = run(without_leo(), tmp_path)
    assert outcome.run.state == "held"
    assert news(outcome)["people"] == {"held": 1}
    assert news(outcome)["enrollments"] == {"held": 1}
    assert person("u-leo").is_active
    assert RoleAssignment.objects.count() == 9


def test_accepted_it_is_imported_and_the_act_is_audited(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    outcome = run(without_leo(), tmp_path, accept_deletes=True)
    assert (outcome.run.state, news(outcome)["people"]) == ("imported", {"removed": 1})
    entry = AuditEntry.objects.order_by("id").last()
    assert entry is not None
    assert (entry.verb, entry.subject_id) == ("roster.import", outcome.run.id)
    assert entry.detail["accepts_deletes"] is True


@pytest.mark.parametrize(("leavers", "state"), [(4, "imported"), (5, "held")])
def test_up_to_ten_percent_may_leave_unasked(tmp_path: Path, leavers: int, state: str) -> None:
    def crowd(size: int) -> Roster:
        roster = small_12()
        for number in range(size):
            row = {"sourcedId": f"x{number}", "username": f"x{number}"}
            roster.add("users", enabledUser="true", givenName="X", familyName="Y", **row)
        return roster

    run(crowd(33), tmp_path)  # forty people
    assert run(crowd(33 - leavers), tmp_path).run.state == state


def test_switching_off_many_is_held_like_removing_them(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    roster = small_12()
    roster.find("users", "u-leo")["enabledUser"] = "false"
    assert news(run(roster, tmp_path)) == {"people": {"changed": 1, "held": 1}}
    run(roster, tmp_path, accept_deletes=True)
    assert (person("u-leo").is_active, person("u-leo").epoch) == (False, 1)


def test_whoever_is_gone_is_off_and_her_passes_are_dead_but_her_traces_stay(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    leo, moment = person("u-leo"), datetime(2026, 9, 1, 12, tzinfo=UTC)
    meeting = Meeting.objects.create(
        id="m", section=Section.objects.get(sourced_id="k2"), on=moment, period="1", starts_at=moment, ends_at=moment
    )
    RegisterEntry.objects.create(meeting=meeting, person=leo, status="present", computed_at=moment)
    roster = without_leo()
    roster.drop("classes", lambda row: row["sourcedId"] == "k2")
    roster.drop("enrollments", lambda row: row["classSourcedId"] == "k2")
    run(roster, tmp_path, accept_deletes=True)
    leo.refresh_from_db()
    assert (leo.is_active, leo.epoch, leo.roles.count()) == (False, 1, 0)
    assert RegisterEntry.objects.filter(person=leo, meeting__section__sourced_id="k2").exists()
    assert not Section.objects.get(sourced_id="k2").is_active
    gone = Enrollment.objects.get(sourced_id="e3")
    assert not gone.is_active
    assert gone.gone_at is not None
    # She comes back as herself.
    run(small_12(), tmp_path)
    leo.refresh_from_db()
    assert (leo.is_active, leo.epoch, leo.roles.count()) == (True, 1, 1)
    back = Enrollment.objects.get(sourced_id="e3")
    assert (back.is_active, back.gone_at) == (True, None)


def test_whoever_loses_a_role_loses_her_passes(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    roster = small_12()
    roster.drop("roles", lambda row: row["sourcedId"] in ("r6", "r7"))  # teacher at one school still, guardian no more
    assert news(run(roster, tmp_path)) == {"roles": {"removed": 2}}
    assert person("u-ruiz").epoch == 1
    assert person("u-naika").epoch == 0


@pytest.mark.parametrize(
    ("dates", "holds"),
    [
        ({"beginDate": "2026-08-01", "endDate": "2026-11-22"}, True),
        ({"endDate": "2026-11-21"}, False),
        ({"beginDate": "2026-11-22"}, False),
    ],
)
def test_a_role_counts_only_while_its_dates_hold(tmp_path: Path, dates: dict[str, str], holds: bool) -> None:
    roster = small_12()
    roster.find("roles", "r9").update(dates)
    with clock.at(datetime(2026, 11, 21, 18, tzinfo=UTC)):
        run(roster, tmp_path)
    assert bool(roles("u-reyes")) == holds


def test_one_role_in_two_rows_is_one_role(tmp_path: Path) -> None:
    roster = small_12()
    again = {**roster.find("roles", "r5"), "sourcedId": "r5b", "roleType": "secondary"}
    roster.tables["roles"].append(again)
    assert run(roster, tmp_path).run.state == "imported"
    assert news(run(roster, tmp_path)) == {}


def test_two_who_swap_their_user_names_may(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    roster = small_12()
    roster.find("users", "u-naika")["username"] = "naika.p2"
    roster.find("users", "u-twin")["username"] = "naika.p"
    assert news(run(roster, tmp_path)) == {"people": {"changed": 2}}
    assert person("u-twin").user_name == "naika.p"


def test_the_name_of_one_who_left_may_go_to_the_next(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    roster = without_leo()
    roster.add("users", sourcedId="u-new", enabledUser="true", username="Leo.G", givenName="Lea", familyName="Gil")
    assert run(roster, tmp_path, accept_deletes=True).run.state == "imported"
    assert person("u-new").user_name == "Leo.G"
    assert person("u-leo").user_name == f"gone:{person('u-leo').id}"


def test_accounts_of_the_portal_are_not_the_rosters_to_touch(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    admin = Person.objects.create(sourced_id="local:admin", user_name="admin", given_name="A", family_name="B")
    RoleAssignment.objects.create(
        person=admin, org=Org.objects.get(sourced_id="d"), role="operator", source_role="local"
    )
    assert news(run(small_12(), tmp_path)) == {}
    roster = small_12()
    roster.find("users", "u-leo")["username"] = "Admin"
    assert [problem.code for problem in run(roster, tmp_path).problems] == ["user_name_taken"]


def delta(*, version: str = "1.2") -> Roster:
    return Roster(version=version, mode="delta")


STAMP = {"dateLastModified": "2026-11-20T08:00:00.000Z"}


def test_a_delta_changes_only_what_it_names(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    roster = delta()
    new = {"enabledUser": "true", "username": "ana.l", "givenName": "Ana", "familyName": "Li", "grades": "07"}
    roster.add("users", sourcedId="u-ana", status="active", agentSourcedIds="u-marie", **STAMP, **new)
    roster.add("users", sourcedId="u-leo", status="tobedeleted", **STAMP)
    roster.add("users", sourcedId="u-nobody", status="tobedeleted", **STAMP)
    roster.add(
        "roles", sourcedId="r10", status="active", userSourcedId="u-ana", roleType="primary", role="student",
        orgSourcedId="s1", **STAMP,
    )  # fmt: skip
    roster.add("roles", sourcedId="r7", status="tobedeleted", **STAMP)
    roster.add(
        "enrollments", sourcedId="e9", status="active", classSourcedId="k1", schoolSourcedId="s1",
        userSourcedId="u-ana", role="student", **STAMP,
    )  # fmt: skip
    roster.add("enrollments", sourcedId="e2", status="tobedeleted", **STAMP)
    outcome = run(roster, tmp_path)
    assert [str(problem) for problem in outcome.problems] == []
    assert news(outcome) == {
        "people": {"added": 1, "removed": 1}, "roles": {"added": 1, "removed": 1}, "guardianships": {"added": 1},
        "enrollments": {"added": 1, "removed": 1},
    }  # fmt: skip
    assert not person("u-leo").is_active
    assert roles("u-ruiz") == {("teacher", "s1"), ("teacher", "s2")}
    assert person("u-marie").guardian_of.count() == 3
    assert news(run(roster, tmp_path)) == {}


def test_a_delta_takes_a_guardian_from_a_child(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    roster = delta()
    roster.tables["users"] = [
        {**small_12().find("users", "u-naika"), "agentSourcedIds": "", "status": "active", **STAMP}
    ]
    assert news(run(roster, tmp_path)) == {"guardianships": {"removed": 1}}
    assert set(person("u-marie").guardian_of.values_list("student__sourced_id", flat=True)) == {"u-twin"}


def test_in_a_delta_one_row_does_not_unsay_what_the_other_said(tmp_path: Path) -> None:
    run(small_11(), tmp_path)  # both sides name each other
    roster = delta(version="1.1")
    roster.headers["users"] = small_11().headers["users"]
    silent = {**small_11().find("users", "u-naika"), "agentSourcedIds": "", "status": "active", **STAMP}
    roster.tables["users"] = [silent]
    assert news(run(roster, tmp_path)) == {"guardianships": {"changed": 1}}
    assert person("u-naika").guarded_by.get().guardian == person("u-marie")


def test_a_delta_of_1_1_replaces_the_roles_of_those_it_names(tmp_path: Path) -> None:
    run(small_11(), tmp_path)
    roster = delta(version="1.1")
    roster.headers["users"] = small_11().headers["users"]
    moved = {**small_11().find("users", "u-ruiz"), "orgSourcedIds": "s2", "status": "active", **STAMP}
    roster.tables["users"] = [moved]
    assert news(run(roster, tmp_path)) == {"roles": {"changed": 1, "removed": 1}}
    assert roles("u-ruiz") == {("teacher", "s2")}
    assert roles("u-marie") == {("guardian", "s1")}


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
