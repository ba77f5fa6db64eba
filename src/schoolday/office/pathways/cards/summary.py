"""One school in numbers, as the status page shows it; kept between two publishings, so that it is counted once."""

from collections import Counter
from datetime import date

import msgspec

from schoolday.contracts.plan import Detour, Incident, Notice, SchoolPlan
from schoolday.office.pathways.cards import times
from schoolday.office.pathways.cards.facts import zone_of
from schoolday.office.pathways.cards.places import place_of

BANDS = ("PK-5", "6-8", "9-12", "all")


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """Sections of one grade band on a day. `moved`: how many are where; `other_times`: live, but later."""

    band: str
    sections: int
    live: int
    other_times: int = 0
    moved: dict[str, int] = {}


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One school on `day`, the first day of its plan with meetings; empty when there is none."""

    org: str
    name: str
    phone: str
    time_zone: str
    day: str
    bands: tuple[Band, ...]
    detours: tuple[Detour, ...]
    notices: tuple[Notice, ...]
    incidents: tuple[Incident, ...] = ()


def summary_of(school: SchoolPlan) -> Summary:
    """Count where the sections of a school meet on its first day. A millisecond for 60 sections."""
    day = _first_day(school)
    counts: dict[str, Counter[str]] = {}
    for section in school.sections:
        on = [m for m in section.meetings if _on(m.starts_at, school) == day]
        if not on:
            continue
        band = section.cohort.split("@")[0]
        places = [place_of(school, section, meeting) for meeting in on]
        # What moved is what a family must know of, when a section meets at two places on one day.
        place = next((one for one in places if one.kind != "live"), places[0])
        later = place.kind == "live" and any(one.detour and one.detour.shift_minutes for one in places)
        counts.setdefault(band, Counter())["later" if later else place.kind or "unknown"] += 1
    bands = tuple(
        Band(
            band=band,
            sections=found.total(),
            live=found["live"],
            other_times=found["later"],
            moved={kind: count for kind, count in sorted(found.items()) if kind not in ("live", "later")},
        )
        for band, found in sorted(counts.items(), key=lambda item: _rank(item[0]))
    )
    return Summary(
        org=school.org,
        name=school.name,
        phone=school.phone,
        time_zone=school.time_zone,
        day=day.isoformat() if day else "",
        bands=bands,
        detours=school.detours,
        notices=school.notices,
        incidents=school.incidents,
    )


def _first_day(school: SchoolPlan) -> date | None:
    starts = [section.meetings[0].starts_at for section in school.sections if section.meetings]
    return _on(min(starts), school) if starts else None


def _on(at_seconds: int, school: SchoolPlan) -> date:
    return times.in_zone(at_seconds, zone_of(school)).date()


def _rank(band: str) -> tuple[int, str]:
    return (BANDS.index(band) if band in BANDS else len(BANDS), band)
