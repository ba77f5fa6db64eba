"""
Writing detours into a school's plan. Pure: the same plan, detours and moment give the same, whoever asks.

A running meeting is moved by what is in force now, a coming one by what will be at its start; one that is over keeps
what held at its end.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from schoolday.contracts.plan import Alternate, Detour, DetourScope, MeetingPlan, SchoolPlan, SectionPlan
from schoolday.office.pathways.detours.resolve import (
    SectionFacts,
    facts_of,
    is_in_force,
    may_touch_school,
    precedence,
    touches,
)

Times = Mapping[str, tuple[int, int]]  # start and end of each meeting as the timetable has them, seconds


def dress(
    value: SchoolPlan,
    detours: Iterable[Detour],
    *,
    now: int,
    times: Times | None = None,
    alternates: Mapping[str, Sequence[Alternate]] | None = None,
) -> SchoolPlan:
    """
    Return a school's plan with exactly these detours, whatever it had before. A microsecond a meeting and detour.

    `times`: the timetable's, so that shifts are worked out anew; None: times stay as they are. `alternates`: of each
    section in her teacher's order; None: the order stays, but for the chosen kind, which comes first.
    """
    known = _of_school(value, detours)
    shifts = [one for one in known if one.shift_minutes]
    moves = [one for one in known if not one.shift_minutes]
    used: set[str] = set()
    sections = []
    for section in value.sections:
        facts = facts_of(section=section.id, school=value.org, cohort=section.cohort)
        base = section if alternates is None else replace(section, alternates=tuple(alternates.get(section.id, ())))
        its_moves, its_shifts = _by_precedence(moves, facts), _by_precedence(shifts, facts)
        used |= {one.id for one in (*its_moves, *its_shifts)}
        sections.append(_section(base, facts, its_moves, its_shifts, now=now, times=times))
    told = [_for_school(one, value) for one in known if one.id in used and (not one.until_at or one.until_at > now)]
    told.sort(key=lambda one: (one.from_at, one.id))
    return replace(value, sections=tuple(sections), detours=tuple(told))


def times_in(value: SchoolPlan) -> dict[str, tuple[int, int]]:
    """Return start and end of each meeting of a plan."""
    return {one.id: (one.starts_at, one.ends_at) for section in value.sections for one in section.meetings}


def ordered(alternates: Sequence[Alternate], kind: str) -> tuple[Alternate, ...]:
    """Return alternates with the chosen kind first; otherwise in their order."""
    return tuple(sorted(alternates, key=lambda one: one.kind != kind))


def _section(
    section: SectionPlan,
    facts: SectionFacts,
    moves: list[Detour],
    shifts: list[Detour],
    *,
    now: int,
    times: Times | None,
) -> SectionPlan:
    meetings = tuple(
        _meeting(_at_its_time(meeting, facts, shifts, times), moves, now=now) for meeting in section.meetings
    )
    chosen = next((one.pathway for one in meetings if one.detour and one.pathway and one.ends_at > now), "")
    alternates = ordered(section.alternates, chosen) if chosen else section.alternates
    if meetings == section.meetings and alternates == section.alternates:
        return section
    return replace(section, meetings=meetings, alternates=alternates)


def _meeting(meeting: MeetingPlan, moves: list[Detour], *, now: int) -> MeetingPlan:
    at = max(meeting.starts_at, min(now, meeting.ends_at - 1))
    moved = next((one for one in moves if is_in_force(one, at)), None)
    pathway, detour = (moved.pathway, moved.id) if moved else ("", "")
    if (meeting.pathway, meeting.detour) == (pathway, detour):
        return meeting
    return replace(meeting, pathway=pathway, detour=detour)


def _at_its_time(meeting: MeetingPlan, facts: SectionFacts, shifts: list[Detour], times: Times | None) -> MeetingPlan:
    """Return a meeting at the time that the timetable and a shift give; the shift in force at the timetable's start."""
    if times is None or meeting.id not in times:
        return meeting
    starts_at, ends_at = times[meeting.id]
    seconds = shift_seconds(shifts, facts, starts_at=starts_at)
    if (meeting.starts_at, meeting.ends_at) == (starts_at + seconds, ends_at + seconds):
        return meeting
    return replace(meeting, starts_at=starts_at + seconds, ends_at=ends_at + seconds)


def shift_seconds(shifts: Iterable[Detour], facts: SectionFacts, *, starts_at: int) -> int:
    """Return by how much a meeting begins later (or, negative, earlier). `shifts` in order of precedence."""
    found = next((one for one in shifts if is_in_force(one, starts_at)), None)
    return 60 * found.shift_minutes.get(facts.band, 0) if found else 0


def _of_school(value: SchoolPlan, detours: Iterable[Detour]) -> list[Detour]:
    """Return the detours that may touch this school on a day of its plan; what ended today has moved this morning."""
    zone = ZoneInfo(value.time_zone)
    first, last = date.fromisoformat(value.from_date), date.fromisoformat(value.until_date) + timedelta(days=1)
    begin, end = (datetime.combine(on, time(), zone).timestamp() for on in (first, last))
    regions = {section.cohort.partition("@")[2] for section in value.sections}
    return [
        one
        for one in detours
        if one.from_at < end
        and (not one.until_at or one.until_at > begin)
        and any(may_touch_school(one.scope, school=value.org, region=region) for region in regions)
    ]


def _by_precedence(detours: Iterable[Detour], facts: SectionFacts) -> list[Detour]:
    return sorted((one for one in detours if touches(one.scope, facts)), key=precedence, reverse=True)


def _for_school(detour: Detour, value: SchoolPlan) -> Detour:
    """Return a detour as this school's plan tells of it: nothing of other schools."""
    scope = detour.scope
    own = {section.id for section in value.sections}
    narrowed = DetourScope(
        regions=scope.regions,
        schools=(value.org,) if scope.schools else (),
        bands=scope.bands,
        sections=tuple(one for one in scope.sections if one in own),
    )
    return detour if narrowed == scope else replace(detour, scope=narrowed)
