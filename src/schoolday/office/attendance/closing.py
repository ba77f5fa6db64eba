"""Closing what is over: who was expected and did not come is absent, without anyone writing it down."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from schoolday.lib import clock
from schoolday.office.attendance.amnesties import put_on
from schoolday.office.attendance.models import EvidenceEvent, RegisterClose, RegisterEntry
from schoolday.office.attendance.recompute import recompute
from schoolday.office.attendance.rules import RELEVANT
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.rosters.models import Enrollment
from schoolday.office.timetable.models import Meeting

# Looked at again each time: a mark, or an enrollment, may have been written in the second of the close.
OVERLAP = timedelta(minutes=5)
_PEOPLE_AT_ONCE = 1_000

_ABSENCES = """
INSERT INTO attendance_registerentry (
    meeting_id, person_id, status, minutes_tardy, minutes_present, left_early, mark, marked_by_id, computed_at
)
SELECT DISTINCT meeting.id, enrollment.person_id, 'absent', 0, 0, %s, '', '', %s
FROM timetable_meeting meeting
JOIN rosters_enrollment enrollment ON enrollment.section_id = meeting.section_id
JOIN people_person person ON person.id = enrollment.person_id
WHERE meeting.ends_at > %s AND meeting.ends_at <= %s
  AND enrollment.role = 'student' AND enrollment.is_active AND person.is_active
  AND (enrollment.begins_on IS NULL OR enrollment.begins_on <= meeting."on")
  AND (enrollment.ends_on IS NULL OR enrollment.ends_on > meeting."on")
  AND NOT EXISTS (
    SELECT 1 FROM attendance_registerentry entry
    WHERE entry.meeting_id = meeting.id AND entry.person_id = enrollment.person_id AND entry.status <> ''
  )
ON CONFLICT (meeting_id, person_id) DO UPDATE SET status = 'absent' WHERE attendance_registerentry.status = ''
"""


@transaction.atomic
def close_ended(*, look_back: timedelta = OVERLAP) -> int:
    """
    Put the absences of all meetings that have ended since the last close into the register; return how many.

    Set-based: 50,000 students of one period in about a second. Killed half way, nothing is written and the next
    one does it; two at once do it once. `look_back`: how much of what is closed to look through again.
    """
    now = clock.now()
    row = lock_closes(now)
    absent = _close(max(row.closed_until - look_back, row.began_at), now)
    RegisterClose.objects.filter(pk=row.pk, closed_until__lt=now).update(closed_until=now)
    return absent


def lock_closes(now: datetime) -> RegisterClose:
    """
    Let no other close, and no amnesty, be written until this transaction ends; return where the last close ended.

    On the first day: where the first plan was published, or now.
    """
    row = RegisterClose.objects.select_for_update().filter(id=1).first()
    if row is None:
        first = PlanRelease.objects.order_by("version").values_list("made_at", flat=True).first() or now
        row, _ = RegisterClose.objects.get_or_create(id=1, defaults={"began_at": first, "closed_until": first})
    return row


def _close(after: datetime, until: datetime) -> int:
    ended = Meeting.objects.filter(ends_at__gt=after, ends_at__lte=until)
    if not ended.exists():
        return 0
    _judge_overlooked(after, until)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_ABSENCES, [False, adapt(clock.now()), adapt(after), adapt(until)])
        absent = int(cursor.rowcount)
    put_on(ended)
    return absent


def _judge_overlooked(after: datetime, until: datetime) -> None:
    """
    Write the entries of students whose evidence came before their enrollment did.

    A difference of two sets, and no NOT EXISTS: told by its statistics that the register is empty, as on a district's
    first day, PostgreSQL looks through all of it for each event.
    """
    ended = Meeting.objects.filter(ends_at__gt=after, ends_at__lte=until).values("id")
    seen = EvidenceEvent.objects.filter(kind__in=RELEVANT, meeting_id__in=ended)
    entered = RegisterEntry.objects.filter(meeting_id__in=ended)
    pair = ("meeting_id", "person_id")
    missing = set(seen.order_by().values_list(*pair).difference(entered.order_by().values_list(*pair)))
    people = sorted({person for _, person in missing})  # the adults, too, who have no entry
    for start in range(0, len(people), _PEOPLE_AT_ONCE):
        expected = Enrollment.objects.filter(
            person__in=people[start : start + _PEOPLE_AT_ONCE],
            role="student",
            is_active=True,
            section__meetings__ends_at__gt=after,
            section__meetings__ends_at__lte=until,
        )
        recompute(missing & set(expected.values_list("section__meetings", "person_id")))
