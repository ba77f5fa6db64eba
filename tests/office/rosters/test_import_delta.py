"""A delta changes only what it names."""

from pathlib import Path

import pytest

from tests.office.rosters.files import Roster, small_11, small_12
from tests.office.rosters.importing import news, person, roles, run

pytestmark = pytest.mark.django_db


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
