"""What somebody wants: a detour before it is one. Checked whole, so that nothing half-right is kept."""

from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from typing import get_args

from django.utils.translation import gettext_noop

from schoolday.contracts.bands import BANDS
from schoolday.contracts.plan import DetourScope, PathwayChoice, PathwayKind
from schoolday.lib.errors import SchooldayError
from schoolday.office.pathways.detours.reasons import reason_of
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import Section

BAND_NAMES = tuple(name for name, _grades in BANDS)
KINDS: tuple[PathwayKind, ...] = get_args(PathwayKind)
SHIFT_AT_MOST_MINUTES = 180  # half a school day; more is another bell schedule
AT_MOST_NAMED = 2_000  # schools or sections in one scope; a district has fewer schools


class BadDetour(SchooldayError):
    """This cannot be a detour; the sentence says why."""

    code = "bad_detour"
    status = HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, kw_only=True)
class NewDetour:
    """A detour as typed. `until_at` None: until further notice. `own_words`: reason by language, all or none."""

    scope: DetourScope
    pathway: PathwayChoice
    from_at: datetime
    review_on: date
    until_at: datetime | None = None
    reason_key: str = ""
    own_words: dict[str, str] = field(default_factory=dict)
    shift_minutes: dict[str, int] = field(default_factory=dict)
    is_emergency: bool = False
    incident_id: str = ""


def check_new(new: NewDetour, *, now: datetime) -> None:
    """
    Check a detour before it is shown or kept; four queries at most.

    :raises BadDetour, BadReason: saying what is wrong and what to do
    """
    reason_of(new.reason_key, new.own_words)
    if new.pathway and new.pathway not in KINDS:
        raise BadDetour(gettext_noop("Choose how the classes meet."))
    if new.until_at is not None and new.until_at <= max(new.from_at, now):
        raise BadDetour(gettext_noop("The end comes before the beginning, or is over already."))
    if new.review_on < new.from_at.date():
        raise BadDetour(gettext_noop("Look at it again on a day after it begins."))
    _check_shifts(new)
    _check_scope(new.scope)


def _check_shifts(new: NewDetour) -> None:
    if not new.shift_minutes:
        return
    minutes = new.shift_minutes.values()
    if new.pathway or any(abs(one) > SHIFT_AT_MOST_MINUTES for one in minutes) or not any(minutes):
        raise BadDetour(gettext_noop("A staggered start says by how many minutes, at most 180, and no way to meet."))
    if set(new.shift_minutes) != set(new.scope.bands):
        raise BadDetour(gettext_noop("A staggered start needs minutes for each grade band that it names."))


def _check_scope(scope: DetourScope) -> None:
    if not set(scope.bands) <= set(BAND_NAMES):
        raise BadDetour(gettext_noop("Choose grade bands that there are."))
    if max(len(scope.schools), len(scope.sections), len(scope.regions)) > AT_MOST_NAMED:
        raise BadDetour(gettext_noop("These are too many at once: choose a wider scope."))
    schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True)
    if scope.schools and schools.filter(id__in=scope.schools).count() != len(set(scope.schools)):
        raise BadDetour(gettext_noop("One of these schools is not in the roster."))
    if scope.regions and set(schools.values_list("region", flat=True)) & set(scope.regions) != set(scope.regions):
        raise BadDetour(gettext_noop("One of these regions is not in the roster."))
    sections = Section.objects.filter(id__in=scope.sections, is_active=True)
    if scope.sections and sections.count() != len(set(scope.sections)):
        raise BadDetour(gettext_noop("One of these classes is not in the roster."))
