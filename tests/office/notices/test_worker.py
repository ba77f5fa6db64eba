"""The real worker: a mail server that never answers delays nobody's text message; and the commands that tell of it."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.office.console.office_home import OfficeHome, new_home, wait_for
from tests.office.notices.http_server import MockTwilio, http_end

_SEND = """
from schoolday.office import boot
boot.boot()
from tests.cast import make_cast
from tests.office.notices.sending import give_contacts, many_guardians, moved
cast = make_cast()
give_contacts(cast)
many_guardians(cast.school, 40, phone=True, mail=False)
print(moved(cast).id)
"""


def test_a_dead_way_delays_no_other(tmp_path: Path) -> None:
    twilio = MockTwilio()
    with socket.create_server(("127.0.0.1", 0)) as black_hole, http_end(twilio) as end:
        office = new_home(
            tmp_path,
            MAIL_HOST="127.0.0.1", MAIL_PORT=str(black_hole.getsockname()[1]), MAIL_TLS="none", MAIL_FROM="n@b.example",
            TWILIO_URL=end.url, TWILIO_ACCOUNT="AC1", TWILIO_TOKEN="secret", TWILIO_FROM="+13055550199",
            SMS_PER_SECOND="0", LOG_LEVEL="ERROR",
        )  # fmt: skip
        office.run("migrate")
        office.run("keys")
        made = subprocess.run([sys.executable, "-c", _SEND], env=office.env, check=True, capture_output=True, text=True)
        notice_id = made.stdout.split()[-1]
        with office.running("work"):
            started = time.monotonic()
            wait_for(lambda: len(twilio.rows) == 40, seconds=60)
            wait_for(lambda: _states(office, notice_id, "sms") == {"sent": 40})
            took = time.monotonic() - started
            wait_for(lambda: _states(office, notice_id, "feeds") == {"sent": 1})
        assert took < 40
        assert sum(_states(office, notice_id, "mail").values()) == 3
        assert "sent" not in _states(office, notice_id, "mail")
        assert len({row["to"] for row in twilio.rows}) == 40
    assert json.loads(office.run("notices", "list", "--json").stdout)[0]["id"] == notice_id
    assert notice_id in office.run("notices", "list").stdout
    assert "sms" in office.run("notices", "show", notice_id).stdout
    ways = json.loads(office.run("notices", "ways", "--json", check=False).stdout)
    assert ways["sms"] == {"off": "", "resting": "", "waiting": 0}
    assert ways["webhooks"]["off"] == "not_set_up"
    assert "feeds" in office.run("notices", "ways", check=False).stdout
    unknown = office.run("notices", "show", "no-such-one", check=False)
    assert unknown.returncode == 1
    assert "schoolday notices list" in unknown.stderr


def _states(office: OfficeHome, notice_id: str, way: str) -> dict[str, int]:
    shown = json.loads(office.run("notices", "show", notice_id, "--json").stdout)
    states: dict[str, int] = shown["ways"][way]["states"]
    return states
