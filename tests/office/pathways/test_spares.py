"""Spare tickets: what a device can do with its bundle alone, and that a removed child finds an empty place."""

import json
from datetime import timedelta

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from livekit import api as livekit

from schoolday.contracts.bundle import Bundle
from schoolday.contracts.proofs import thumbprint
from schoolday.lib import clock, signing
from schoolday.live import seats
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.models import Denial
from schoolday.office.signin import actions
from tests.cast import Cast, enroll, make_person, make_section
from tests.figures import say
from tests.office.pathways.devices import Tablet, name_in, open_with, place_of, places
from tests.office.pathways.plans import Reader
from tests.office.signin.devices import day_header, key_json, new_key

pytestmark = pytest.mark.django_db


def test_a_spare_ticket_for_each_meeting_of_the_plan(belled: Cast, reader: Reader) -> None:
    publish_plan()
    tablet = Tablet(belled.student)
    bundle = tablet.fetch()
    meetings = {meeting.id: meeting for meeting in reader.section(belled.section.id).meetings}
    assert [spare.meeting for spare in bundle.spares] == list(meetings)
    assert {node.id for node in bundle.live} == {"n1", "n2"}
    for spare in bundle.spares:
        meeting = meetings[spare.meeting]
        assert spare.section == belled.section.id
        assert (spare.nbf, spare.exp) == (meeting.starts_at - 600, meeting.starts_at + 1200)
        assert (spare.nodes, spare.turn) == (meeting.nodes, 0)
        assert spare.identity == seats.identity(belled.student.id, thumbprint(tablet.key))
        assert name_in(spare) == place_of(meeting)
        claims = json.loads(signing.unb64(spare.token.split(".")[1]))
        assert (claims["nbf"], claims["exp"], claims["sub"]) == (spare.nbf, spare.exp, spare.identity)
        assert claims["attributes"] == {"meeting": spare.meeting, "role": "student"}
        assert "roomAdmin" not in claims["video"]


def test_the_live_servers_own_library_takes_it(belled: Cast) -> None:
    publish_plan()
    (spare, _) = Tablet(belled.student).fetch().spares
    known = settings.SCHOOLDAY
    verifier = livekit.TokenVerifier(known["LIVE_API_KEY"], known["LIVE_API_SECRET"], leeway=timedelta(days=3650))
    claims = verifier.verify(spare.token)
    assert claims.identity == spare.identity
    assert claims.video is not None
    assert claims.video.room == name_in(spare)


def test_roles(belled: Cast) -> None:
    aide = make_person("an.aide", "An", "Aide", "aide", belled.school)
    enroll(belled.section, aide, "aide")
    publish_plan()
    roles = {}
    for person in (belled.student, belled.teacher, aide):
        claims = json.loads(signing.unb64(Tablet(person).fetch().spares[0].token.split(".")[1]))
        roles[claims["attributes"]["role"]] = claims["video"].get("roomAdmin", False)
    assert roles == {"student": False, "teacher": True, "aide": False}


def test_only_her_own_meetings(belled: Cast) -> None:
    publish_plan()
    sections = {spare.section for spare in Tablet(belled.other_student).fetch().spares}
    assert sections == {belled.other_section.id}
    for person in (belled.guardian, belled.operator, belled.principal):
        assert Tablet(person).fetch().spares == ()


def test_nothing_is_published_or_the_days_are_over(belled: Cast) -> None:
    assert Tablet(belled.student).fetch().spares == ()
    publish_plan()
    with clock.shifted(timedelta(days=1, hours=1, minutes=49)):
        assert len(Tablet(belled.student).fetch().spares) == 1
    with clock.shifted(timedelta(days=1, hours=1, minutes=51)):
        assert Tablet(belled.student).fetch().spares == (), "20 minutes after the start of the last"


@pytest.mark.parametrize("how", ["badge", "let_in"])
def test_who_came_by_badge_gets_none(belled: Cast, client: Client, how: str) -> None:
    publish_plan()
    key = new_key()
    headers = day_header(belled.student, key, how=how)
    answer = client.post("/api/bundle", key_json(key), content_type="application/json", headers=headers)
    bundle = msgspec.json.decode(answer.content, type=Bundle)
    assert bundle.pass_ is None
    assert bundle.spares == ()
    assert bundle.live == ()


def test_it_is_small_and_costs_the_same_queries(belled: Cast) -> None:
    def queries(tablet: Tablet) -> int:
        with CaptureQueriesContext(connection) as captured:
            tablet.fetch()
        return len(captured)

    tablet = Tablet(belled.student)
    publish_plan()
    tablet.fetch()
    before = queries(tablet)
    for period in ("2", "3", "4", "1"):
        enroll(make_section(belled.school, f"Period {period}", periods=period), belled.student, "student")
    publish_plan()
    assert queries(tablet) == before
    bundle = tablet.fetch()
    assert len(bundle.spares) == 10
    size = len(msgspec.json.encode(bundle.spares))
    say("spare-size", f"5 lessons on 2 days: {size} bytes, in a bundle of {len(msgspec.json.encode(bundle))}")
    assert size < 10_000


def test_a_child_taken_out_finds_an_empty_place(belled: Cast, reader: Reader) -> None:
    publish_plan()
    removed, stays = Tablet(belled.student), Tablet(belled.twin)
    hers = removed.fetch()
    stays.fetch()
    assert open_with(reader, hers) == 2
    belled.student.enrollments.update(is_active=False)
    publish_plan()
    assert reader.index().deny.removed == ((belled.student.id, belled.section.id),)
    assert open_with(reader, hers) == 0
    assert open_with(reader, stays.fetch()) == 2, "her classmates know the new place with their next bundle"
    assert removed.fetch().spares == ()


def test_a_second_plan_moves_nobody_again(belled: Cast, reader: Reader) -> None:
    publish_plan()
    Tablet(belled.student).fetch()
    belled.student.enrollments.update(is_active=False, gone_at=clock.now())
    version, before = publish_plan().version, places(reader)
    for _ in range(3):
        assert publish_plan().version == version
    with clock.shifted(timedelta(days=1)):
        publish_plan()
        assert {meeting.turn for meeting in reader.section(belled.section.id).meetings} == {
            meeting.turn for meeting in reader.section(belled.section.id).meetings[:1]
        }
        assert len(places(reader) & before) == 2, "tomorrow's first day was in the plan of yesterday, in the same place"


def test_taken_out_put_back_and_taken_out_between_two_plans(belled: Cast, reader: Reader) -> None:
    publish_plan()
    tablet = Tablet(belled.student)
    first = tablet.fetch()
    belled.student.enrollments.update(is_active=False)
    publish_plan()
    belled.student.enrollments.update(is_active=True)
    second = tablet.fetch()  # no plan has seen that she was back
    assert open_with(reader, second) == 2
    belled.student.enrollments.update(is_active=False)
    publish_plan()
    assert open_with(reader, first) == open_with(reader, second) == 0


def test_who_left_by_badge_only_moves_the_class_once(belled: Cast, reader: Reader) -> None:
    publish_plan()
    before = places(reader)
    belled.student.enrollments.update(is_active=False, gone_at=clock.now())
    publish_plan()
    after = places(reader)
    assert len(before & after) == 2, "the other school's two meetings stay"
    with clock.shifted(timedelta(minutes=5)):
        publish_plan()
        assert places(reader) == after


@pytest.mark.parametrize("what", ["badge", "device", "left", "denied", "below_epoch"])
def test_every_way_out_leads_into_an_empty_place(belled: Cast, reader: Reader, what: str) -> None:
    publish_plan()
    tablet = Tablet(belled.student)
    hers = tablet.fetch()
    common = {"reason": "asked", "made_at": clock.now(), "until": clock.now() + timedelta(days=9)}
    if what == "badge":
        actions.new_badge(belled.student, actor=None)
    elif what == "device":
        actions.take_away(tablet.device, actor=belled.principal)
    elif what == "left":
        type(belled.student).objects.filter(id=belled.student.id).update(is_active=False)
    elif what == "denied":
        Denial.objects.create(person=belled.student, section=belled.section, **common)
        assert tablet.fetch().spares == (), "from now on"
    else:
        Denial.objects.create(person=belled.student, below_epoch=1, **common)
        assert tablet.fetch().spares == ()
    publish_plan()
    assert open_with(reader, hers) == 0
    assert len(places(reader)) == 4


def test_a_student_who_wipes_her_browser_all_morning_moves_nobody(belled: Cast, reader: Reader) -> None:
    publish_plan()
    before = places(reader)
    for _ in range(actions.DEVICES_PER_PERSON + 3):
        Tablet(belled.student).fetch()
    publish_plan()
    assert len(reader.index().deny.jtis) == 3
    assert places(reader) == before


def test_a_pass_that_is_over_moves_nobody(belled: Cast, reader: Reader) -> None:
    publish_plan()
    Tablet(belled.student).fetch()
    with clock.shifted(timedelta(days=40)):
        belled.student.enrollments.update(is_active=False)
        publish_plan()
        assert {meeting.turn for meeting in reader.section(belled.section.id).meetings} == {0}


def test_ended_or_taken_out_while_the_pass_is_being_made(belled: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_plan()
    tablet = Tablet(belled.student)
    client = Client()
    give = actions.give_pass

    def ended_first(*args: object, **kwargs: object) -> object:
        actions.raise_epoch(type(belled.student).objects.get(id=belled.student.id))
        return give(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came

    def taken_out_after(*args: object, **kwargs: object) -> object:
        device = give(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        belled.student.enrollments.update(is_active=False)
        return device

    for meanwhile in (ended_first, taken_out_after):
        client.force_login(type(belled.student).objects.get(id=belled.student.id))
        monkeypatch.setattr(actions, "give_pass", meanwhile)
        answer = client.post("/api/bundle", key_json(tablet.key), content_type="application/json")
        assert answer.status_code == 503
        assert answer.json()["code"] == "changed_meanwhile"
    monkeypatch.undo()
    assert tablet.fetch().spares == ()
