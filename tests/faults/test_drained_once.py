"""Two drainers at once, a drain that is killed, a drain that is run again: every event is taken once."""

import random
from pathlib import Path

import pytest

from tests import figures
from tests.faults.bells import ring
from tests.faults.doors import addresses_of, running_doors
from tests.faults.fleet import Fleet
from tests.faults.office import Office
from tests.faults.register import compare
from tests.school_day import wait_until

STUDENTS = 2_000 if figures.full_form() else 250
KILLS = 10 if figures.full_form() else 1


@pytest.mark.timeout(300)
def test_two_drainers_at_once_and_the_drain_again(tmp_path: Path) -> None:
    dice = random.Random(8)
    with running_doors(tmp_path, names=("d1", "d2", "d3")) as doors:
        fleet = Fleet(doors["d1"].district, addresses_of(doors), random.Random(7))
        fleet.enroll(STUDENTS)
        office = Office.of(fleet, addresses_of(doors), tmp_path / "office")
        try:
            ring(fleet, over_seconds=2.0)
            wanted = len(fleet.history.those("ok"))
            office.start("work", "work:2")
            for _ in range(KILLS):
                before = taken(office)
                wait_until(lambda: taken(office) > before or taken(office) >= wanted, seconds=60, what="a page")  # noqa: B023, at once
                name = dice.choice(sorted(office.processes))
                office.kill(name)
                office.start(name)
            wait_until(lambda: taken(office) >= wanted, seconds=60, what="everything is drained")
            office.close()
            first = office.home.ask("SELECT id FROM attendance_evidenceevent ORDER BY 1")
            cursors = office.home.ask("SELECT door, spool, last FROM attendance_doorcursor ORDER BY 1, 2")
            again = office.home.run("work", "--once", check=False)
            second = office.rows()
        finally:
            office.close()
        assert first == office.home.ask("SELECT id FROM attendance_evidenceevent ORDER BY 1")
        assert cursors == office.home.ask("SELECT door, spool, last FROM attendance_doorcursor ORDER BY 1, 2")
    found = compare(fleet, second)
    figures.say("drained-once", f"two drainers at once, {KILLS} killed, then once more: {found.figure()}")
    assert again.returncode == 0, again.stdout
    assert len(second.entries) == len(fleet.students)
    found.check()


def taken(office: Office) -> int:
    ((count,),) = office.home.ask("SELECT count(*) FROM attendance_evidenceevent")
    assert isinstance(count, int)
    return count
