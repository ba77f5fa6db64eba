"""The failing layer is named, a cause before its effects, and a part that is well never."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolday.contracts.probes import Finding, Layer, Probe, State
from schoolday.probe.diagnosis import ORDER, diagnose, judge

NOW = 1_790_000_000
INSIDE: dict[Layer, tuple[str, ...]] = {
    "line": ("1", "2", "outside 1"),
    "dns": ("1",),
    "edge": ("a", "b", "flood"),
    "door": ("d1", "d2"),
    "sign_on": ("office", "hasher"),
    "database": ("database",),
    "live": ("n1", "n2"),
    "mail": ("mail",),
    "plan": ("a", "b", "host 3"),
}
OUTSIDE: dict[Layer, tuple[str, ...]] = {
    "dns": ("1",), "edge": ("a", "b"), "door": ("d1", "d2"), "live": ("n1", "n2"), "plan": ("a", "b")
}  # fmt: skip
Bad = dict[tuple[str, str, str], State]  # (vantage, layer, part; * for all) -> state


def looks(
    bad: Bad, *, vantages: Iterable[str] = ("inside", "miami"), rounds: int = 12, bad_rounds: int = 3
) -> list[Probe]:
    """Return rounds of ten seconds; the last `bad_rounds` of them are as `bad` says."""
    found = []
    for number in range(rounds):
        for vantage in vantages:
            parts = INSIDE if vantage == "inside" else OUTSIDE
            for layer, names in parts.items():
                for part in names:
                    state: State = "well"
                    if number >= rounds - bad_rounds:
                        state = next(
                            (s for (v, la, p), s in bad.items() if (v, la) == (vantage, layer) and p in ("*", part)),
                            "well",
                        )
                    at = NOW - 10 * (rounds - 1 - number)
                    found.append(Probe(layer=layer, part=part, vantage=vantage, state=state, ms=3, at=at))
    return found


def everything(vantage: str) -> Bad:
    return {(vantage, layer, "*"): "dead" for layer in OUTSIDE if layer != "dns"}


BEGAN = NOW - 20
TABLE: list[tuple[str, Bad, list[tuple[str, str, tuple[str, ...]]]]] = [
    ("all is well", {}, []),
    ("a door is a door, and not the line", {("inside", "door", "d1"): "dead", ("miami", "door", "d1"): "dead"},
     [("door", "dead", ("d1",))]),
    ("a door that only its probe outside misses is no dead door", {("miami", "door", "d1"): "dead"},
     [("line", "slow", ("d1",))]),
    ("both doors", {("inside", "door", "*"): "dead"}, [("door", "dead", ("d1", "d2"))]),
    ("outside sees nothing of us", everything("miami"), [("line", "dead", ("miami",))]),
    (
        "outside finds no edge, and live servers that stand elsewhere",
        {("miami", "edge", "*"): "dead", ("miami", "door", "*"): "dead", ("miami", "plan", "a"): "dead"},
        [("line", "dead", ("miami",))],
    ),
    ("what lies beyond is gone", {("inside", "line", "*"): "dead", ("inside", "dns", "*"): "dead",
     ("inside", "mail", "*"): "dead", **everything("miami")}, [("line", "dead", ("1", "2", "outside 1"))]),
    ("one address beyond is not the line", {("inside", "line", "1"): "dead"}, []),
    ("the line and a door", {("inside", "line", "*"): "dead", ("inside", "door", "d2"): "dead"},
     [("line", "dead", ("1", "2", "outside 1")), ("door", "dead", ("d2",))]),
    ("names: who cannot look up cannot reach", {("miami", "dns", "*"): "dead", **everything("miami")},
     [("dns", "dead", ("1",))]),
    ("an edge explains its plan, and what is seen through it",
     {("inside", "edge", "a"): "dead", ("inside", "plan", "a"): "dead", ("miami", "edge", "a"): "dead",
      ("miami", "door", "d1"): "dead", ("miami", "live", "n1"): "dead", ("miami", "plan", "a"): "dead"},
     [("edge", "dead", ("a",))]),
    ("a flood makes all slow", {("inside", "edge", "*"): "slow", ("inside", "door", "*"): "slow",
     ("miami", "door", "*"): "slow", ("inside", "sign_on", "office"): "slow"}, [("edge", "slow", ("flood",))]),
    ("a flood, and a live server that is dead", {("inside", "edge", "flood"): "slow", ("inside", "live", "n2"): "dead"},
     [("edge", "slow", ("flood",)), ("live", "dead", ("n2",))]),
    ("sign-on is dead", {("inside", "sign_on", "hasher"): "dead"}, [("sign_on", "dead", ("hasher",))]),
    ("sign-on is slow", {("inside", "sign_on", "hasher"): "slow"}, [("sign_on", "slow", ("hasher",))]),
    ("the database takes sign-on along", {("inside", "database", "*"): "dead", ("inside", "sign_on", "office"): "dead"},
     [("database", "dead", ("database",))]),
    ("the office, of whose database nobody knows", {("inside", "database", "*"): "unknown",
     ("inside", "sign_on", "office"): "dead"}, [("sign_on", "dead", ("office",))]),
    ("a live server", {("inside", "live", "n1"): "dead", ("miami", "live", "n1"): "dead"}, [("live", "dead", ("n1",))]),
    ("mail", {("inside", "mail", "*"): "dead"}, [("mail", "dead", ("mail",))]),
    ("a host with an old plan", {("inside", "plan", "host 3"): "slow"}, [("plan", "slow", ("host 3",))]),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_layer_that_fails_is_named(bad: Bad, wanted: list[tuple[str, str, tuple[str, ...]]]) -> None:
    found = diagnose(looks(bad), now=NOW)
    assert [(one.layer, one.state, one.parts) for one in found] == wanted
    assert all(one.since == BEGAN for one in found)


def test_one_bad_look_is_no_finding_and_two_are() -> None:
    bad: Bad = {("inside", "door", "d1"): "dead"}
    assert diagnose(looks(bad, bad_rounds=1), now=NOW) == ()
    assert len(diagnose(looks(bad, bad_rounds=2), now=NOW)) == 1


def test_who_has_fallen_silent_says_nothing() -> None:
    assert diagnose(looks({("inside", "door", "d1"): "dead"}), now=NOW + 200) == ()


def test_three_places_outvote_one_whose_own_line_is_cut() -> None:
    vantages = ("inside", "miami", "orlando", "bogota")
    assert diagnose(looks(everything("miami"), vantages=vantages), now=NOW) == ()
    two = {**everything("miami"), **everything("bogota")}
    assert [one.layer for one in diagnose(looks(two, vantages=vantages), now=NOW)] == ["line"]


def test_it_says_since_when_also_after_slow_became_dead() -> None:
    probes = looks({("inside", "door", "d1"): "slow"}, bad_rounds=5)
    dead = {NOW - 10, NOW}
    probes = [
        Probe(
            layer=p.layer,
            part=p.part,
            vantage=p.vantage,
            state="dead" if p.state == "slow" and p.at in dead else p.state,
            ms=1,
            at=p.at,
        )
        for p in probes
    ]
    assert diagnose(probes, now=NOW) == (Finding(layer="door", state="dead", since=NOW - 40, parts=("d1",)),)


ONE = st.builds(
    Probe,
    layer=st.sampled_from(ORDER),
    part=st.sampled_from(["a", "b", "flood", "office", "1"]),
    vantage=st.sampled_from(["inside", "inside", "miami", "bogota"]),
    state=st.sampled_from(["well", "slow", "dead", "unknown"]),
    ms=st.just(1),
    at=st.integers(NOW - 120, NOW),
)


@settings(max_examples=300, deadline=None)
@given(probes=st.lists(ONE, max_size=60), data=st.data())
def test_whatever_was_seen(probes: list[Probe], data: st.DataObject) -> None:
    """No order of looks matters, nothing is named twice, causes come first, and nothing that is well is named."""
    found = diagnose(probes, now=NOW)
    unique = {(p.layer, p.part, p.vantage, p.at): p for p in probes}.values()
    assert len({(one.layer, one.state) for one in found}) == len(found)
    assert [ORDER.index(one.layer) for one in found] == sorted(ORDER.index(one.layer) for one in found)
    if len(unique) == len(probes):
        assert diagnose(data.draw(st.permutations(probes)), now=NOW) == found
    failing = {one.part for one in judge(probes, now=NOW) if one.state in ("slow", "dead")}
    failing |= {one.vantage for one in judge(probes, now=NOW) if one.state == "dead"}
    for one in found:
        assert one.state in ("slow", "dead")
        assert set(one.parts) <= failing
        assert NOW - 120 <= one.since <= NOW
    inside_dead = {one.layer for one in judge(probes, now=NOW) if one.vantage == "inside" and one.state == "dead"}
    for one in found:
        if one.layer == "line" and one.state == "dead":
            layers = {other.layer for other in found} - {"line"}
            assert layers <= inside_dead | {p.layer for p in probes if p.vantage == "inside"}, "only inside speaks then"
