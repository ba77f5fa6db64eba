"""What a guardian sees of her children's day."""

from datetime import timedelta

from schoolday.lib import clock
from schoolday.office.arrangements import queries as arrangements
from schoolday.office.attendance import queries as register
from schoolday.office.attendance.times import to_seconds
from schoolday.office.families.calling import by_phone
from schoolday.office.people.models import Person
from schoolday.office.timetable.zones import today


def today_of(guardian: Person) -> list[dict[str, object]]:
    """
    Return each child with the meetings of today, as `GET /api/family` gives them.

    Today is the school's own date, so children in two time zones are each right. 10 queries, however many children.
    """
    children = list(register.children_of(guardian))
    now = clock.now().date()
    around = [now - timedelta(days=1), now, now + timedelta(days=1)]
    found = register.days_of_children([child.id for child in children], around)
    pairs = [(child, meeting) for child, meeting in found if meeting.on == today(meeting.section.school)]
    entries = register.entries_of(pairs)
    days: dict[str, list[dict[str, object]]] = {child.id: [] for child in children}
    for child, meeting in pairs:
        entry = entries.get((child, meeting.id))
        days[child].append(
            {
                "id": meeting.id,
                "section": meeting.section_id,
                "status": entry.shown_status if entry else "",
                "arrived_at": to_seconds(entry.arrived_at) if entry else None,
                "charged": entry.is_charged if entry else False,
                "not_charged_because": entry.amnesty.reason if entry and entry.amnesty else None,
            }
        )
    said = {one.child.id: one.recording for one in arrangements.said_of(children)}
    return [
        {
            "id": child.id,
            "meetings": days[child.id],
            "recording": said[child.id],
            "by_phone": by_phone(child, [meeting for one, meeting in pairs if one == child.id]),
        }
        for child in children
    ]
