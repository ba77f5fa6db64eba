"""
Which amnesty covers which meeting, and the register brought up to it.

An entry's amnesty follows from the amnesties in force, its meeting and its status, and from nothing else; so undoing
one gives back exactly what was before. Of several that cover a meeting the first that was made is named.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from schoolday.office.attendance.models import Amnesty, RegisterEntry
from schoolday.office.attendance.scope import Scope, condition, covers
from schoolday.office.people.models import Org
from schoolday.office.timetable.models import Meeting

CHARGES = (RegisterEntry.Status.ABSENT.value, RegisterEntry.Status.TARDY.value)
_SHOWN = Coalesce(NullIf(F("mark"), Value("")), F("status"))


def in_force(first: datetime, last: datetime) -> list[Amnesty]:
    """Return the amnesties that touch a span of time, the first made first. One query."""
    open_or_later = Q(until_at__isnull=True) | Q(until_at__gt=first)
    return list(Amnesty.objects.filter(open_or_later, undone_at=None, from_at__lt=last).order_by("made_at", "id"))


def touches(amnesty: Amnesty, meeting: Meeting) -> bool:
    """Say whether a meeting has a moment in common with the window. Its last moment is before its end, as ever."""
    return amnesty.from_at < meeting.ends_at and (amnesty.until_at is None or meeting.starts_at < amnesty.until_at)


def cover(meetings: Collection[Meeting]) -> Mapping[str, Amnesty]:
    """Return the amnesty of each meeting (by id) that has one; meetings come with section and school. One query."""
    if not meetings:
        return {}
    found = in_force(min(one.starts_at for one in meetings), max(one.ends_at for one in meetings))
    scopes = [(amnesty, Scope.from_dict(amnesty.scope)) for amnesty in found]
    covered = {}
    for meeting in meetings:
        for amnesty, scope in scopes:
            if touches(amnesty, meeting) and covers(scope, meeting.section):
                covered[meeting.id] = amnesty
                break
    return covered


def meetings_under(amnesty: Amnesty) -> QuerySet[Meeting]:
    """Return the meetings of an amnesty's scope that touch its window, whether it is in force or not."""
    window = Q(ends_at__gt=amnesty.from_at)
    if amnesty.until_at is not None:
        window &= Q(starts_at__lt=amnesty.until_at)
    return Meeting.objects.filter(window, condition(Scope.from_dict(amnesty.scope), "section__"))


def put_on(meetings: QuerySet[Meeting]) -> int:
    """
    Name in all charges of these meetings the amnesty that covers them; return how many entries are under one anew.

    Entries that have one keep it. Set-based; 2 queries, and 1 or 2 more per amnesty in force in the time of these.
    """
    span = meetings.order_by().aggregate(first=Min("starts_at"), last=Max("ends_at"))
    if span["first"] is None:
        return 0
    changed = 0
    for amnesty in in_force(span["first"], span["last"]):
        both = meetings.order_by().filter(id__in=meetings_under(amnesty).order_by().values("id"))
        free = RegisterEntry.objects.alias(shown=_SHOWN).filter(
            shown__in=CHARGES, amnesty=None, meeting__in=both.values("id")
        )
        changed += free.update(amnesty=amnesty)
    return changed


def take_off(amnesty: Amnesty) -> None:
    """Take an amnesty's name out of the register."""
    RegisterEntry.objects.filter(amnesty=amnesty).update(amnesty=None)


def put_anew(meetings: QuerySet[Meeting]) -> int:
    """Bring the entries of these meetings up to the amnesties in force; return how many are under one now."""
    RegisterEntry.objects.filter(amnesty__isnull=False, meeting__in=meetings.order_by().values("id")).update(
        amnesty=None
    )
    return put_on(meetings)


@dataclass(frozen=True)
class Preview:
    """What an amnesty would touch now: meetings, and charges that are under no amnesty yet."""

    classes: int
    absences: int
    tardies: int


def preview(*, scope: Scope, from_at: datetime, until_at: datetime | None) -> Preview:
    """Return what an amnesty of this scope and window would touch, before it is written. 3 queries at most."""
    meetings = meetings_under(Amnesty(scope=scope.as_dict(), from_at=from_at, until_at=until_at)).order_by()
    charges = RegisterEntry.objects.alias(shown=_SHOWN).filter(
        shown__in=CHARGES, amnesty=None, meeting__in=meetings.values("id")
    )
    counted = charges.aggregate(
        absences=Count("id", filter=Q(shown="absent")), tardies=Count("id", filter=Q(shown="tardy"))
    )
    return Preview(meetings.count(), counted["absences"], counted["tardies"])


def of_day(school: Org, meetings: Iterable[Meeting]) -> list[tuple[Amnesty, list[Meeting]]]:
    """Return the amnesties that touch a school's meetings, each with those it touches. One query."""
    ours = list(meetings)
    if not ours:
        return []
    for meeting in ours:
        meeting.section.school = school
    found = []
    for amnesty in in_force(min(one.starts_at for one in ours), max(one.ends_at for one in ours)):
        scope = Scope.from_dict(amnesty.scope)
        touched = [one for one in ours if touches(amnesty, one) and covers(scope, one.section)]
        if touched:
            found.append((amnesty, touched))
    return found
