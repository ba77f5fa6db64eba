"""What came of a call: noted, corrected, taken back."""

from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus

from django.db import transaction
from django.utils.translation import gettext_noop

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.console.models import CallNote
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Org, Person, RoleAssignment
from schoolday.office.timetable.zones import today

UNDO = "undo"
CHILDREN_AT_MOST = 50  # of one family; our judgement, and a bound for what is posted
_AROUND = timedelta(days=120)  # before the summer's last day somebody may call about the first one after it


class NoSuchNote(SchooldayError):
    """The note is about no call that could have been made."""

    code = "no_such_note"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("This note is not complete. Go back and choose again.")


@transaction.atomic
def note_call(actor: Person, school: Org, student_ids: Sequence[str], *, on: date, outcome: str) -> None:
    """
    Write down what came of a call about these students of the school, or take it back (`undo`). Asked twice, done once.

    The last word counts; each is in the audit.

    :raises NotYours: if one of them is not a student of this school; nothing is written
    :raises NoSuchNote: without students, with an unknown outcome or a day far off
    """
    wanted = set(student_ids)
    if not 0 < len(wanted) <= CHILDREN_AT_MOST or outcome not in (*CallNote.Outcome.values, UNDO):
        raise NoSuchNote
    if abs(on - today(school)) > _AROUND:
        raise NoSuchNote
    students = RoleAssignment.objects.filter(
        org=school, role=RoleAssignment.Role.STUDENT, person__in=wanted, person__is_active=True
    )
    if set(students.values_list("person_id", flat=True)) != wanted:
        raise NotYours
    if outcome == UNDO:
        CallNote.objects.filter(person__in=wanted, on=on).delete()
    else:
        values = {"outcome": outcome, "by_id": actor.id, "at": clock.now()}
        for person_id in sorted(wanted):
            CallNote.objects.update_or_create(person_id=person_id, on=on, defaults=values)
    audit.record(actor, "call.note", "org", school.id, students=sorted(wanted), on=on.isoformat(), outcome=outcome)
