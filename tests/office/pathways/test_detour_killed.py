"""A real process killed with -9 in the quick way of a detour: nobody is left with half, the next round finishes it."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office.running import environment

# One interpreter that forks a victim for each place to die at: each is a process of its own, killed with SIGKILL.
_DRIVER = """
import json, os, signal, sys, time
from datetime import UTC, date, datetime
import django
django.setup()
from django.core.management import call_command
from django.db import connections
call_command("migrate", verbosity=0)
from django.conf import settings
from schoolday.contracts.plan import DetourScope
from schoolday.lib import clock
from schoolday.lib.files import write_whole
from schoolday.office.pathways import plan_folder
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.detours import actions, publishing
from schoolday.office.pathways.detours.due import PublishWhenDue
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour
from schoolday.office.signin.keys import key_folder
from tests.cast import make_cast
from tests.office.pathways.plans import Reader, set_bells
from tests.office.pathways.test_detour_publish import moved

def declare():
    new = NewDetour(
        scope=DetourScope(bands=("6-8",)), pathway="zoom", from_at=clock.now(), review_on=date(2026, 9, 21),
        reason_key="live_slow",
    )
    return actions.declare(new, actor=None)

def victim(place, told):
    def here():
        os.write(told, b"x")
        time.sleep(600)  # until it is killed

    written = []
    def half(path, data, *, mode=0o644):
        written.append(path)
        if len(written) == place:
            path.with_name(f".{path.name}.dead.partial").write_bytes(data[: len(data) // 2])
            here()
        write_whole(path, data, mode=mode)

    plan_folder.write_whole = half
    declare()
    if place == 0:
        here()
    publishing.publish_detours()
    here()

def killed_at(place):
    heard, told = os.pipe()
    connections.close_all()
    child = os.fork()
    if child == 0:
        victim(place, told)
        os._exit(1)
    os.read(heard, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

with clock.at(datetime(2026, 9, 14, 11, tzinfo=UTC)):
    key_folder().create()
    cast = make_cast()
    for school in (cast.school, cast.other_school):
        set_bells(school)
    publish_plan()
    reader = Reader(settings.SCHOOLDAY.plan_dir)
    found = []
    for place in range(5):
        due = PublishWhenDue()
        due()
        before = reader.whole()
        killed_at(place)
        row = {"place": place, "state": Detour.objects.exclude(state="undone").get().state}
        row["whole_and_as_before"] = reader.whole() == before
        row["device"] = [bool(reader.for_device(org).sections) for org in before[1]]
        due()
        row["moved"] = moved(reader)
        version = reader.index().version
        row["full_finds_nothing"] = publish_plan().version == version
        row["left_over"] = [path.name for path in settings.SCHOOLDAY.plan_dir.rglob("*.partial")]
        actions.undo(Detour.objects.exclude(state="undone").get(), actor=None)
        due()
        row["undone"] = moved(reader)
        found.append(row)
print(json.dumps(found))
connections.close_all()
"""


@pytest.fixture
def database_url() -> Iterator[str]:
    """A database of its own that other processes reach: a file, or one more on the PostgreSQL of the tests."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        yield ""
        return
    import psycopg
    from psycopg import sql

    name = sql.Identifier(killed := f"killed_{uuid.uuid4().hex[:12]}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield f"{server.rpartition('/')[0]}/{killed}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_killed_between_commit_and_plan_and_in_each_write(tmp_path: Path, database_url: str) -> None:
    """Places: 0 after the commit, before the plan; 1 and 2 a school's file, 3 the index; 4 after all of it."""
    env = {
        **environment(tmp_path),
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "schoolday.office.settings",
        "PYTHONPATH": str(Path.cwd()),
    }
    done = subprocess.run(
        [sys.executable, "-c", _DRIVER], env=env, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout.splitlines()[-1])
    assert [row["place"] for row in rows] == [0, 1, 2, 3, 4]
    for row in rows:
        assert row["state"] == "in_force", "what was committed stays decided"
        assert row["whole_and_as_before"] == (row["place"] < 4), row
        assert row["device"] == [True, True]
        assert row["moved"] == {"Math 7": "zoom", "Science 7": "zoom"}, row
        assert row["full_finds_nothing"], row
        assert row["left_over"] == [], row
        assert row["undone"] == {}, row
