"""A door's disk is full, or its fsync fails, or it is killed between the commit and the answer."""

import contextlib
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import figures
from tests.cast import Cast
from tests.faults.bells import SHARE_AT_LEAST, figure, ring, together
from tests.faults.doors import addresses_of, running_doors
from tests.faults.fleet import Fleet
from tests.faults.register import compare, drain_all, put_in_roster
from tests.faults.tracer import injected, needs_strace

STUDENTS = 1_500 if figures.full_form() else 200
BELL_SECONDS = 8.0 if figures.full_form() else 2.0
KILLS = 20 if figures.full_form() else 3
SMALL, ROOMY = "200k", "64m"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="NOT SHOWN: a disk of 200 KB needs root to mount it")


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "none", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def make_room(folder: Path) -> None:
    subprocess.run(["mount", "-o", f"remount,size={ROOMY}", folder], check=True)


@needs_root
@pytest.mark.timeout(240)
def test_a_doors_disk_is_full(cast: Cast, tmp_path: Path) -> None:
    disk = tmp_path / "d1" / "doors" / "d1"
    with small_disk(disk), running_doors(tmp_path) as doors:
        fleet = Fleet(doors["d1"].district, addresses_of(doors), random.Random(3))
        fleet.enroll(STUDENTS)
        ring(fleet, over_seconds=BELL_SECONDS)
        full = doors["d1"].wait()
        assert full["spool_failed"], "the disk was never full"
        answer = doors["d1"].first_join(fleet.students[0].one, fleet.district.section)
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        make_room(disk)
        late = Fleet(fleet.district, {"d1": fleet.addresses["d1"]}, random.Random(4))
        late.enroll(20)
        ring(late, over_seconds=0.1)
        whole = together([fleet, late])
        put_in_roster(cast, fleet.district, whole.students)
        drained = drain_all(fleet.district, addresses_of(doors))
        mended = doors["d1"].wait()
    found = compare(whole)
    figures.say(
        "disk-full", f"{figure(fleet)}; with room again {len(late.students)} through the same door; {found.figure()}"
    )
    assert fleet.share_in_class() >= SHARE_AT_LEAST
    assert late.share_in_class() == 1
    found.check()
    assert (drained.refused, mended["spool_damaged"]) == (0, 0)


@needs_root
def test_a_door_starts_on_a_full_disk_and_takes_people_in_when_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "d1" / "doors" / "d1"
    with small_disk(disk):
        with (disk / "litter").open("wb") as litter, contextlib.suppress(OSError):
            litter.write(b"x" * 1_000_000)
        with running_doors(tmp_path, names=("d1",), status=None) as doors:
            door = doors["d1"]
            (disk / "litter").unlink()
            door.wait()
            assert door.first_join(door.district.student, door.district.section).status_code == 200
            assert len(door.drained()) == 1


@needs_strace
@pytest.mark.timeout(240)
def test_a_doors_fsync_fails(cast: Cast, tmp_path: Path) -> None:
    with running_doors(tmp_path) as doors:
        fleet = Fleet(doors["d1"].district, addresses_of(doors), random.Random(5))
        fleet.enroll(STUDENTS)
        with injected(doors["d1"], "fdatasync,fsync", "error=EIO:when=3+7") as trace:
            ring(fleet, over_seconds=BELL_SECONDS)
        put_in_roster(cast, fleet.district, fleet.students)
        drained = drain_all(fleet.district, addresses_of(doors))
        log = doors["d1"].log()
    found = compare(fleet)
    failed = trace.count("EIO")
    figures.say("fsync-fails", f"{figure(fleet)}; fsync failed {failed} times at one door; {found.figure()}")
    assert failed
    assert "spool file lost for writing" in log
    assert fleet.share_in_class() >= SHARE_AT_LEAST
    found.check()
    assert drained.refused == 0


@needs_strace
@pytest.mark.timeout(240)
def test_a_door_is_killed_between_commit_and_answer(cast: Cast, tmp_path: Path) -> None:
    """The kill strikes as the door begins to send an answer: the arrival is on the disk, and the device never hears."""
    dice = random.Random(6)
    fleets: list[Fleet] = []
    known = refused = 0
    with running_doors(tmp_path) as doors:
        # A kill may strike a moment too early or too late: there are more of them until the moment was hit.
        while len(fleets) < KILLS or not known:
            number = len(fleets)
            assert number < 4 * KILLS, "no arrival was on two disks: the moment was never hit"
            fleet = Fleet(doors["d1"].district, addresses_of(doors), random.Random(number))
            fleet.enroll(STUDENTS // 4)
            fleets.append(fleet)
            with injected(doors["d1"], "sendto,writev,sendmsg", f"signal=SIGKILL:when={dice.randint(20, 60)}"):
                ring(fleet, over_seconds=1.0)
            assert doors["d1"].process.wait(10) == -9, "nobody came to be answered"
            doors["d1"].start()
            doors["d1"].wait()
            put_in_roster(cast, fleet.district, fleet.students)
            drained = drain_all(fleet.district, addresses_of(doors))
            known, refused = known + drained.known, refused + drained.refused
    whole = together(fleets)
    found = compare(whole)
    figures.say("killed-before-answer", f"{figure(whole)}; {len(fleets)} kills; {found.figure()}")
    assert whole.share_in_class() >= SHARE_AT_LEAST
    found.check()
    assert refused == 0
