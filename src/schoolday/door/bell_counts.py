"""
What a door counts of the bell: who came of those it expects, who tries, what failed. In memory alone.

The counts are bits, one a student and open period: nobody is counted twice, and 900,000 students take under 1 MB.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Collection, Sequence

from schoolday.contracts.day_session import DaySession
from schoolday.contracts.evidence import Evidence
from schoolday.contracts.joining import BellGroup
from schoolday.door import bell_periods
from schoolday.door.bell_minute import LastMinute
from schoolday.door.bell_periods import SchoolBell, take
from schoolday.door.meeting_columns import Sitting
from schoolday.door.plan import Plan
from schoolday.lib import clock

TRYING_SECONDS = 300
TRYING_AT_MOST = 20_000  # 5 MB; where so many fail, nobody asks for the exact number
FAILURE_LAYERS = frozenset({"line", "door", "slow", "server", "stranger", "refused", "live"})  # app/src/lib/trouble.ts
_OTHER = "other"
_LATE_AT_MOST = 100_000


class BellCounts:
    """On the loop's thread only. Times in seconds."""

    def __init__(self) -> None:
        self.minute = LastMinute()
        self.since = 0  # from when on arrivals are counted, when those before could not be read; else 0
        self._schools: dict[str, SchoolBell] = {}
        self._plan: Plan | None = None
        self._look_at = 0  # when to work out anew whom to expect; 0: not before the next plan
        self._looking = False
        self._late: list[tuple[str, str, int, int, bool]] = []
        self._trying: dict[str, tuple[str, int, int]] = {}
        self._failures: deque[tuple[int, Counter[str]]] = deque(maxlen=TRYING_SECONDS // 60 + 1)
        self.tried: Counter[str] = Counter()  # since this door started, by layer
        self._groups: tuple[int, dict[str, tuple[BellGroup, ...]]] = (0, {})

    def arrived(self, sub: str, sitting: Sitting, *, at: int) -> None:
        """Count somebody's entry, once. About 2 microseconds; an adult is in no column and does not count."""
        org, starts_at = sitting.org, sitting.starts_at
        school = self._schools.get(org)
        period = school.periods.get(starts_at) if school is not None else None
        if self._looking or period is None:
            self._later(sub, org, starts_at, at, counted=period is not None)
        if school is not None and period is not None:
            take(school, period, sub, minute=at // 60)

    def restored(self, sub: str, org: str, starts_at: int, *, at: int) -> None:
        """Count an entry of before this door started."""
        school = self._schools.get(org)
        period = school.periods.get(starts_at) if school is not None else None
        if self._looking:
            self._later(sub, org, starts_at, at, counted=period is not None)
        if school is not None and period is not None:
            take(school, period, sub, minute=at // 60)

    def heard(self, plan: Plan, events: Sequence[Evidence], session: DaySession) -> None:
        """Take in what a device brought: arrivals by a spare ticket, and what it tried in vain."""
        for event in events:
            if event.kind == "tried":
                self._failed(event)
            if event.kind not in ("arrived", "tried") or session.kind != "student":
                continue
            section = plan.section_of(event.meeting, session.sections)
            sitting = plan.find(section, event.meeting) if section else None
            if sitting is None:
                continue
            at = event.happened_at() // 1000
            if event.kind == "arrived":
                self.arrived(event.sub, sitting, at=at)
            elif at > clock.now_seconds() - TRYING_SECONDS:
                self._trying.pop(event.sub, None)
                self._trying[event.sub] = (sitting.org, sitting.starts_at, at)  # the newest is last
                if len(self._trying) > TRYING_AT_MOST:
                    del self._trying[next(iter(self._trying))]

    async def look(self, plan: Plan | None) -> None:
        """Work out anew whom to expect, if a plan came into force, or a period opened or ended."""
        now = clock.now_seconds()
        if plan is None or self._looking or (plan is self._plan and not 0 < self._look_at <= now):
            return
        self._looking = True
        try:
            schools = await asyncio.to_thread(bell_periods.work_out, plan, self._schools, now=now)
            self._schools, self._plan, self._groups = schools, plan, (0, {})
            self._look_at = min((school.next_at for school in schools.values() if school.next_at), default=0)
        finally:
            self._looking = False
        late, self._late = self._late, []
        for sub, org, starts_at, at, counted in late:
            school = self._schools.get(org)
            period = school.periods.get(starts_at) if school is not None else None
            if school is not None and period is not None:
                take(school, period, sub, minute=0 if counted else at // 60)

    def groups(self, orgs: Collection[str] | None = None) -> tuple[BellGroup, ...]:
        """Return the schools (None: all) by grade band. 3 ms for 450 schools, once a second, whoever asks."""
        now = clock.now_seconds()
        if self._groups[0] != now:
            self._groups = now, self._all_groups(now)
        found = self._groups[1]
        return tuple(group for org in (found if orgs is None else orgs) for group in found.get(org, ()))

    def arrivals(self, orgs: Collection[str] | None = None) -> tuple[int, ...]:
        """Return the first arrivals per minute of the last hour, oldest first, at these schools (None: all)."""
        minute = clock.now_seconds() // 60
        schools = self._schools if orgs is None else [org for org in orgs if org in self._schools]
        columns = [self._schools[org].arrivals.read(minute) for org in schools]
        return tuple(map(sum, zip(*columns, strict=True))) if columns else (0,) * bell_periods.MINUTES

    def failures(self) -> dict[str, int]:
        """Return what devices told of in the last five minutes, by the layer that they blame."""
        since = (clock.now_seconds() - TRYING_SECONDS) // 60
        return dict(sum((counts for minute, counts in self._failures if minute > since), Counter[str]()))

    def _all_groups(self, now: int) -> dict[str, tuple[BellGroup, ...]]:
        trying = self._trying_by_school(now)
        found = {}
        for org, school in self._schools.items():
            here = [
                (period.expected, int.from_bytes(period.arrived, "little") & period.expected)
                for period in school.periods.values()
            ]
            expected, arrived = 0, 0
            for one, other in here:
                expected |= one
                arrived |= other
            found[org] = tuple(
                BellGroup(
                    org=org,
                    band=band,
                    expected=(expected & rows).bit_count(),
                    arrived=(arrived & rows).bit_count(),
                    trying=(trying.get(org, 0) & expected & ~arrived & rows).bit_count(),
                )
                for band, rows in school.bands.items()
                if expected & rows
            )
        return found

    def _trying_by_school(self, now: int) -> dict[str, int]:
        """Return those who tried, as bits; forget those who did so long ago."""
        found: dict[str, int] = {}
        for sub, (org, starts_at, at) in list(self._trying.items()):
            school = self._schools.get(org)
            if at <= now - TRYING_SECONDS:
                del self._trying[sub]
            elif school is not None and (period := school.periods.get(starts_at)) is not None:
                row = school.people.row_of(sub)
                if row is not None and period.expected >> row & 1:
                    found[org] = found.get(org, 0) | 1 << row
        return found

    def _failed(self, event: Evidence) -> None:
        layer = event.detail.get("layer", "")
        layer = layer if layer in FAILURE_LAYERS else _OTHER
        self.tried[layer] += 1
        minute = clock.now_seconds() // 60
        if event.happened_at() // 60_000 <= minute - TRYING_SECONDS // 60:
            return
        if not self._failures or self._failures[-1][0] != minute:
            self._failures.append((minute, Counter()))
        self._failures[-1][1][layer] += 1

    def _later(self, sub: str, org: str, starts_at: int, at: int, *, counted: bool) -> None:
        """Keep an arrival until it is worked out whom to expect: of a period that has just opened, or meanwhile."""
        if len(self._late) < _LATE_AT_MOST:
            self._late.append((sub, org, starts_at, at, counted))
        if not counted and not self._looking:
            self._look_at = at
