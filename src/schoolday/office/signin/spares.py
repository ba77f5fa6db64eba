"""
Spare tickets: into one meeting without any door, made when the bundle is.

Signed with the live servers' own secret, so nothing asks the plan when one is used. What bounds it: the half hour in
its token, person and device in its identity, and the section's turn in its live name (docs/operate/removal.md).
"""

from collections.abc import Mapping
from datetime import date

from django.conf import settings

from schoolday.contracts.bundle import BundleSection, Spare
from schoolday.lib import clock
from schoolday.live import seats
from schoolday.office.people.models import Person
from schoolday.office.signin.doors import live_nodes, nodes_of
from schoolday.office.signin.membership import Days
from schoolday.office.timetable.models import Meeting


def spares_for(
    person: Person,
    *,
    sections: tuple[BundleSection, ...],
    days: Days,
    thumbprint: str,
    turns: Mapping[str, int],
    arranged: Mapping[str, tuple[date | None, date | None]] | None = None,
) -> tuple[Spare, ...]:
    """
    Return a spare ticket for each of her meetings in the days of the plan whose ticket is not over yet, by start.

    Two queries. 10 microseconds a ticket. `turns`: of her sections, read before the sections were. `arranged`: where
    she comes only for a time, the first day and the first no longer: of other days' meetings she gets no ticket.
    """
    denied = _denied(person)
    if denied is None:
        return ()
    known = settings.SCHOOLDAY
    roles = {section.id: section.role for section in sections if section.id not in denied}
    identity = seats.identity(person.id, thumbprint)
    nodes = live_nodes()
    spares = []
    meetings = Meeting.objects.filter(section__in=roles, on__in=days.planned).order_by("starts_at", "section_id")
    for meeting in meetings:
        starts_at, turn = int(meeting.starts_at.timestamp()), turns.get(meeting.section_id, 0)
        exp = starts_at + seats.VALID_AFTER_START_SECONDS
        if exp <= clock.now_seconds():
            continue
        begins_on, ends_on = (arranged or {}).get(meeting.section_id, (None, None))
        if (begins_on and meeting.on < begins_on) or (ends_on and meeting.on >= ends_on):
            continue
        name = seats.live_name(meeting.id, cell_secret=known["CELL_SECRET"], day=seats.live_day(starts_at), turn=turn)
        spares.append(
            Spare(
                meeting=meeting.id,
                section=meeting.section_id,
                turn=turn,
                nbf=starts_at - seats.OPENS_BEFORE_SECONDS,
                exp=exp,
                nodes=nodes_of(meeting.id, nodes),
                identity=identity,
                token=seats.seat_token(
                    api_key=known["LIVE_API_KEY"],
                    api_secret=known["LIVE_API_SECRET"].encode(),
                    live_identity=identity,
                    role=roles[meeting.section_id],
                    meeting=meeting.id,
                    name=name,
                    starts_at=starts_at,
                ),
            )
        )
    return tuple(spares)


def _denied(person: Person) -> frozenset[str] | None:
    """Return the sections that somebody keeps this person out of by hand; None: out of all."""
    sections = set()
    in_force = person.denials.filter(until__gt=clock.now())
    for section_id, below_epoch in in_force.values_list("section_id", "below_epoch"):
        if below_epoch is not None and person.epoch < below_epoch:
            return None
        if section_id is not None:
            sections.add(section_id)
    return frozenset(sections)
