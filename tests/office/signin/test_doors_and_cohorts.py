"""Each device has its own doors in its own order; each person her cohort."""

from collections import Counter

import pytest

from schoolday.contracts.plan import Door
from schoolday.office.signin.cohorts import cohort_of
from schoolday.office.signin.doors import DOORS_PER_DEVICE, doors_of

EIGHT = tuple(Door(id=f"d{n}", url=f"https://d{n}.example") for n in range(8))


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
