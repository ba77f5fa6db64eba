"""
Writing the changes, all or nothing: the caller holds the transaction.

Rows go in by COPY on PostgreSQL and by one prepared INSERT on SQLite: an ORM object for each of 330,000
enrollments would cost more than all the rest. Foreign keys are checked at the commit (deferred), so the order of
rows does not matter.
"""

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import F, Model

from schoolday.contracts.badges import NUMBER_BITS
from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.office.rosters.models import AcademicSession, Course, Enrollment, Section
from schoolday.office.rosters.reconcile.known import Changes
from schoolday.office.rosters.reconcile.roster import RosterChanges
from schoolday.office.rosters.reconcile.stored import FIELDS

BATCH_ROWS = 5_000
PAGES_KB = 192 * 1024  # of the 1 GiB that an import may take
IDS_PER_QUERY = 500  # SQLite takes 999 parameters and more; this is safe everywhere

OnRows = Callable[[int], None]
Rows = Iterable[Sequence[Any]]


def write(changes: RosterChanges, *, now: datetime, on_rows: OnRows = lambda _: None) -> None:
    """Write all of it. 50,000 new students: about 15 s on SQLite; `on_rows` hears how many rows were written."""
    with _room_for_pages():
        _write(changes, now, on_rows)


def _write(changes: RosterChanges, now: datetime, on_rows: OnRows) -> None:
    _write_things(Org, changes.orgs, on_rows)
    _write_things(AcademicSession, changes.sessions, on_rows)
    _write_things(Course, changes.courses, on_rows)
    _write_people(changes, on_rows)
    _write_links(changes, on_rows)
    _write_sections(changes.sections, on_rows)
    _write_things(Enrollment, changes.enrollments, on_rows, added={"gone_at": None}, changed={"gone_at": None})
    for ids in _batches(changes.enrollments.removed, IDS_PER_QUERY):
        Enrollment.objects.filter(id__in=ids).update(gone_at=now)


@contextlib.contextmanager
def _room_for_pages() -> Iterator[None]:
    """Give SQLite room to keep a whole import's pages; in its usual 2 MB it would write each of them many times."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{PAGES_KB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")


def _write_things(
    model: type[Model],
    changes: Changes,
    on_rows: OnRows,
    *,
    added: dict[str, Any] | None = None,
    changed: dict[str, Any] | None = None,
) -> None:
    """Write one kind; `added` and `changed` are further fields with one value for every row."""
    names, more = FIELDS[model], added or {}
    width = len(names)
    _insert(
        model,
        ("id", "sourced_id", *names, *more),
        ((thing.id, thing.sourced_id, *thing.values[:width], *more.values()) for thing in changes.added),
        on_rows,
    )
    more = changed or {}
    _update(
        model,
        (*names, *more),
        ((*thing.values[:width], *more.values(), thing.id) for thing in changes.changed),
        on_rows,
    )
    for ids in _batches(changes.removed, IDS_PER_QUERY):
        model._default_manager.filter(pk__in=ids).update(is_active=False)


def _write_people(changes: RosterChanges, on_rows: OnRows) -> None:
    people = changes.people
    _free_user_names(changes)
    badges = _fresh_badges(changes)
    names = FIELDS[Person]
    _insert(
        Person,
        ("id", "sourced_id", *names, "language", "badge_number", "epoch", "password"),
        (
            (
                thing.id, thing.sourced_id, *thing.values, changes.languages[thing.id], badges.get(thing.id), 0,
                UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20),
            )
            for thing in people.added
        ),
        on_rows,
    )  # fmt: skip
    added = {thing.id for thing in people.added}
    _update(Person, ("badge_number",), ((number, id_) for id_, number in badges.items() if id_ not in added), on_rows)
    _update(Person, names, ((*thing.values, thing.id) for thing in people.changed), on_rows)
    for ids in _batches(people.removed, IDS_PER_QUERY):
        Person.objects.filter(pk__in=ids).update(is_active=False)
    # A pass says what somebody is and where she belongs: whoever leaves or loses a role loses her passes.
    outdated = {*people.removed, *people.turned_off, *changes.lost_a_role}
    for ids in _batches(sorted(outdated), IDS_PER_QUERY):
        Person.objects.filter(pk__in=ids).update(epoch=F("epoch") + 1)


def _free_user_names(changes: RosterChanges) -> None:
    """
    Take names away from those who lose them, before others get them; two people may swap theirs in one import.

    A person gone keeps `gone:<id>`, with which nobody can sign on, until the roster brings her back.
    """
    for ids in _batches(changes.user_names_to_free, IDS_PER_QUERY):
        _rename(ids)
    for things in _batches(changes.people.changed, IDS_PER_QUERY):
        new = {thing.id: thing.values[0] for thing in things}
        kept = Person.objects.filter(pk__in=new).values_list("id", "user_name")
        _rename([id_ for id_, user_name in kept if user_name != new[id_]])


def _rename(ids: Sequence[str]) -> None:
    _update(Person, ("user_name",), ((f"gone:{id_}", id_) for id_ in ids), lambda _: None)


def _fresh_badges(changes: RosterChanges) -> dict[str, int]:
    """Return a badge number, never used before, for every student who has none."""
    has_badge = Person.objects.filter(badge_number__isnull=False).order_by()
    numbers = dict(has_badge.values_list("id", "badge_number").iterator(BATCH_ROWS))
    taken = {0, *numbers.values()}
    fresh: dict[str, int] = {}
    for id_ in sorted(changes.students - numbers.keys()):
        number = 0
        while number in taken:
            number = secrets.randbits(NUMBER_BITS)
        taken.add(number)
        fresh[id_] = number
    return fresh


def _write_links(changes: RosterChanges, on_rows: OnRows) -> None:
    """Write roles and guardianships. Nothing hangs on one, so one that is gone is deleted."""
    for model, links, ends, values in (
        (RoleAssignment, changes.roles, ("person_id", "org_id", "source_role"), ("role", "is_primary", "sourced_id")),
        (Guardianship, changes.guardianships, ("guardian_id", "student_id"), ("from_student", "from_guardian")),
    ):
        for ids in _batches(links.removed, IDS_PER_QUERY):
            model._default_manager.filter(pk__in=ids).delete()
        _insert(model, (*ends, *values), ((*between, *said) for between, said in links.added), on_rows)
        _update(model, values, ((*said, id_) for id_, said in links.changed), on_rows)


def _write_sections(changes: Changes, on_rows: OnRows) -> None:
    _write_things(Section, changes, on_rows)
    through = Section.sessions.through
    for things in _batches(changes.changed, IDS_PER_QUERY):
        through.objects.filter(section_id__in=[thing.id for thing in things]).delete()
    links = ((thing.id, session) for thing in (*changes.added, *changes.changed) for session in thing.values[-1])
    _insert(through, ("section_id", "academicsession_id"), links, on_rows)


def _insert(model: type[Model], names: Sequence[str], rows: Rows, on_rows: OnRows) -> None:
    table, columns = _table(model), ", ".join(_columns(model, names))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for batch in _batches(rows, BATCH_ROWS):
                for row in batch:
                    copy.write_row(row)
                on_rows(len(batch))
    else:
        marks = ", ".join(["%s"] * len(names))
        _execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows, on_rows)  # noqa: S608  # own names


def _update(model: type[Model], names: Sequence[str], rows: Rows, on_rows: OnRows) -> None:
    """Update these fields; each row ends in the primary key."""
    *sets, key = (f"{column} = %s" for column in _columns(model, (*names, model._meta.pk.attname)))
    _execute(f"UPDATE {_table(model)} SET {', '.join(sets)} WHERE {key}", rows, on_rows)  # noqa: S608  # own names


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[Model], names: Sequence[str]) -> list[str]:
    by_name = {field.attname: field.column for field in model._meta.concrete_fields}
    return [connection.ops.quote_name(by_name[name] or name) for name in names]


def _execute(sql: str, rows: Rows, on_rows: OnRows) -> None:
    with connection.cursor() as cursor:
        for batch in _batches(rows, BATCH_ROWS):
            cursor.executemany(sql, [[_plain(value) for value in row] for row in batch])
            on_rows(len(batch))


def _plain(value: Any) -> Any:
    """Return what the database's driver takes; of all our values only dates differ from one to the next."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _batches(items: Iterable[Any], size: int) -> Iterable[list[Any]]:
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch
