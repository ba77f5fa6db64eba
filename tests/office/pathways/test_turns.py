"""Turns, in whatever order and whatever is killed: who was taken out holds no ticket to where somebody is."""

import contextlib
import json
import os
import random
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, seed, strategies
from hypothesis import settings as hypothesis_settings

from schoolday.contracts.bundle import Spare
from schoolday.lib import clock
from schoolday.office.pathways import actions as publishing
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.people.models import Person
from schoolday.office.signin import actions, turns
from schoolday.office.signin.models import Device, SectionTurn
from tests.cast import Cast
from tests.figures import full_form
from tests.office.pathways.devices import Tablet, name_in, places
from tests.office.pathways.plans import Reader, empty_plan_folder
from tests.office.pathways.test_publish_processes import _SET_UP, python, run, whole

ACTS = ("fetch", "remove", "put_back", "badge", "device", "publish", "killed", "later")


class Killed(BaseException):
    """What no code catches, as a SIGKILL."""


@dataclass
class Held:
    """The spare tickets of one bundle in somebody's hands. `dead`: she must find nobody with them."""

    tablet: Tablet
    spares: tuple[Spare, ...]
    dead: bool = False


class Morning:
    """Two children with a tablet each, what they hold, and what happened to them."""

    def __init__(self, cast: Cast, reader: Reader) -> None:
        self.cast, self.reader = cast, reader
        self.tablets = [Tablet(cast.student), Tablet(cast.twin)]
        self.held: list[Held] = []
        self.acts = 0

    def do(self, act: str, who: int) -> None:
        tablet = self.tablets[who]
        person = Person.objects.get(id=tablet.person.id)
        self.acts += 1
        if act == "fetch":
            self.held.append(Held(tablet, tablet.fetch().spares))
        elif act == "remove":
            person.enrollments.filter(is_active=True).update(is_active=False, gone_at=clock.now())
        elif act == "put_back":
            person.enrollments.update(is_active=True, gone_at=None)
        elif act == "badge":
            actions.new_badge(person, actor=None)
            self.died(person)
        elif act == "device":
            for device in Device.objects.filter(person=person):
                actions.take_away(device, actor=self.cast.principal)
            self.died(person)
        elif act == "publish":
            self.publish()
        elif act == "killed":
            self.killed(after=self.acts % 3)

    def died(self, person: Person) -> None:
        for one in self.held:
            one.dead = one.dead or one.tablet.person.id == person.id

    def publish(self) -> None:
        publish_plan()
        for tablet in self.tablets:
            if not tablet.person.enrollments.filter(is_active=True).exists():
                self.died(tablet.person)
        known = places(self.reader)
        for one in self.held:
            for spare in one.spares:
                assert not one.dead or name_in(spare) not in known, "a ticket of somebody taken out leads to a class"
        for tablet in self.tablets:
            hers = tablet.fetch().spares
            self.held.append(Held(tablet, hers))
            assert {name_in(spare) for spare in hers} <= known, "who belongs to the class finds it"
            assert len(hers) == (2 if tablet.person.enrollments.filter(is_active=True).exists() else 0)

    def killed(self, *, after: int) -> None:
        """Kill a publisher: before any turn rose, between the rise and the schools, before the index."""
        at = (
            mock.patch.object(turns, "_at_least", side_effect=Killed),
            mock.patch.object(publishing, "plan_school", side_effect=Killed),
            mock.patch.object(publishing, "_index", side_effect=Killed),
        )[after]
        with at, contextlib.suppress(Killed):
            publish_plan()


@pytest.mark.django_db
@seed(20260914)
@hypothesis_settings(
    max_examples=100 if full_form() else 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=False,
)
@given(strategies.lists(strategies.tuples(strategies.sampled_from(ACTS), strategies.integers(0, 1)), max_size=14))
def test_in_whatever_order(belled: Cast, reader: Reader, acts: list[tuple[str, int]]) -> None:
    empty_plan_folder(reader.folder)
    with transaction.atomic(), clock.at(clock.now()):
        publish_plan()
        morning = Morning(belled, reader)
        turns_seen: dict[str, int] = {}
        for minute, (act, who) in enumerate(acts, start=1):
            with clock.shifted(timedelta(minutes=minute)):
                morning.do(act, who)
            now = dict(SectionTurn.objects.values_list("section_id", "turn"))
            assert all(now.get(section, 0) >= turn for section, turn in turns_seen.items()), "a turn never falls"
            turns_seen = now
        with clock.shifted(timedelta(minutes=20)):
            morning.publish()
            risen = dict(SectionTurn.objects.values_list("section_id", "turn"))
            publish_plan()
            assert dict(SectionTurn.objects.values_list("section_id", "turn")) == risen, "once is enough"
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_rule_by_itself(cast: Cast) -> None:
    mine, other = cast.section.id, cast.other_section.id
    assert turns.leave_behind([{mine: 0}, {mine: 4, other: 0}]) == 2
    assert dict(SectionTurn.objects.values_list("section_id", "turn")) == {mine: 5, other: 1}
    assert turns.leave_behind([{mine: 4, other: 0}]) == 0, "again it changes nothing"
    assert turns.leave_behind([]) == 0
    at = clock.now()
    assert turns.leave_gone({mine: at}) == 1
    assert turns.leave_gone({mine: at}) == turns.leave_gone({mine: at - timedelta(minutes=1)}) == 0
    assert turns.leave_gone({mine: at + timedelta(minutes=1)}) == 1
    assert SectionTurn.objects.get(section=mine).turn == 7


@pytest.mark.skipif(
    "postgres" not in os.environ["DATABASE_URL"], reason="writers of SQLite take turns, and in memory it locks tables"
)
@pytest.mark.django_db(transaction=True)
def test_many_raise_at_once_and_none_is_lost(cast: Cast) -> None:
    """Eight threads raise the turn by one, and as many raise it to a height; every rise counts, none takes one back."""
    heights = list(range(8))
    random.Random(7).shuffle(heights)
    problems: list[Exception] = []

    def work(height: int) -> None:
        try:
            turns.leave_behind([{cast.section.id: height}])
            turns.move_away_from(cast.student.id, [])
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(height,)) for height in heights]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not problems
    assert SectionTurn.objects.get(section=cast.section).turn >= 8


_FETCH = """
import sys, json, django
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
from schoolday.lib import signing
from schoolday.office.people.models import Person
from schoolday.office.signin.bundle import make_bundle
from schoolday.contracts.proofs import DeviceKey, thumbprint
person = Person.objects.get(user_name=sys.argv[1])
key = DeviceKey(x=sys.argv[2], y=sys.argv[2])
bundle = make_bundle(person, key=key, thumbprint=thumbprint(key), with_pass=True)
rooms = [json.loads(signing.unb64(spare.token.split(".")[1]))["video"]["room"] for spare in bundle.spares]
print(json.dumps(rooms))
"""
_TAKE_OUT = """
import sys, django
django.setup()
from schoolday.lib import clock
from schoolday.office.rosters.models import Enrollment
Enrollment.objects.filter(person__user_name=sys.argv[1]).update(is_active=sys.argv[2] == "in")
"""
_PUBLISH = "from schoolday.office.pathways.commands import plan; plan()"
_PLACES = """
import json, sys, django
django.setup()
from schoolday.office.pathways.actions import open_plan_folder
from tests.figures import full_form
from tests.office.pathways.devices import place_of
folder = open_plan_folder()
print(json.dumps([place_of(m) for f in folder.index().schools for s in folder.school(f).sections for m in s.meetings]))
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_publisher_killed_at_random_leaves_no_ticket_behind(tmp_path: Path) -> None:
    """Real processes: a child is taken out, publishers are killed with -9, and the next one must not forget her."""
    run(tmp_path, _SET_UP)
    began = time.monotonic()
    run(tmp_path, _PUBLISH, "publish")
    takes_seconds = time.monotonic() - began
    chance, held = random.Random(11), list[str]()
    for number in range(6 if full_form() else 2):
        run(tmp_path, _TAKE_OUT, "naika.p", "in")
        held += json.loads(run(tmp_path, _FETCH, "naika.p", f"k{number % 2}"))
        run(tmp_path, _TAKE_OUT, "naika.p", "out")
        for _ in range(2):
            publisher = python(tmp_path, _PUBLISH, "publish")
            time.sleep(takes_seconds * chance.uniform(0.5, 1.0))
            publisher.kill()
            publisher.communicate(timeout=10)
            whole(tmp_path)
        run(tmp_path, _PUBLISH, "publish")
        assert held
        assert not set(held) & set(json.loads(run(tmp_path, _PLACES)))
