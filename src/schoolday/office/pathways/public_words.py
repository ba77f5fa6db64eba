"""
What incidents and notices say to everybody: each school's plan carries it, so status pages and devices have it.

Incidents and notices are apps above this one and register here, when Django starts, what they have to say.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Count, Max

from schoolday.contracts import plan
from schoolday.contracts.plan import Texts
from schoolday.office.pathways.models import BannerNotice

AT_MOST = 20  # of each kind and school at a time; a plan is fetched by every device, and nobody reads more


class IncidentsOf(Protocol):
    """Returns what may be read of incidents by school, the most urgent first. `schools`: None means all."""

    def __call__(
        self, schools: Collection[str] | None, now: datetime, /
    ) -> Mapping[str, tuple[plan.Incident, ...]]: ...


class PromisedAt(Protocol):
    """Returns by notice when the next word on it was promised (seconds since 1970); those without one are left out."""

    def __call__(self, notices: Collection[str], /) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Words:
    """What the plan of one school says to everybody."""

    notices: tuple[plan.Notice, ...] = ()
    incidents: tuple[plan.Incident, ...] = ()


_incidents_of: list[IncidentsOf] = []
_promised_at: list[PromisedAt] = []


def tell_incidents(source: IncidentsOf) -> None:
    """Register who knows of incidents. Once, in an app's `ready`; a second time changes nothing."""
    if source not in _incidents_of:
        _incidents_of.append(source)


def tell_promises(source: PromisedAt) -> None:
    """Register who knows when the next word was promised; as `tell_incidents`."""
    if source not in _promised_at:
        _promised_at.append(source)


def words_of(schools: Collection[str], now: datetime) -> dict[str, Words]:
    """Return what each of these schools' plans says. Four queries at most, however many schools."""
    rows = defaultdict(list)
    found = BannerNotice.objects.filter(school__in=schools, until_at__gt=now).order_by("-at", "notice_id")
    for row in found:
        rows[row.school_id].append(row)
    promised = _promised({row.notice_id for row in found})
    incidents = _incidents(schools, now)
    return {
        school: Words(
            tuple(
                sorted(
                    (_notice(row, next_at=promised.get(row.notice_id, 0)) for row in rows[school]),
                    key=lambda notice: notice.level != "emergency",
                )[:AT_MOST]
            ),
            incidents.get(school, ())[:AT_MOST],
        )
        for school in schools
    }


def moment(now: datetime) -> Hashable:
    """Return what tells the words of one moment from those of the next, in all schools. A few small queries."""
    shown = BannerNotice.objects.filter(until_at__gt=now).values("notice_id").annotate(rows=Count("id"), last=Max("id"))
    banners = sorted((row["notice_id"], row["rows"], row["last"]) for row in shown)
    promised = sorted(_promised({notice_id for notice_id, _, _ in banners}).items())
    return tuple(banners), tuple(promised), tuple(sorted(_incidents(None, now).items()))


def _incidents(schools: Collection[str] | None, now: datetime) -> dict[str, tuple[plan.Incident, ...]]:
    found: dict[str, tuple[plan.Incident, ...]] = {}
    for source in _incidents_of:
        for school, told in source(schools, now).items():
            found[school] = found.get(school, ()) + told
    return found


def _promised(notices: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for source in _promised_at if notices else ():
        found |= source(notices)
    return found


def _notice(row: BannerNotice, *, next_at: int) -> plan.Notice:
    return plan.Notice(
        id=row.notice_id,
        at=int(row.at.timestamp()),
        until_at=int(row.until_at.timestamp()),
        level=row.level,
        text=Texts(en=row.en, es=row.es, ht=row.ht),
        next_at=next_at,
    )
