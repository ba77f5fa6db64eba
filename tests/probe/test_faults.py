"""Five faults in real processes, each named by the probe inside as what it is, within two minutes."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.figures import full_form, say
from tests.live_nodes.servers import PROGRAM
from tests.probe.morning import Morning, flood

pytestmark = pytest.mark.alone

EVERY_SECONDS = 10.0 if full_form() else 2.0
NAMED_WITHIN_SECONDS = 120.0


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    morning = Morning(tmp_path_factory.mktemp("m"), every_seconds=EVERY_SECONDS)
    yield morning
    morning.close()
    assert "Traceback" not in morning.log_path.read_text()


@pytest.mark.live
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not PROGRAM.exists(), reason="there is no live server to kill: 'schoolday live' builds one")
@pytest.mark.skipif(shutil.which("wrk") is None, reason="there is no wrk to make a flood with")
def test_five_faults_are_named(morning: Morning) -> None:
    """After each everything is mended, and nothing is named any more."""
    named: dict[str, float] = {}
    morning.wait_until_well(seconds=90)

    morning.doors[1].kill()
    named["door"], finding = morning.wait_for("door", seconds=NAMED_WITHIN_SECONDS)
    assert (finding.state, finding.parts) == ("dead", ("d2",))
    morning.doors[1].start()
    morning.wait_until_well(seconds=90)

    morning.line.cut()
    named["line"], finding = morning.wait_for("line", seconds=NAMED_WITHIN_SECONDS)
    assert (finding.state, finding.parts) == ("dead", ("miami",))
    morning.line.mend()
    morning.wait_until_well(seconds=90)

    os.kill(morning.hasher.pid, signal.SIGSTOP)  # its socket still takes connections, and nothing ever answers
    named["sign_on"], finding = morning.wait_for("sign_on", seconds=NAMED_WITHIN_SECONDS)
    assert (finding.state, finding.parts) == ("dead", ("hasher",))
    os.kill(morning.hasher.pid, signal.SIGCONT)
    morning.wait_until_well(seconds=90)

    morning.live[0].kill()
    named["live"], finding = morning.wait_for("live", seconds=NAMED_WITHIN_SECONDS)
    assert (finding.state, finding.parts) == ("dead", ("n1",))
    morning.live[0].start()
    morning.wait_until_well(seconds=90)

    seconds = int(6 * EVERY_SECONDS)
    with flood(f"http://127.0.0.1:{morning.edge_port}/door/d1/nonce", seconds=seconds):
        named["flood"], finding = morning.wait_for("edge", seconds=seconds)
    assert (finding.state, finding.parts) == ("slow", ("flood",))
    morning.wait_until_well(seconds=90)

    assert max(named.values()) <= NAMED_WITHIN_SECONDS
    times = ", ".join(f"{name} {after:.0f} s" for name, after in named.items())
    say("faults-named", f"5 of 5 (a look every {EVERY_SECONDS:.0f} s): {times}")


def test_the_public_report_holds_no_address(morning: Morning) -> None:
    morning.wait_until_well(seconds=90)
    text = morning.report_path.read_text()
    for private in ("127.0.0.1", "localhost", "http", str(morning.home)):
        assert private not in text
    whole: Path = morning.home / "run" / "probes.json"
    assert "127.0.0.1" in whole.read_text()
    assert whole.stat().st_mode & 0o777 == 0o600
