import pytest

from schoolday.office.people import audit, queries
from schoolday.office.people.models import AuditEntry, RoleAssignment
from tests.cast import Cast


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        ({"student"}, "student"),
        ({"student", "guardian"}, "student"),
        ({"teacher", "guardian"}, "teacher"),
        ({"aide"}, "teacher"),
        ({"administrator", "guardian"}, "operator"),
        ({"operator"}, "operator"),
        ({"guardian"}, "guardian"),
        (set(), "guardian"),
    ],
)
def test_what_somebody_does_in_classes_comes_first(roles: set[str], kind: str) -> None:
    assert queries.kind_of(frozenset(roles)) == kind


def test_roles_anywhere_are_roles(cast: Cast) -> None:
    RoleAssignment.objects.create(person=cast.teacher, org=cast.other_school, role="guardian", source_role="parent")
    assert queries.roles_of(cast.teacher) == {"teacher", "guardian"}


def test_an_operator_sees_all_schools_and_others_their_own(cast: Cast) -> None:
    assert queries.schools_of_staff(cast.operator) == [cast.other_school, cast.school]
    assert queries.schools_of_staff(cast.principal) == [cast.school]
    assert queries.schools_of_staff(cast.teacher) == []


def test_an_act_leaves_one_row(cast: Cast) -> None:
    audit.record(cast.operator, "badge.renew", "person", cast.student.id, count=1)
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.subject_id, entry.detail) == (cast.operator.id, cast.student.id, {"count": 1})


def test_a_command_acts_without_a_person(cast: Cast) -> None:
    audit.record(None, "roster.import", "import_run", "x")
    assert AuditEntry.objects.get().actor_id == ""
