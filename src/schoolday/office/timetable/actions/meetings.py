"""Making the meetings of a date from the timetable."""

from datetime import date, datetime, timedelta

from django.db import transaction

from schoolday.lib import clock
from schoolday.office.people.models import Org
from schoolday.office.rosters.queries import sections_in_force
from schoolday.office.timetable import queries
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.sittings import Sitting, ring, sittings_of
from schoolday.office.timetable.zones import zone_of

_ROWS_AT_ONCE = 1_000


@transaction.atomic
def compute_meetings(school: Org, on: date) -> list[Meeting]:
    """
    Make the meetings of one school on one date, and return all it has then, by start.

    Run again it changes nothing. After a change of bells, calendar or roster it removes what has not begun and is
    no longer in the timetable, and lets the end of what has not ended follow the bells. What has begun stays, for
    evidence may name it; and a bell that should have rung already adds no second sitting to a period that was held.
    No audit row: it follows from what was audited. About 5 queries and one more per 1,000 new meetings.
    """
    now = clock.now()
    computed = {sitting.id: sitting for sitting in compute_sittings(school, on)}
    kept: dict[str, Meeting] = {}
    stale, moved = [], []
    for meeting in Meeting.objects.filter(on=on, section__school=school):
        sitting = computed.get(meeting.id)
        if sitting is None and meeting.starts_at > now:
            stale.append(meeting.id)
            continue
        kept[meeting.id] = meeting
        if sitting is not None and meeting.ends_at > now and _differs(meeting, sitting):
            meeting.period, meeting.ends_at = sitting.period, _end(meeting, sitting)
            moved.append(meeting)
    held = {(meeting.section_id, meeting.period) for meeting in kept.values() if meeting.starts_at <= now}
    fresh = [
        Meeting(
            id=sitting.id,
            section_id=sitting.section_id,
            on=on,
            period=sitting.period,
            starts_at=sitting.starts_at,
            ends_at=sitting.ends_at,
        )
        for sitting in computed.values()
        if sitting.id not in kept and (sitting.starts_at > now or (sitting.section_id, sitting.period) not in held)
    ]
    for start in range(0, len(stale), _ROWS_AT_ONCE):
        Meeting.objects.filter(id__in=stale[start : start + _ROWS_AT_ONCE]).delete()
    # An upsert, for bulk_update writes a CASE of all rows into each of its statements: 12 s for 10,000.
    Meeting.objects.bulk_create(
        moved,
        batch_size=_ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["period", "ends_at"],
    )
    # Two that compute at once make the same rows: whoever is second finds them there.
    Meeting.objects.bulk_create(fresh, batch_size=_ROWS_AT_ONCE, ignore_conflicts=True)
    return sorted([*kept.values(), *fresh], key=lambda m: (m.starts_at, m.section_id))


def compute_sittings(school: Org, on: date) -> list[Sitting]:
    """Return what the timetable says of one school on one date; writes nothing. 3 queries."""
    kind = queries.day_types(school, on, on)[on]
    if not kind:
        return []
    rung = ring(queries.bells_of(school, kind), on=on, zone=zone_of(school))
    if not rung:
        return []
    sections = sections_in_force(on).filter(school=school).values_list("id", "kind", "periods")
    return [
        sitting
        for section_id, kind_of_section, periods in sections
        for sitting in sittings_of(section_id, kind=kind_of_section, periods=periods, on=on, rung=rung)
    ]


def _differs(meeting: Meeting, sitting: Sitting) -> bool:
    return (meeting.period, meeting.ends_at) != (sitting.period, _end(meeting, sitting))


def _end(meeting: Meeting, sitting: Sitting) -> datetime:
    """Return when a meeting ends: by the bells, and later or earlier where its start was staggered."""
    return sitting.ends_at + timedelta(minutes=meeting.shifted_minutes)
