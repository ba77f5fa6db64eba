"""The log: one JSON object a line, the part in each, no personal data; structlog only when something is said."""

import json
import subprocess
import sys


def lines(script: str) -> list[dict[str, object]]:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_personal_data_is_dropped_and_the_part_is_in_every_thread() -> None:
    script = """
import threading
from schoolday.lib import log
log.configure(part="door")
say = lambda: log.get("x").info("came", pii_name="Naïka", sub="s1", **{"user.pii.mail": "m"})
say(); thread = threading.Thread(target=say); thread.start(); thread.join()
"""
    for line in lines(script):
        assert (line["event"], line["part"], line["sub"], line["level"]) == ("came", "door", "s1", "info")
        assert not any("pii" in key for key in line)
    assert len(lines(script)) == 2


def test_at_first_use_it_loads_nothing_before() -> None:
    script = """
import sys
from schoolday.lib import log
log.configure(part="door", level="WARNING", at_first_use=True)
assert "structlog" not in sys.modules
log.get("x").info("not said")
log.get("x").warning("said", pii_name="kept" )
"""
    assert [line["event"] for line in lines(script)] == ["said"]
    kept = lines(
        "from schoolday.lib import log\nlog.configure(part='d', pii=True)\nlog.get('x').info('a', pii_name='n')"
    )
    assert kept[0]["pii_name"] == "n"
