"""The nightly reconcile: whatever is missing here though a door has it comes to light, and comes here."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client

from schoolday.lib import clock, ids
from schoolday.office.attendance import spools
from schoolday.office.attendance.commands import evidence
from schoolday.office.attendance.drain import drain_door
from schoolday.office.attendance.models import DoorCursor, EvidenceEvent, RefusedEvidence, RegisterEntry
from schoolday.office.attendance.reconcile import VERB, Nightly, Reconciled, reconcile_door
from schoolday.office.attendance.spools import DoorTrouble
from schoolday.office.console.views.health import metrics_token
from schoolday.office.people.models import AuditEntry
from tests.cast import Cast
from tests.office.attendance.day import entry_of, event, meet
from tests.office.attendance.spool_server import FakeDoor, serve


@pytest.fixture
def door() -> Iterator[FakeDoor]:
    with serve(FakeDoor()) as door:
        yield door


def reconciled(door: FakeDoor, *, days: int = 3) -> Reconciled:
    client = door.client()
    try:
        return reconcile_door(client, days=days)
    finally:
        client.close()


def drain(door: FakeDoor) -> None:
    client = door.client()
    drain_door(client)
    client.close()


def test_where_nothing_is_missing_nothing_is_done(cast: Cast, door: FakeDoor) -> None:
    meeting = meet(cast.section)
    door.put(ids.new_event_id(), *(event("entered", cast.student, meeting, n) for n in range(7)))
    drain(door)
    for _ in range(2):
        assert reconciled(door) == Reconciled(spools=1, checked=7)
    assert AuditEntry.objects.filter(verb=VERB, subject_id="d1").count() == 2


def test_what_is_missing_comes_back_and_is_in_the_register(
    cast: Cast, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spools, "EVENTS_IN_ONE_PAGE", 5)
    meeting = meet(cast.section)
    sent = [event("entered", person, meeting, n) for n in range(10) for person in (cast.student, cast.twin)]
    door.put(ids.new_event_id(), *sent)
    drain(door)
    EvidenceEvent.objects.filter(id__in=[uuid.UUID(one.id) for one in sent[:12]]).delete()  # a backup was restored
    RegisterEntry.objects.all().delete()
    found = reconciled(door)
    assert (found.checked, found.missing, found.brought, found.alarming) == (20, 12, 12, True)
    assert EvidenceEvent.objects.count() == 20
    assert entry_of(meeting, cast.student).status == "present"
    assert reconciled(door) == Reconciled(spools=1, checked=20)
    first, last = AuditEntry.objects.filter(verb=VERB).order_by("id").values_list("detail", flat=True)
    assert (first["missing"], last["missing"]) == (12, 0)


def test_what_the_drain_has_yet_to_take_is_not_missing(cast: Cast, door: FakeDoor) -> None:
    spool = ids.new_event_id()
    door.put(spool, event("tried", cast.student, None))
    assert reconciled(door) == Reconciled(), "a spool the drain never saw is the drain's"
    drain(door)
    door.put(spool, event("tried", cast.student, None), event("tried", cast.student, None))
    assert reconciled(door) == Reconciled(spools=1, checked=1)


def test_refused_ones_are_counted_each_time_and_kept_once(cast: Cast, door: FakeDoor) -> None:
    spool = ids.new_event_id()
    forged = event("teacher_mark", cast.student, meet(cast.section), by=cast.student.id, status="present")
    door.put(spool, forged)
    door.spools[spool].append(b'"no event at all"')
    drain(door)
    for _ in range(2):
        assert reconciled(door) == Reconciled(spools=1, checked=2, refused=2)
    assert RefusedEvidence.objects.count() == 2


def test_an_event_that_is_another_here_is_said(cast: Cast, door: FakeDoor) -> None:
    meeting = meet(cast.section)
    mine = event("entered", cast.student, meeting)
    door.put(ids.new_event_id(), mine)
    drain(door)
    EvidenceEvent.objects.update(person_id=cast.twin.id)
    found = reconciled(door)
    assert (found.different, found.missing, found.alarming) == (1, 0, True)


def test_a_spool_that_has_less_than_was_drained_is_said(cast: Cast, door: FakeDoor) -> None:
    spool = ids.new_event_id()
    door.put(spool, *(event("tried", cast.student, None) for _ in range(3)))
    drain(door)
    del door.spools[spool][1:]
    assert reconciled(door) == Reconciled(spools=1, checked=1, short=1)


def test_old_spools_are_left_alone(cast: Cast, door: FakeDoor) -> None:
    door.put(ids.new_event_id(), event("tried", cast.student, None))
    drain(door)
    with clock.shifted(timedelta(days=5)):
        door.any_mac = True
        assert reconciled(door).spools == 0
        assert reconciled(door, days=6).spools == 1


def test_a_dead_door_is_trouble_and_no_audit(db: None) -> None:
    with pytest.raises(DoorTrouble):
        reconciled(FakeDoor(url="http://127.0.0.1:9"))
    assert not AuditEntry.objects.filter(verb=VERB).exists()


@pytest.mark.parametrize(("hour", "done"), [(8, 0), (17, 0), (19, 1), (23, 1)])
def test_it_is_done_at_night_and_once(cast: Cast, door: FakeDoor, hour: int, done: int) -> None:
    door.any_mac = True
    client = door.client()
    nightly = Nightly(client)
    new_york = datetime(2026, 9, 1, hour, tzinfo=UTC) + timedelta(hours=4)
    for later in (timedelta(), timedelta(minutes=30)):
        with clock.at(new_york + later):
            nightly()
    assert AuditEntry.objects.filter(verb=VERB).count() == done
    with clock.at(datetime(2026, 9, 2, 3, tzinfo=UTC) + timedelta(hours=4)):  # before dawn: the same night
        nightly()
    assert AuditEntry.objects.filter(verb=VERB).count() == 1
    with clock.at(datetime(2026, 9, 2, 19, tzinfo=UTC) + timedelta(hours=4)):
        nightly()
    assert AuditEntry.objects.filter(verb=VERB).count() == 2
    client.close()


def test_its_numbers_are_in_the_metrics(cast: Cast, door: FakeDoor) -> None:
    door.put(ids.new_event_id(), event("tried", cast.student, None))
    drain(door)
    EvidenceEvent.objects.all().delete()
    reconciled(door)
    told = Client().get("/office/metrics", headers={"Authorization": f"Bearer {metrics_token()}"}).content.decode()
    assert 'schoolday_reconcile_missing{door="d1"} 1.0' in told
    assert 'schoolday_reconcile_at{door="d1"}' in told


def test_the_command(cast: Cast, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "DOORS_DRAIN", {"d1": door.url, "d9": "http://127.0.0.1:9"})
    door.put(ids.new_event_id(), event("tried", cast.student, None))
    drain(door)
    one = CliRunner().invoke(evidence, ["reconcile", "--door", "d1", "--json"])
    assert (one.exit_code, json.loads(one.output)["d1"]["checked"]) == (0, 1)
    both = CliRunner().invoke(evidence, ["reconcile"])
    assert both.exit_code == 1
    assert "d1: spools 1, checked 1, missing 0" in both.output
    assert "d9: trouble Door d9 does not answer" in both.output
    nobody = CliRunner().invoke(evidence, ["reconcile", "--door", "d7"])
    assert nobody.exit_code == 1
    assert "DOORS_DRAIN knows no door d7" in nobody.output


def test_one_spool_that_is_not_given_holds_up_no_other(cast: Cast, door: FakeDoor) -> None:
    """The drain, too: what a door says of one spool is no reason to leave the others."""
    bad, good = ids.new_event_id(), ids.new_event_id()
    door.put(bad, event("tried", cast.student, None))
    door.put(good, event("tried", cast.student, None))
    door.withheld = bad
    with pytest.raises(DoorTrouble, match="status 503"):
        drain(door)
    assert EvidenceEvent.objects.count() == 1
    assert reconciled(door) == Reconciled(spools=1, checked=1)
    door.withheld = ""
    drain(door)
    assert EvidenceEvent.objects.count() == 2
    assert DoorCursor.objects.count() == 2
