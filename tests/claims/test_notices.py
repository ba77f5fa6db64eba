"""Many notices through real servers in processes of their own: the figure per second, and what a kill -9 leaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import figures
from tests.claims.notice_servers import Servers, running_servers
from tests.office.console.office_home import OfficeHome, new_home, wait_for

MANY = 100_000 if figures.full_form() else 3_000
KILLED_MAILS = 2_000
LATER_MAILS = 500
HANDS = 4
pytestmark = [pytest.mark.timeout(3600), pytest.mark.alone]

# A district of so many families and one notice to them, all made by the office's own code.
_SEND = """
import sys
from schoolday.office import boot
boot.boot()
from tests.cast import make_cast
from tests.office.notices.sending import many_guardians, moved, subscribe
count, ways, key = int(sys.argv[1]), sys.argv[2].split(","), sys.argv[3]
cast = make_cast()
many_guardians(cast.school, count, phone=bool({"sms", "voice"} & set(ways)), mail="mail" in ways)
if "push" in ways:
    subscribe(sys.argv[4], key)
more = {"level": "emergency"} if sys.argv[5] else {}  # nobody gets a call that she did not ask for, but then
print(moved(cast, channels=ways, **more).id)
"""
_COUNT = "SELECT count(*) FROM notices_delivery WHERE channel = '{}' AND state IN ({})"


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with running_servers() as found:
        yield found


def test_many_notices_a_second_by_each_way(servers: Servers, tmp_path: Path) -> None:
    said = []
    for way, count in (("mail", MANY), ("sms", MANY // 2), ("push", MANY // 2), ("voice", MANY // 5)):
        office = _office(tmp_path / way, servers)
        _send(office, count, way, servers, is_emergency=way == "voice")
        servers.reset()
        started = time.monotonic()
        with _worker(office):
            wait_for(lambda way=way, count=count: servers.count(way) >= count, seconds=3000)  # type: ignore[misc]  # bound at once
            took = time.monotonic() - started
            wait_for(lambda office=office, way=way: not _in(office, way, "queued", "sending"), seconds=60)  # type: ignore[misc]  # bound at once
        assert servers.count(way) == count, "none lost"
        assert servers.twice(way) == 0, "none twice"
        said.append(f"{way} {count / took:,.0f}/s ({count:,} in {took:.0f} s)")
        first = office.ask("SELECT min(d.sent_at), n.sent_at FROM notices_delivery d, notices_notice n GROUP BY n.id")
        assert first[0][0] is not None
    said.append(_greylisted(servers, tmp_path / "later"))
    figures.say("notices", f"{', '.join(said)}; none lost, none twice; rows made and sent by one worker on SQLite")


def _greylisted(servers: Servers, home: Path) -> str:
    """Send to a mail server that refuses each address once with 451; say what came of it."""
    office = _office(home, servers)
    _send(office, LATER_MAILS, "mail", servers, is_emergency=True)
    servers.reset()
    servers.say_later()
    started = time.monotonic()
    with _worker(office):
        wait_for(lambda: _in(office, "mail", "sent") >= LATER_MAILS, seconds=600)
    took = time.monotonic() - started
    assert servers.refused() == LATER_MAILS, "each was refused once"
    assert (servers.count("mail"), servers.twice("mail")) == (LATER_MAILS, 0)
    assert _in(office, "mail", "sent") == LATER_MAILS
    return f"{LATER_MAILS:,} mails refused once with 451 all arrived on a later try, after {took:.0f} s"


def test_a_worker_killed_in_the_middle_sends_none_twice_and_loses_none(servers: Servers, tmp_path: Path) -> None:
    office = _office(tmp_path, servers)
    _send(office, KILLED_MAILS, "mail", servers)
    servers.reset()
    kills = 0
    for share in (0.15, 0.4, 0.7):
        process = _start(office)
        wait_for(lambda share=share: servers.count("mail") >= share * KILLED_MAILS, seconds=120)  # type: ignore[misc]  # bound at once
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        kills += 1
    with _worker(office):
        wait_for(lambda: not _in(office, "mail", "queued", "sending"), seconds=120)
    came, unsure = servers.count("mail"), _in(office, "mail", "unknown")
    sent = _in(office, "mail", "sent")
    figures.say(
        "notices-killed",
        f"{KILLED_MAILS:,} mails, worker killed -9 {kills} times while sending: {servers.twice('mail')} twice, "
        f"{came:,} arrived, {unsure} marked as unsure, {KILLED_MAILS - sent - unsure} lost",
    )
    assert servers.twice("mail") == 0
    assert sent + unsure == KILLED_MAILS, "every row has an end"
    assert sent <= came <= sent + unsure, "what is sent arrived; of the unsure, some"
    assert unsure <= kills * HANDS, "at most what was in a hand"


def _office(home: Path, servers: Servers) -> OfficeHome:
    home.mkdir(parents=True, exist_ok=True)
    fast = {f"{name}_PER_SECOND": "0" for name in ("MAIL", "MAIL_PER_DOMAIN", "SMS", "VOICE", "PUSH")}
    office = new_home(home, LOG_LEVEL="ERROR", **fast, **servers.settings(), MAIL_PARALLEL=str(HANDS))
    office.run("migrate")
    office.run("keys")
    return office


def _send(office: OfficeHome, count: int, way: str, servers: Servers, *, is_emergency: bool = False) -> None:
    level = "emergency" if is_emergency else ""
    command = [sys.executable, "-c", _SEND, str(count), way, servers.push_key, servers.push_url, level]
    subprocess.run(command, env=office.env, check=True, capture_output=True, timeout=600)


def _start(office: OfficeHome) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.office.console.schoolday", "work"]
    return subprocess.Popen(command, env=office.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _worker(office: OfficeHome) -> Any:
    return office.running("work")


def _in(office: OfficeHome, way: str, *states: str) -> int:
    found = office.ask(_COUNT.format(way, ", ".join(f"'{state}'" for state in states)))
    return int(str(found[0][0]))
