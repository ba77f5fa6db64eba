"""Which detour moves a section: the rule by properties, and what it writes into a plan."""

import itertools
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schoolday.contracts.plan import (
    Alternate,
    Detour,
    DetourScope,
    MeetingPlan,
    PathwayChoice,
    SchoolPlan,
    SectionPlan,
    Texts,
)
from schoolday.office.pathways.detours.dressing import dress, times_in
from schoolday.office.pathways.detours.resolve import SectionFacts, in_force, precedence, resolve, specificity, touches

REASON = Texts(en="Why.", es="Por qué.", ht="Poukisa.")
SCHOOLS, REGIONS, BANDS, SECTIONS = ("s1", "s2"), ("north", "south"), ("PK-5", "6-8", "9-12"), ("c1", "c2", "c3")
DAY = 1_789_300_800  # 2026-09-13, 12:00 UTC
HOUR = 3_600


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(lambda chosen: tuple(sorted(chosen)))


scopes = st.builds(
    DetourScope, regions=some(REGIONS), schools=some(SCHOOLS), bands=some(BANDS), sections=some(SECTIONS)
)
detours = st.builds(
    Detour,
    id=st.uuids().map(str),
    pathway=st.sampled_from(("", "live", "zoom", "teams", "packet")),
    from_at=st.integers(DAY, DAY + 12 * HOUR),
    until_at=st.one_of(st.just(0), st.integers(DAY + 1, DAY + 24 * HOUR)),
    review_on=st.just("2026-09-20"),
    reason=st.just(REASON),
    scope=scopes,
    emergency=st.booleans(),
    made_at=st.integers(0, 5),
)
facts = st.builds(
    SectionFacts,
    section=st.sampled_from(SECTIONS),
    school=st.sampled_from(SCHOOLS),
    band=st.sampled_from((*BANDS, "all")),
    region=st.sampled_from((*REGIONS, "")),
)
some_detours = st.lists(detours, max_size=6, unique_by=lambda one: one.id)


def make(pathway: PathwayChoice = "zoom", *, scope: DetourScope | None = None, **changed: object) -> Detour:
    values: dict[str, object] = {"id": "d", "from_at": DAY, "review_on": "2026-09-20", "reason": REASON, **changed}
    return Detour(pathway=pathway, scope=scope or DetourScope(), **values)  # type: ignore[arg-type]  # as typed above


@given(some_detours, facts, st.randoms())
def test_the_order_plays_no_part(found: list[Detour], section: SectionFacts, chance: Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert resolve(shuffled, section) == resolve(found, section)


@given(some_detours, facts)
def test_the_winner_touches_the_section_and_nothing_that_touches_it_is_above(
    found: list[Detour], section: SectionFacts
) -> None:
    winner = resolve(found, section)
    touching = [one for one in found if touches(one.scope, section)]
    assert (winner is None) == (not touching)
    for one in touching:
        assert winner is not None
        assert precedence(one) <= precedence(winner)
        if not any(other.emergency and other.scope == DetourScope() for other in touching):
            assert specificity(one.scope) <= specificity(winner.scope)


@given(some_detours, detours, facts)
def test_one_more_moves_a_section_to_itself_or_changes_nothing(
    found: list[Detour], more: Detour, section: SectionFacts
) -> None:
    before, after = resolve(found, section), resolve([*found, more], section)
    assert after in (before, more)
    if not touches(more.scope, section):
        assert after == before


@given(some_detours, detours, facts)
def test_undoing_one_restores_exactly(found: list[Detour], more: Detour, section: SectionFacts) -> None:
    assert resolve([one for one in [*found, more] if one != more], section) == resolve(
        [one for one in found if one != more], section
    )


@given(some_detours, facts)
def test_an_emergency_of_the_district_beats_all(found: list[Detour], section: SectionFacts) -> None:
    emergency = make(id="e", emergency=True, made_at=9)
    assert resolve([*found, emergency], section) == emergency
    narrow = replace(emergency, scope=DetourScope(bands=(section.band,)), id="n")
    winner = resolve([*found, narrow], section)
    assert winner is not None
    assert specificity(winner.scope) >= specificity(narrow.scope) or winner.emergency, "only of the district, above all"


def test_the_ladder_of_scopes_rung_by_rung() -> None:
    here = SectionFacts(section="c1", school="s1", band="6-8", region="north")
    ladder = [
        [DetourScope()],
        [DetourScope(regions=("north",)), DetourScope(bands=("6-8",)), DetourScope(regions=("north",), bands=("6-8",))],
        [DetourScope(schools=("s1",))],
        [DetourScope(schools=("s1", "s2"), bands=("6-8", "9-12"))],
        [DetourScope(sections=("c1",)), DetourScope(schools=("s1",), sections=("c1", "c2"))],
    ]
    for below, above in itertools.pairwise(ladder):
        for low, high in itertools.product(below, above):
            old, new = make(id="old", scope=high, made_at=1), make(id="new", scope=low, made_at=2)
            assert resolve([old, new], here) == old, (low, high)
    for rung in ladder:
        for one, other in itertools.product(rung, rung):
            old, new = make(id="z", scope=one, made_at=1), make(id="a", scope=other, made_at=2)
            assert resolve([old, new], here) == new, "among equals the newest"


@pytest.mark.parametrize(
    "elsewhere",
    [
        DetourScope(schools=("s2",)),
        DetourScope(regions=("south",)),
        DetourScope(bands=("PK-5", "9-12")),
        DetourScope(sections=("c2",)),
        DetourScope(schools=("s1",), bands=("9-12",)),
        DetourScope(regions=("south",), bands=("6-8",)),
    ],
)
def test_what_is_for_others_moves_nobody_else(elsewhere: DetourScope) -> None:
    here = SectionFacts(section="c1", school="s1", band="6-8", region="north")
    assert resolve([make(scope=elsewhere)], here) is None


def test_it_holds_from_its_first_second_to_before_its_last() -> None:
    one = make(from_at=100, until_at=200)
    held = [at for at in (99, 100, 199, 200) if in_force([one], at)]
    assert held == [100, 199]
    assert in_force([replace(one, until_at=0)], 10**10)


# What it writes into a plan

ZOOM = Alternate(kind="zoom", url="https://zoom.us/j/1")
PHONE = Alternate(kind="phone", url="tel:+13055550100")


def plan_of(cohorts: Sequence[str] = ("PK-5@north", "6-8@north", "9-12@north")) -> SchoolPlan:
    """A school on one day: three sections, each at 8:30, 10:00 and 13:00 in New York."""
    return SchoolPlan(
        district="bay", org="s1", name="Olinda", version=1, from_date="2026-09-14", until_date="2026-09-14",
        time_zone="America/New_York",
        sections=tuple(
            SectionPlan(
                id=f"c{number}", title="Math", cohort=cohort, alternates=(PHONE, ZOOM),
                meetings=tuple(
                    MeetingPlan(id=f"m{number}{hour}", period="1", starts_at=bell(hour), ends_at=bell(hour) + 2700)
                    for hour in (8, 10, 13)
                ),
            )
            for number, cohort in enumerate(cohorts, 1)
        ),
    )  # fmt: skip


def bell(hour: float) -> int:
    """Seconds of an hour of Monday, 14 September 2026, in New York."""
    return 1_789_358_400 + int(hour * HOUR)


ALTERNATES = {f"c{number}": (PHONE, ZOOM) for number in (1, 2, 3)}


def moved(value: SchoolPlan) -> dict[str, str]:
    return {one.id: one.pathway or "teacher" for section in value.sections for one in section.meetings if one.detour}


def test_the_times_of_this_file() -> None:
    from datetime import UTC, datetime

    assert datetime.fromtimestamp(bell(8), UTC).isoformat() == "2026-09-14T12:00:00+00:00"


def test_a_running_meeting_moves_at_once_a_coming_one_for_its_start() -> None:
    one = make(from_at=bell(8.25), until_at=bell(10), scope=DetourScope(bands=("6-8",)))
    assert moved(dress(plan_of(), [one], now=bell(7))) == {}, "at 8:00 it does not hold yet, at 10:00 no more"
    assert moved(dress(plan_of(), [one], now=bell(8.25))) == {"m28": "zoom"}
    assert moved(dress(plan_of(), [one], now=bell(8.5))) == {"m28": "zoom"}
    later = make(from_at=bell(9), scope=DetourScope(bands=("6-8",)))
    assert moved(dress(plan_of(), [later], now=bell(7))) == {"m210": "zoom", "m213": "zoom"}
    assert moved(dress(plan_of(), [later], now=bell(12))) == {"m210": "zoom", "m213": "zoom"}, "what is over stays"


def test_what_is_told_is_what_touches_the_school_and_is_not_over() -> None:
    mine = make(id="mine", scope=DetourScope(schools=("s1", "s2"), bands=("6-8",)))
    others = make(id="others", scope=DetourScope(schools=("s2",)))
    nobody = make(id="nobody", scope=DetourScope(bands=("all",)))
    over = make(id="over", until_at=bell(6))
    coming = make(id="coming", from_at=bell(40))
    found = dress(plan_of(), [mine, others, nobody, over, coming], now=bell(7))
    assert [one.id for one in found.detours] == ["mine"]
    assert found.detours[0].scope == DetourScope(schools=("s1",), bands=("6-8",)), "nothing of other schools"


def test_the_chosen_kind_comes_first_and_goes_back() -> None:
    one = make(from_at=bell(0), scope=DetourScope(sections=("c2",)))
    found = dress(plan_of(), [one], now=bell(7), alternates=ALTERNATES)
    assert [[a.kind for a in section.alternates] for section in found.sections] == [
        ["phone", "zoom"], ["zoom", "phone"], ["phone", "zoom"],
    ]  # fmt: skip
    assert dress(found, [], now=bell(7), alternates=ALTERNATES) == plan_of()


def test_a_staggered_start_moves_the_bell_of_its_bands_only() -> None:
    value = plan_of()
    one = make(
        "", id="late", from_at=bell(0), until_at=bell(12),
        scope=DetourScope(bands=("6-8", "9-12")), shift_minutes={"6-8": 15, "9-12": 30},
    )  # fmt: skip
    found = dress(value, [one], now=bell(7), times=times_in(value))
    starts = [[(m.starts_at - bell(0)) / HOUR for m in section.meetings] for section in found.sections]
    assert starts == [[8, 10, 13], [8.25, 10.25, 13], [8.5, 10.5, 13]]
    assert all(m.ends_at - m.starts_at == 2700 for section in found.sections for m in section.meetings)
    assert moved(found) == {}, "the pathway stays"
    assert [one.id for one in found.detours] == ["late"]
    assert dress(found, [one], now=bell(7), times=times_in(value)) == found, "not shifted twice"
    assert dress(found, [], now=bell(7), times=times_in(value)) == value


@given(some_detours, some_detours, st.integers(DAY, DAY + 30 * HOUR))
def test_a_plan_dressed_again_is_as_if_dressed_once(first: list[Detour], then: list[Detour], now: int) -> None:
    value = plan_of()
    times = times_in(value)
    once = dress(value, then, now=now, times=times, alternates=ALTERNATES)
    again = dress(dress(value, first, now=now, times=times, alternates=ALTERNATES), then, now=now, times=times,
                  alternates=ALTERNATES)  # fmt: skip
    assert again == once
    assert dress(once, [], now=now, times=times, alternates=ALTERNATES) == value
