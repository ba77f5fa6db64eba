"""Real publishers, several at once and killed with -9: one whole plan is in force at any moment."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schoolday.contracts import keys, plan
from schoolday.contracts.plan import PlanIndex
from schoolday.lib import signing
from tests.office.running import environment

_PUBLISH = "from schoolday.office.pathways.commands import plan; plan()"
_SET_UP = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from schoolday.lib import clock
from schoolday.office.signin.keys import key_folder
from tests.cast import make_cast, make_section
from tests.office.pathways.plans import set_bells
key_folder().create()
cast = make_cast()
for school in (cast.school, cast.other_school):
    set_bells(school)
    for number in range(40):
        make_section(school, f"{school.name} {number}", periods="2")
"""
_CHANGE = """
import sys, django
django.setup()
from schoolday.office.people.models import Org
Org.objects.filter(kind="school").update(phone=sys.argv[1])
"""


def python(home: Path, code: str, *arguments: str) -> "subprocess.Popen[bytes]":
    env = {**environment(home), "DJANGO_SETTINGS_MODULE": "schoolday.office.settings", "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(home: Path, code: str, *arguments: str) -> bytes:
    """Run it to its end and return what it said."""
    process = python(home, code, *arguments)
    said, problems = process.communicate(timeout=100)
    assert process.returncode == 0, problems.decode()
    return said


def whole(home: Path) -> tuple[PlanIndex, set[str]]:
    """Read everything as a door does; return the index and the schools' phone numbers."""
    root = signing.unb64((home / "keys" / "root.public").read_text().strip())
    key_set = keys.open_key_set((home / "keys" / "keyset.paseto").read_text().strip(), root_public=root)
    verifier = key_set.verifier(at=int(time.time()))
    index = plan.open_index((home / "plan" / plan.INDEX_PATH).read_text(), verifier)
    phones = set()
    for files in index.schools:
        token = (home / "plan" / plan.school_path(files.org, files.plan_sha256)).read_text()
        assert plan.digest(token) == files.plan_sha256
        phones.add(plan.open_school(token, verifier).phone)
        people = (home / "plan" / plan.people_path(files.org, files.people_sha256)).read_text()
        assert plan.digest(people) == files.people_sha256
        plan.open_school((home / "plan" / plan.school_path(files.org)).read_text(), verifier)
    return index, phones


@pytest.mark.slow
def test_killed_at_random_and_three_at_once(tmp_path: Path) -> None:
    run(tmp_path, _SET_UP)
    began = time.monotonic()
    run(tmp_path, _PUBLISH, "publish", "--json")
    takes_seconds = time.monotonic() - began
    chance = random.Random(int(os.environ.get("SEED", "7")))
    version = whole(tmp_path)[0].version
    for number in range(5):
        run(tmp_path, _CHANGE, str(number))
        publisher = python(tmp_path, _PUBLISH, "publish")
        time.sleep(takes_seconds * chance.uniform(0.6, 1.1))
        publisher.kill()
        publisher.communicate(timeout=10)
        index, phones = whole(tmp_path)
        assert index.version >= version
        assert len(phones) == 1, "never schools of two versions"
        version = index.version
    run(tmp_path, _CHANGE, "last")
    three = [python(tmp_path, _PUBLISH, "publish", "--json") for _ in range(3)]
    said = [json.loads(one.communicate(timeout=100)[0]) for one in three]
    assert [one.returncode for one in three] == [0, 0, 0]
    assert len({answer["version"] for answer in said}) == 1, "the first writes it, the others find nothing changed"
    index, phones = whole(tmp_path)
    assert phones == {"last"}
    assert index.version == said[0]["version"] > version
    assert not list((tmp_path / "plan").rglob("*.partial"))
