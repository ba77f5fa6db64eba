"""People, roles and names that a roster no longer has: what is held, what is off, what stays."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schoolday.lib import clock
from schoolday.office.attendance.models import RegisterEntry
from schoolday.office.people.models import AuditEntry, Org, Person, RoleAssignment
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.timetable.models import Meeting
from tests.office.rosters.files import Roster, small_12, without_leo
from tests.office.rosters.importing import news, person, roles, run

pytestmark = pytest.mark.django_db


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
