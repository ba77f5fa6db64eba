"""
What the looks of the last minutes mean together: which layer fails, and since when.

A pure function. A cause explains its effects, so the order is: the line, names, a flood, the edge, the database, and
then each part by itself. How a part is, is said from inside; what outside cannot reach though inside can, is a matter
of what lies between. One look is no finding: two in a row are, which at one look every ten seconds is twenty seconds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from schoolday.contracts.probes import Finding, Layer, Probe, State

INSIDE = "inside"
FLOOD_PART = "flood"
LOOKS_IN_A_ROW = 2
STALE_SECONDS = 90  # a vantage that has said nothing for so long knows nothing
ORDER: tuple[Layer, ...] = ("line", "dns", "edge", "door", "sign_on", "database", "live", "mail", "plan")
_SLOWED_BY_A_FLOOD = frozenset({"edge", "door", "sign_on", "live", "plan"})
_BEYOND_THE_LINE = frozenset({"dns", "mail"})


@dataclass(frozen=True)
class Judged:
    """How one part is, seen from one vantage, by its last looks."""

    layer: Layer
    part: str
    vantage: str
    state: State
    since: int
    what: str


def diagnose(probes: Iterable[Probe], *, now: int) -> tuple[Finding, ...]:
    """Return what fails, causes first; nothing while all is well. `probes`: of the last minutes, in any order."""
    judged = judge(probes, now=now)
    failing = [one for one in judged if one.state in ("slow", "dead")]
    found: list[Finding] = []
    line = _line(judged)
    if line:
        found.append(line)
        failing = [one for one in failing if one.vantage == INSIDE and one.layer not in _BEYOND_THE_LINE]
    failing = [one for one in failing if one.layer != "line"]
    nameless = {one.vantage for one in failing if one.layer == "dns" and one.state == "dead"}
    found += _by_layer([one for one in failing if one.layer == "dns"])
    failing = [one for one in failing if one.layer != "dns" and not (one.vantage in nameless and one.state == "dead")]
    if any(one.part == FLOOD_PART for one in failing):
        found += _by_layer([one for one in failing if one.part == FLOOD_PART])
        failing = [one for one in failing if not (one.state == "slow" and one.layer in _SLOWED_BY_A_FLOOD)]
    own, between = _own_and_between(judged, failing)
    dead_edges = {one.part for one in own if one.layer == "edge" and one.state == "dead"}
    if any(one.layer == "edge" for one in own) or found:
        between = []
    own = [one for one in own if not (one.layer == "plan" and one.part in dead_edges)]
    if any(one.layer == "database" for one in own):
        own = [one for one in own if (one.layer, one.part) != ("sign_on", "office")]
    if between:
        found.append(_finding("line", "slow", between))
    found += _by_layer(own)
    return tuple(sorted(_merged(found), key=lambda one: ORDER.index(one.layer)))


def judge(probes: Iterable[Probe], *, now: int) -> tuple[Judged, ...]:
    """Return how each part is from each vantage: failing after two looks in a row, by the newest of them."""
    looks: dict[tuple[Layer, str, str], list[Probe]] = defaultdict(list)
    for probe in probes:
        if probe.state != "unknown":
            looks[probe.layer, probe.part, probe.vantage].append(probe)
    found = []
    for (layer, part, vantage), mine in sorted(looks.items()):
        mine.sort(key=lambda probe: probe.at, reverse=True)
        if now - mine[0].at > STALE_SECONDS:
            continue
        run = []
        for probe in mine:
            if probe.state == "well":
                break
            run.append(probe)
        if len(run) < LOOKS_IN_A_ROW:
            found.append(Judged(layer, part, vantage, "well", mine[-1].at, ""))
            continue
        state: State = "dead" if all(probe.state == "dead" for probe in run[:LOOKS_IN_A_ROW]) else "slow"
        found.append(Judged(layer, part, vantage, state, run[-1].at, run[0].what))
    return tuple(found)


def _line(judged: Sequence[Judged]) -> Finding | None:
    """The line is cut when most of what lies beyond it is gone, or when most places outside find no edge."""
    looked = [one for one in judged if one.layer == "line" and one.vantage == INSIDE]
    dead = [one for one in looked if one.state == "dead"]
    if len(dead) * 2 > len(looked):
        return _finding("line", "dead", dead)
    well_inside = {(one.layer, one.part) for one in judged if one.vantage == INSIDE and one.state == "well"}
    outside = {one.vantage for one in judged if one.vantage != INSIDE}
    cut = []
    for vantage in outside:
        # Live servers and copies of the plan may stand elsewhere: they say nothing of this line.
        ways_in = [one for one in judged if one.vantage == vantage and one.layer == "edge"]
        well = [one for one in ways_in if (one.layer, one.part) in well_inside]
        if well and all(one.state == "dead" for one in ways_in) and not _has_no_names(judged, vantage):
            cut.append(min(well, key=lambda one: one.since))
    if len(cut) * 2 > len(outside):
        return Finding(layer="line", state="dead", since=min(one.since for one in cut), parts=_vantages(cut))
    return None


def _has_no_names(judged: Sequence[Judged], vantage: str) -> bool:
    return any(one.vantage == vantage and one.layer == "dns" and one.state == "dead" for one in judged)


def _own_and_between(judged: Sequence[Judged], failing: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    """
    Return what fails by itself, and what only outside cannot reach.

    Of a part that is not looked at from inside, most of the places outside decide.
    """
    seen_inside = {(one.layer, one.part) for one in judged if one.vantage == INSIDE}
    places: dict[tuple[Layer, str], int] = defaultdict(int)
    for one in judged:
        places[one.layer, one.part] += one.vantage != INSIDE
    outside: dict[tuple[Layer, str], list[Judged]] = defaultdict(list)
    own, between = [], []
    for one in failing:
        if one.vantage == INSIDE:
            own.append(one)
        else:
            outside[one.layer, one.part].append(one)
    failing_inside = {(one.layer, one.part) for one in own}
    for key, ones in outside.items():
        if key not in seen_inside:
            own += ones if len(ones) * 2 > places[key] else []
        elif key not in failing_inside and len(ones) * 2 > places[key]:
            between += [one for one in ones if one.state == "dead"]
    return own, between


def _by_layer(failing: Sequence[Judged]) -> list[Finding]:
    found = []
    for layer in ORDER:
        for state in ("dead", "slow"):
            ones = [one for one in failing if (one.layer, one.state) == (layer, state)]
            if ones:
                found.append(_finding(layer, "dead" if state == "dead" else "slow", ones))
    return found


def _merged(found: Sequence[Finding]) -> list[Finding]:
    """Return one finding a layer and state, with all its parts."""
    merged: dict[tuple[Layer, State], Finding] = {}
    for one in found:
        held = merged.get((one.layer, one.state))
        if held is not None:
            parts = tuple(sorted({*held.parts, *one.parts}))
            one = Finding(layer=one.layer, state=one.state, since=min(held.since, one.since), parts=parts)
        merged[one.layer, one.state] = one
    return list(merged.values())


def _finding(layer: Layer, state: State, ones: Collection[Judged]) -> Finding:
    parts = tuple(sorted({one.part for one in ones}))
    return Finding(layer=layer, state=state, since=min(one.since for one in ones), parts=parts)


def _vantages(ones: Collection[Judged]) -> tuple[str, ...]:
    return tuple(sorted({one.vantage for one in ones}))
