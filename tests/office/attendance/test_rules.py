"""The rules of the register, in minutes from an 8:00 bell; the meeting ends at 8:50."""

import itertools
import time
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from schoolday.office.attendance.rules import MINUTE_MS, Sign, Thresholds, Verdict, judge, merge

BELL = 1_800_000_000_000
END = BELL + 50 * MINUTE_MS
DEVICE = "k" * 43
OTHER = "z" * 43


def at(minutes: float) -> int:
    return BELL + round(minutes * MINUTE_MS)


def verdict(*signs: tuple[str, float] | tuple[str, float, str], is_over: bool = True, tardy_after: int = 5) -> Verdict:
    return judge(
        starts_at=BELL,
        ends_at=END,
        is_over=is_over,
        signs=[Sign(s[0], at(s[1]), s[2] if len(s) == 3 else DEVICE) for s in signs],
        thresholds=Thresholds(tardy_after=tardy_after, left_early=10),
    )


def test_nobody_came() -> None:
    assert verdict(is_over=False).status == ""
    assert verdict(is_over=True) == Verdict("absent")


def test_before_the_bell_is_present_for_the_whole_meeting() -> None:
    assert verdict(("arrived", -9), ("entered", -8)) == Verdict("present", arrived_at=at(-9), minutes_present=50)


def test_tardy_begins_exactly_at_the_threshold() -> None:
    just_in_time = verdict(("arrived", 5 - 1 / MINUTE_MS))
    assert (just_in_time.status, just_in_time.minutes_tardy) == ("present", 0)
    late = verdict(("arrived", 5))
    assert (late.status, late.minutes_tardy) == ("tardy", 5)


def test_minutes_tardy_are_whole_minutes_since_the_bell() -> None:
    assert verdict(("arrived", 7.99)).minutes_tardy == 7


def test_a_school_without_tolerance_still_counts_whole_minutes() -> None:
    assert verdict(("arrived", 0), tardy_after=0).status == "present"
    assert verdict(("arrived", 0.9), tardy_after=0).status == "present"
    assert verdict(("arrived", 1), tardy_after=0) == verdict(("arrived", 1), tardy_after=1)
    assert verdict(("arrived", 1), tardy_after=0).status == "tardy"


def test_arrived_but_never_entered_counts_to_the_end() -> None:
    assert verdict(("arrived", 2)) == Verdict("present", arrived_at=at(2), minutes_present=48)


def test_minutes_count_from_the_entry_when_there_is_one() -> None:
    assert verdict(("arrived", 2), ("entered", 4)).minutes_present == 46


def test_left_early_from_ten_minutes_before_the_end() -> None:
    assert verdict(("entered", 0), ("left", 40)) == Verdict(
        "present", arrived_at=at(0), left_at=at(40), minutes_present=40, left_early=True
    )
    later = verdict(("entered", 0), ("left", 40.1))
    assert not later.left_early
    assert later.left_at == at(40.1)


def test_gone_and_back_is_not_left_early() -> None:
    back = verdict(("entered", 0), ("left", 10), ("entered", 20))
    assert back == Verdict("present", arrived_at=at(0), minutes_present=40)


def test_back_through_the_door_without_word_from_the_live_server() -> None:
    back = verdict(("arrived", -1), ("entered", 0), ("left", 10), ("arrived", 12))
    assert (back.left_at, back.minutes_present) == (None, 48)


def test_two_devices_at_once_are_counted_once() -> None:
    both = verdict(("entered", 0), ("entered", 5, OTHER), ("left", 30), ("left", 35, OTHER))
    assert (both.minutes_present, both.left_at) == (35, at(35))


def test_the_live_server_knows_eight_letters_of_a_device() -> None:
    assert verdict(("arrived", 0), ("entered", 0, DEVICE[:8]), ("left", 20, DEVICE[:8])).left_at == at(20)


def test_a_left_of_an_unknown_device_ends_the_presence() -> None:
    assert verdict(("arrived", 0), ("left", 20, "")).left_at == at(20)


def test_after_the_end_is_not_here() -> None:
    assert verdict(("arrived", 50)).status == "absent"
    assert verdict(("arrived", 51), ("handed_in", 10)).status == "absent"


def test_more_than_an_hour_before_is_another_sitting() -> None:
    assert verdict(("arrived", -61)).status == "absent"
    assert verdict(("arrived", -60)).status == "present"


def test_trying_is_kept_but_is_not_here() -> None:
    assert verdict(("tried", 0)).status == "absent"


def test_the_class_met_elsewhere() -> None:
    assert verdict(("tried", 0), ("alternate_opened", 1)).status == "present"
    assert verdict(("called_in", 6)).status == "tardy"


def test_a_left_alone_proves_that_she_was_here() -> None:
    assert verdict(("left", 3)).status == "present"


def test_a_device_that_floods_costs_no_more_than_its_events() -> None:
    began = time.perf_counter()
    flood: list[tuple[str, float]] = [(kind, n / 400) for n in range(20_000) for kind in ("entered", "left", "arrived")]
    assert verdict(*flood).status == "present"
    assert time.perf_counter() - began < 5  # a second here; minutes, were each compared with each


KINDS = ("arrived", "entered", "left", "tried", "alternate_opened", "called_in", "handed_in")
signs = st.lists(
    st.builds(
        Sign,
        kind=st.sampled_from(KINDS),
        at=st.integers(BELL - 90 * MINUTE_MS, END + 30 * MINUTE_MS),
        device=st.sampled_from(["", DEVICE, DEVICE[:8], OTHER]),
    ),
    max_size=12,
)


def of(found: list[Sign], *, is_over: bool = True) -> Verdict:
    return judge(
        starts_at=BELL, ends_at=END, is_over=is_over, signs=found, thresholds=Thresholds(tardy_after=5, left_early=10)
    )


@given(signs, st.randoms(use_true_random=False))
def test_the_order_in_which_evidence_comes_never_matters(found: list[Sign], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert of(shuffled) == of(found)


@given(signs)
def test_the_same_evidence_twice_changes_nothing(found: list[Sign]) -> None:
    assert of(found + found) == of(found)


@given(signs)
def test_what_is_written_always_makes_sense(found: list[Sign]) -> None:
    v = of(found)
    assert 0 <= v.minutes_present <= 50
    assert (v.minutes_tardy > 0) == (v.status == "tardy")
    assert (v.arrived_at is None) == (v.status == "absent")
    if v.left_early:
        assert v.left_at is not None
        assert v.left_at <= END - 10 * MINUTE_MS
    if v.left_at is not None:
        assert v.arrived_at is not None
        assert v.arrived_at <= v.left_at < END


@given(signs)
def test_the_end_of_the_meeting_only_turns_not_yet_into_absent(found: list[Sign]) -> None:
    before, after = of(found, is_over=False), of(found, is_over=True)
    assert before == after or (before.status, after.status) == ("", "absent")


@given(signs, st.integers(BELL - 60 * MINUTE_MS, END - 1))
def test_one_more_arrival_never_makes_anyone_later(found: list[Sign], moment: int) -> None:
    before, after = of(found), of([*found, Sign("arrived", moment, DEVICE)])
    assert after.status != "absent"
    if before.status == "present":
        assert after.status == "present"
    if before.status == "tardy":
        assert after.minutes_tardy <= before.minutes_tardy


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=8))
def test_merged_intervals_hold_the_same_minutes(intervals: list[tuple[int, int]]) -> None:
    merged = merge(intervals)
    covered = set(itertools.chain.from_iterable(range(a, b) for a, b in intervals))
    assert set(itertools.chain.from_iterable(range(a, b) for a, b in merged)) == covered
    assert all(one[1] < other[0] for one, other in itertools.pairwise(merged))


def moved(*signs: tuple[str, float, str]) -> Verdict:
    """A verdict on stays: (kind, seconds after the bell, stay), one device."""
    return judge(
        starts_at=BELL,
        ends_at=END,
        is_over=True,
        signs=[Sign(kind, BELL + round(seconds * 1000), DEVICE, stay) for kind, seconds, stay in signs],
        thresholds=Thresholds(tardy_after=5, left_early=10),
    )


def test_into_a_group_and_back_is_no_absence_whatever_order_the_word_comes_in() -> None:
    """The class says that she left after the group said that she came: that word does not end her stay in the group."""
    came = ("entered", 0, "main")
    for gap in (-15, 0, 2, 25):
        signs = (
            came, ("left", 600 - gap, "main"), ("entered", 600, "group"),
            ("left", 1800, "group"), ("entered", 1800 + max(gap, 1), "again"), ("left", 3000, "again"),
        )  # fmt: skip
        for order in itertools.permutations(signs, len(signs)) if gap == 2 else (signs,):
            found = moved(*order)
            assert (found.minutes_present, found.left_early, found.left_at) == (50, False, None), gap


def test_who_is_in_a_group_still_has_not_left() -> None:
    """The word that she left the class ends no stay that began before that word came."""
    for late in (-2, 0, 2):
        found = moved(("entered", 0, "main"), ("entered", 600, "group"), ("left", 600 + late, "main"))
        assert (found.minutes_present, found.left_early, found.left_at) == (50, False, None), late


def test_a_stay_whose_end_nobody_told_ends_with_the_next_that_is_told() -> None:
    found = moved(("entered", 0, "main"), ("entered", 600, "group"), ("left", 1200, "group"))
    assert (found.minutes_present, found.left_early, found.left_at) == (20, True, at(20))
    found = moved(("entered", 0, "main"), ("left", 300, ""), ("entered", 600, "group"), ("left", 1200, "group"))
    assert (found.minutes_present, found.left_early, found.left_at) == (15, True, at(20))


def test_who_goes_out_of_a_group_for_good_has_left() -> None:
    found = moved(("entered", 0, "main"), ("left", 601, "main"), ("entered", 600, "group"), ("left", 1200, "group"))
    assert (found.minutes_present, found.left_early, found.left_at) == (20, True, at(20))


def test_a_longer_gap_is_an_absence() -> None:
    found = moved(("entered", 0, "main"), ("left", 600, "main"), ("entered", 660, "group"))
    assert found.minutes_present == 49
