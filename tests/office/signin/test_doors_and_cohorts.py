"""Each device has its own doors, each meeting two live servers, over sites too; each person her cohort."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolday.contracts.plan import Door, LiveNode
from schoolday.office.signin.cohorts import cohort_of
from schoolday.office.signin.doors import DOORS_PER_DEVICE, doors_of, nodes_of

EIGHT = tuple(Door(id=f"d{n}", url=f"https://d{n}.example") for n in range(8))
AT_TWO_SITES = tuple(Door(id=f"d{n}", url=f"https://d{n}.example", site="ab"[n % 2]) for n in range(8))
SITES = st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=12)
KEYS = st.text(min_size=1, max_size=43)


def doors_at(sites: list[str]) -> tuple[Door, ...]:
    return tuple(Door(id=f"d{n}", url=f"https://d{n}.example", site=site) for n, site in enumerate(sites))


def test_three_of_eight_doors_in_an_order_that_stays() -> None:
    mine = doors_of("thumb", EIGHT)
    assert len(mine) == DOORS_PER_DEVICE
    assert doors_of("thumb", EIGHT[::-1]) == mine
    orders = {tuple(door.id for door in doors_of(f"device {n}", EIGHT)) for n in range(5_000)}
    assert len({frozenset(order) for order in orders}) == 56, "every set of three is somebody's"
    first = Counter(doors_of(f"device {n}", EIGHT)[0].id for n in range(8_000))
    assert max(first.values()) < 1.15 * 1_000


def test_a_door_less_moves_only_who_had_it() -> None:
    for n in range(500):
        before, after = doors_of(f"device {n}", EIGHT), doors_of(f"device {n}", EIGHT[1:])
        assert [door for door in before if door.id != "d0"] == list(after)[: len([d for d in before if d.id != "d0"])]
    assert len(doors_of("thumb", EIGHT[:1])) == 1


def test_two_sites_carry_the_same_load_at_every_place_of_the_order() -> None:
    orders = [doors_of(f"device {n}", AT_TWO_SITES) for n in range(8_000)]
    for place in range(DOORS_PER_DEVICE):
        count = Counter(order[place].id for order in orders)
        assert min(count.values()) > 0.85 * 1_000, "no door idles"
        assert max(count.values()) < 1.15 * 1_000, "and none is crowded"
    # Pairs of two sites with a third door: 8 doors in 3 places that are not all of one site.
    assert len({frozenset(door.id for door in order) for order in orders}) == 48


@given(KEYS, SITES)
def test_never_all_at_one_site_when_there_is_another(key: str, sites: list[str]) -> None:
    mine = doors_of(key, doors_at(sites))
    assert len(mine) == len(set(mine)) == min(DOORS_PER_DEVICE, len(sites))
    if len(set(sites)) > 1:
        assert mine[0].site != mine[1].site, "a site that is cut off costs one try"


@given(KEYS, SITES, st.sampled_from(["", "a", "b", "c"]))
def test_a_new_door_brings_nothing_but_itself(key: str, sites: list[str], its_site: str) -> None:
    old = doors_at(sites)
    new = Door(id="d-new", url="https://new.example", site=its_site)
    before, after = doors_of(key, old), doors_of(key, (*old, new))
    assert set(after) - set(before) <= {new}
    if len(sites) >= DOORS_PER_DEVICE:
        assert len(set(before) - set(after)) <= 1


def test_a_new_door_moves_about_its_share_of_the_first_places() -> None:
    new = Door(id="d-new", url="https://new.example", site="a")
    moved = sum(doors_of(f"device {n}", (*AT_TWO_SITES, new))[0] == new for n in range(9_000))
    assert 0.85 * 1_000 < moved < 1.15 * 1_000
    same = sum(
        doors_of(f"device {n}", (*AT_TWO_SITES, new))[0] == doors_of(f"device {n}", AT_TWO_SITES)[0]
        for n in range(9_000)
    )
    assert same + moved == 9_000, "a first place goes to the new door or stays where it was"


def test_each_meeting_has_a_first_and_a_second_live_server() -> None:
    nodes = [LiveNode(id=f"n{n}", url=f"wss://n{n}.example") for n in range(5)]
    pairs = [nodes_of(f"meeting{number}", nodes) for number in range(3_000)]
    assert all(len(set(pair)) == 2 for pair in pairs)
    assert nodes_of("meeting7", reversed(nodes)) == pairs[7]
    firsts = Counter(pair[0] for pair in pairs)
    assert max(firsts.values()) < 1.2 * 3_000 / 5
    assert nodes_of("meeting7", nodes[:1]) == ("n0",)
    assert nodes_of("meeting7", []) == ()


@given(KEYS, SITES)
def test_the_second_live_server_is_at_another_site(meeting: str, sites: list[str]) -> None:
    site_of = {f"n{n}": site for n, site in enumerate(sites)}
    pair = nodes_of(meeting, [LiveNode(id=name, url="wss://x.example", site=site) for name, site in site_of.items()])
    assert len(pair) == min(2, len(sites))
    if len(set(sites)) > 1:
        assert site_of[pair[0]] != site_of[pair[1]]


@pytest.mark.parametrize(
    ("grades", "region", "cohort"),
    [
        ("KG", "", "PK-5"),
        ("05", "north", "PK-5@north"),
        ("06", "", "6-8"),
        ("09,10,11", "", "9-12"),
        ("05, 06", "", "PK-5"),
        ("", "", "all"),
        ("Other", "south", "all@south"),
    ],
)
def test_cohort(grades: str, region: str, cohort: str) -> None:
    assert cohort_of(grades, region=region) == cohort
