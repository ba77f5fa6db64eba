"""Reading detours: those of a moment, of a school, of a plan."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from schoolday.contracts import plan
from schoolday.contracts.bands import band_of
from schoolday.contracts.plan import DetourScope
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.resolve import may_touch_school
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import Section
from schoolday.office.timetable.models import Meeting

# A plan in force holds what ended today in any zone; older plans are made anew whole.
_LOOK_BACK = timedelta(days=2)


def in_force(now: datetime) -> QuerySet[Detour]:
    """Return the detours in force at a moment, the newest first."""
    return (
        Detour.objects.filter(Q(until_at=None) | Q(until_at__gt=now), state=Detour.State.IN_FORCE, from_at__lte=now)
        .select_related("made_by", "approved_by")
        .order_by("-made_at", "-id")
    )


def not_over(now: datetime) -> QuerySet[Detour]:
    """Return the detours that are proposed, coming or in force, the newest first."""
    return (
        Detour.objects.exclude(state=Detour.State.UNDONE)
        .filter(Q(until_at=None) | Q(until_at__gt=now))
        .select_related("made_by", "approved_by")
        .order_by("-made_at", "-id")
    )


def detours_touching(school: Org, now: datetime | None = None) -> list[Detour]:
    """
    Return the detours that touch a school, the newest first; with `now` only those in force then. Two queries.

    By school and region: whether the school has sections of a detour's grade bands is not asked.
    """
    found = in_force(now) if now else Detour.objects.select_related("made_by").order_by("-made_at", "-id")
    own = frozenset(Section.objects.filter(school=school).values_list("id", flat=True))
    return [one for one in found if touches_school(one, school, own)]


def touches_school(detour: Detour, school: Org, section_ids: Collection[str]) -> bool:
    """Say whether a detour can hold sections of a school; `section_ids`: the school's own."""
    if detour.sections and not any(one in section_ids for one in detour.sections):
        return False
    return may_touch_school(detour.scope, school=school.id, region=school.region)


def for_plan(now: datetime) -> list[plan.Detour]:
    """Return the detours that a plan made now may hold: what is approved, not undone, not long over. One query."""
    rows = Detour.objects.filter(
        Q(until_at=None) | Q(until_at__gt=now - _LOOK_BACK), state=Detour.State.IN_FORCE
    ).order_by("id")
    return [row.as_plan() for row in rows]


def lately_changed(now: datetime) -> list[plan.Detour]:
    """Return those that were undone lately: where they held, the plan in force may still have them. One query."""
    return [row.as_plan() for row in Detour.objects.filter(undone_at__gt=now - _LOOK_BACK).order_by("id")]


def moment(now: datetime) -> tuple[tuple[str, str], ...]:
    """Return what tells one moment's detours from the next: which there are, and which have begun. One query."""
    rows = Detour.objects.filter(
        Q(until_at=None) | Q(until_at__gt=now - _LOOK_BACK), state=Detour.State.IN_FORCE
    ).order_by("id")
    return tuple((row.id, row.status(now)) for row in rows)


def next_bell(scope: DetourScope, now: datetime) -> datetime | None:
    """Return when the next class of a scope begins, as far as the timetable is made; None if none is to. One query."""
    rows = Meeting.objects.filter(starts_at__gt=now).order_by("starts_at")
    if scope.schools:
        rows = rows.filter(section__school__in=scope.schools)
    if scope.sections:
        rows = rows.filter(section__in=scope.sections)
    if scope.regions:
        rows = rows.filter(section__school__region__in=scope.regions)
    found = rows.values_list("starts_at", "section__grades").iterator(chunk_size=1_000)
    return next((at for at, grades in found if not scope.bands or band_of(grades) in scope.bands), None)
