"""Reading what is in the database of each kind, as plain values in the order of `FIELDS`. One pass, no objects."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet

from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.office.rosters.models import AcademicSession, Course, Enrollment, Section
from schoolday.office.rosters.oneroster.tables import LOCAL_PREFIX
from schoolday.office.rosters.reconcile.known import Stored, Values

CHUNK_ROWS = 10_000

# What a roster decides of each kind; `is_active` last. Language, password, badge and epoch are not the roster's.
FIELDS: dict[type[Model], tuple[str, ...]] = {
    Org: ("kind", "name", "identifier", "parent_id", "time_zone", "phone", "region", "is_active"),
    AcademicSession: ("title", "kind", "starts_on", "ends_on", "parent_id", "is_active"),
    Course: ("title", "code", "org_id", "is_active"),
    Person: (
        "user_name", "given_name", "middle_name", "family_name", "preferred_name", "grade", "email", "phone",
        "is_active",
    ),
    Section: (
        "title", "code", "kind", "school_id", "course_id", "grades", "subjects", "periods", "location", "is_active",
    ),
    Enrollment: ("section_id", "person_id", "role", "is_primary", "begins_on", "ends_on", "is_active"),
}  # fmt: skip


def stored(model: type[Model]) -> Iterator[Stored]:
    """Give every row of one kind that a roster may touch."""
    rows: QuerySet[Any, Any] = model._default_manager.order_by()
    if model in (Person, Enrollment):  # accounts, and places in a class, that the office itself made
        rows = rows.exclude(sourced_id__startswith=LOCAL_PREFIX)
    for sourced_id, id_, *values in rows.values_list("sourced_id", "id", *FIELDS[model]).iterator(CHUNK_ROWS):
        yield sourced_id, id_, values[-1], tuple(values)


def stored_sections() -> Iterator[Stored]:
    """Give every section; its values end in the sorted ids of its sessions."""
    sessions = defaultdict(list)
    for section_id, session_id in Section.sessions.through.objects.values_list("section_id", "academicsession_id"):
        sessions[section_id].append(session_id)
    for sourced_id, id_, is_active, values in stored(Section):
        yield sourced_id, id_, is_active, (*values, tuple(sorted(sessions[id_])))


def stored_roles() -> dict[Values, tuple[int, Values]]:
    """Return the roles by (person, org, OneRoster's word): (role, is_primary, sourced_id)."""
    rows = RoleAssignment.objects.exclude(person__sourced_id__startswith=LOCAL_PREFIX).order_by()
    fields = ("id", "person_id", "org_id", "source_role", "role", "is_primary", "sourced_id")
    return {tuple(ends): (id_, tuple(values)) for id_, ends, values in _split(rows.values_list(*fields))}


def stored_guardianships() -> dict[Values, tuple[int, Values]]:
    """Return the guardianships by (guardian, student): (from_student, from_guardian)."""
    rows = Guardianship.objects.exclude(guardian__sourced_id__startswith=LOCAL_PREFIX).order_by()
    fields = ("id", "guardian_id", "student_id", "from_student", "from_guardian")
    return {tuple(row[1:3]): (row[0], tuple(row[3:])) for row in rows.values_list(*fields).iterator(CHUNK_ROWS)}


def _split(rows: QuerySet[Any, Any]) -> Iterator[tuple[int, Values, Values]]:
    for row in rows.iterator(CHUNK_ROWS):
        yield row[0], row[1:4], row[4:]
