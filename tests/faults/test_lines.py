"""The line to one door is cut in three ways, between hosts of their own: a black hole, resets, a pulled cable."""

import random
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from schoolday.contracts import plan
from tests import figures
from tests.cast import Cast
from tests.door.district import District
from tests.door.process import Door
from tests.faults.bells import SHARE_AT_LEAST, after, figure, ring, together
from tests.faults.doors import DOORS, stop
from tests.faults.fleet import Fleet
from tests.faults.hosts import Host, needs_hosts, network, standing_at
from tests.faults.register import compare, drain_all, put_in_roster
from tests.faults.wire import Address

STUDENTS = 900 if figures.full_form() else 150  # for each kind of fault
BELL_SECONDS = 4.0 if figures.full_form() else 2.0
FAULTS: dict[str, Callable[[Host], None]] = {
    "black hole": Host.drop_silently,
    "reset": Host.reset,
    "link down": Host.unplug,
}


class DoorAtHost(Door):
    """A door on a host of its own; ask it with `standing_at` another."""

    def __init__(self, district: District, home: Path, *, door: str, host: Host) -> None:
        listen = ("sh", "-c", f'exec "$@" --host {host.ip}', "sh")
        super().__init__(district, home, door=door, before=(*host.words, *listen))
        self.http.close()
        self.http = httpx.Client(base_url=f"http://{host.ip}:{self.port}", timeout=20, trust_env=False)


@needs_hosts
@pytest.mark.timeout(240)
def test_the_line_to_a_door_is_cut_at_the_bell(cast: Cast, tmp_path: Path) -> None:
    fleets: list[Fleet] = []
    with network(("students", *DOORS)) as hosts, standing_at(hosts["students"]), ExitStack() as open_doors:
        district = District(tmp_path / "plan")
        district.publish(doors=tuple(plan.Door(id=name, url=f"http://{name}") for name in DOORS))
        addresses = {}
        for name in DOORS:
            door = DoorAtHost(district, tmp_path / name, door=name, host=hosts[name])
            open_doors.callback(stop, door)
            addresses[name] = Address(hosts[name].ip, door.port)
            door.wait()
        for number, fault in enumerate(FAULTS.values()):
            fleet = Fleet(district, addresses, random.Random(number))
            fleet.enroll(STUDENTS)
            ring(fleet, over_seconds=BELL_SECONDS, fault=after(BELL_SECONDS / 3, partial(fault, hosts["d1"])))
            hosts["d1"].mend()
            fleets.append(fleet)
        whole = together(fleets)
        put_in_roster(cast, district, whole.students)
        drained = drain_all(district, addresses)
    found = compare(whole)
    each = ", ".join(f"{kind} {fleet.share_in_class():.1%}" for kind, fleet in zip(FAULTS, fleets, strict=True))
    figures.say("line-cut", f"{figure(whole)}: {each}; {found.figure()}")
    for kind, fleet in zip(FAULTS, fleets, strict=True):
        assert fleet.tried, f"nobody met the fault: {kind}"
    assert fleets[0].tried["slow"], "a black hole answers nothing"
    assert fleets[1].tried["line"], "a reset is said at once"
    assert whole.share_in_class() >= SHARE_AT_LEAST
    found.check()
    assert drained.refused == 0
