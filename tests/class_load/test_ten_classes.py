"""Classes of thirty on one live server, more and more of them, until something gives: the knee."""

import time
from pathlib import Path

import pytest

from tests.class_load import footage
from tests.class_load.crowd import Crowd
from tests.class_load.load import CORES, Cores, memory_mb, quantiles
from tests.class_load.server import open_class, server
from tests.figures import full_form, say
from tests.live_nodes.servers import LiveServer

__all__ = ["server"]

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]
_JOIN_AT_MOST_SECONDS = 5.0
_FRAMES_AT_LEAST = 0.8  # of what is sent; below that pictures are seen to stutter. Our judgement
_LOOK_SECONDS = 20 if full_form() else 8
_SETTLE_SECONDS = 3  # who came last waits for her first key frames; that is coming, and not stuttering
_FULL = 0.9  # of the machine's cores; above that whoever wants more waits


def least_share(crowds: list[Crowd], size: int) -> float:
    """Return the share of the pictures meant for her that came to the one to whom the least of hers came."""
    time.sleep(_SETTLE_SECONDS)
    for crowd in crowds:
        crowd.received()
    time.sleep(_LOOK_SECONDS)
    shares = []
    for crowd in crowds:
        got = crowd.received()
        sent = got.seconds * footage.PICTURES_PER_SECOND
        *students, teacher = got.pictures
        shares += [one / sent for one in students] + [teacher / (sent * size)]
    return min(shares)


def test_classes_until_the_knee(server: LiveServer, pictures: Path, tmp_path: Path) -> None:
    size, steps = (30, (1, 2, 4, 6, 8, 10, 12, 14, 16)) if full_form() else (6, (1, 2))
    crowds: list[Crowd] = []
    lines, knee, gave, worst_share, everybody_came = [], 0, "", 1.0, True
    assert server.process is not None
    pid = server.process.pid
    try:
        for wanted in steps:
            new = [open_class(server, size, tmp_path, pictures) for _ in range(wanted - len(crowds))]
            crowds += new
            coming = Cores(server=pid, generators=[crowd.pid for crowd in crowds])
            for crowd in new:
                crowd.wait()
            came = coming.so_far()
            _, p95, lost = quantiles([one for crowd in new for one in crowd.took])
            going = Cores(server=pid, generators=[crowd.pid for crowd in crowds])
            share = least_share(crowds, size)
            goes = going.so_far()
            lines.append(
                f"{wanted}: p95 {p95:.1f} s, {share:.0%} of pictures to who gets the least, {memory_mb(pid)} MB; "
                f"cores as they come {_said(came)}, then {_said(goes)}"
            )
            everybody_came, worst_share = everybody_came and lost == 0, min(worst_share, share)
            gave = _gave(p95=p95, lost=lost, share=share, coming=came, going=goes)
            if gave:
                break
            knee = wanted
    finally:
        for crowd in crowds:
            crowd.close()
    # Generators and server share this machine: the knee is of both together, so the server's own is not lower.
    say(
        "class-ten-classes",
        f"{knee} classes of {size} and a teacher carried by {CORES} cores together with their generators; "
        f"{f'{wanted}: {gave}' if gave else 'nothing gave in'}; " + "; ".join(lines),
    )
    # The short form has small classes, and says nothing of speed: only that everybody gets in and sees her teacher.
    assert lines
    assert full_form() or (everybody_came and worst_share > 0)


def _said(cores: tuple[float, float, float]) -> str:
    server, generators, machine = cores
    return f"{server:.2f} live server + {generators:.2f} generators of {machine:.2f} in all"


def _gave(
    *,
    p95: float,
    lost: int,
    share: float,
    coming: tuple[float, float, float],
    going: tuple[float, float, float],
) -> str:
    """Say what is no longer as it should be, and whose cores it is; empty while all is well."""
    if lost:
        what, cores = f"{lost} did not get in", coming
    elif p95 > _JOIN_AT_MOST_SECONDS:
        what, cores = "coming takes too long", coming
    elif share < _FRAMES_AT_LEAST:
        what, cores = "pictures stutter", going
    else:
        return ""
    server, generators, machine = cores
    if machine < _FULL * CORES:
        return f"{what}, though the machine's cores are not full"
    others = machine - server - generators
    _, most = max((server, "the live server"), (generators, "the generators"), (others, "other programs"))
    return f"{what}: the machine's cores are full, most of all with {most}"
