"""A substitute, an aide, an interpreter, a guest: what they get, when it ends, and who may arrange it."""

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.contracts.bundle import Bundle
from schoolday.contracts.passes import Pass, Place
from schoolday.lib import clock, signing
from schoolday.lib.errors import BadRequest
from schoolday.office.arrangements import actions
from schoolday.office.arrangements.access import Leave, access_arrangement, access_section, search
from schoolday.office.arrangements.actions import AlreadyThere, arrange, end, set_rules
from schoolday.office.arrangements.models import Arrangement
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import AuditEntry, Org, Person
from schoolday.office.rosters.models import Enrollment, Section
from tests.cast import Cast, enroll, make_person
from tests.office.pathways.conftest import MONDAY_7
from tests.office.pathways.devices import Tablet, open_with
from tests.office.pathways.plans import Reader
from tests.office.rosters.files import small_12
from tests.office.rosters.importing import news, person, run

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 14)


def leave_of(who: Person, section: Section) -> Leave:
    return access_section(who, section.id)


def send(cast: Cast, who: Person, kind: str, *, begins_on: date = MONDAY, last_on: date = MONDAY) -> Arrangement:
    leave = leave_of(cast.principal, cast.section)
    return arrange(leave, person_id=who.id, kind=kind, begins_on=begins_on, last_on=last_on, actor=cast.principal)


def pass_in(bundle: Bundle) -> Pass:
    assert bundle.pass_
    return msgspec.json.decode(signing.unb64(bundle.pass_.token.split(".")[2])[:-64], type=Pass)


def test_a_substitute_has_the_class_within_the_next_bundle(belled: Cast) -> None:
    publish_plan()
    tablet = Tablet(belled.other_teacher)
    assert [section.title for section in tablet.fetch().sections] == ["Science 7"]
    send(belled, belled.other_teacher, "substitute")
    bundle = tablet.fetch()
    math = next(section for section in bundle.sections if section.id == belled.section.id)
    assert math.role == "teacher"
    assert [member.comes_as for member in math.members if member.id == belled.other_teacher.id] == ["substitute"]
    assert {member.id for member in math.members} >= {belled.student.id, belled.twin.id, belled.teacher.id}
    opened = pass_in(bundle)
    assert belled.section.id not in opened.sections, "a door that knows no places lets nobody in by them"
    midnight = int(MONDAY_7.timestamp()) - 7 * 3600
    assert opened.places == {belled.section.id: Place("teacher", midnight, midnight + 86_400)}
    assert (math.from_at, math.until_at) == (midnight, midnight + 86_400)
    spares = [spare for spare in bundle.spares if spare.section == belled.section.id]
    assert len(spares) == 1, "the plan has two days, and she comes on one"
    assert belled.other_teacher.id in {
        member.id for section in Tablet(belled.student).fetch().sections for member in section.members
    }


def test_an_aide_of_the_roster_is_no_teacher(belled: Cast) -> None:
    aide = make_person("an.aide", "An", "Aide", "aide", belled.school)
    enroll(belled.section, aide, "aide")
    opened = pass_in(Tablet(aide).fetch())
    assert opened.sections == (belled.section.id,)
    assert opened.places == {belled.section.id: Place("aide")}
    assert pass_in(Tablet(belled.teacher).fetch()).places == {}


@pytest.mark.parametrize(
    ("kind", "role"),
    [("co_teacher", "teacher"), ("aide", "aide"), ("interpreter", "interpreter"), ("visit", "observer")],
)
def test_every_kind_has_its_role(belled: Cast, kind: str, role: str) -> None:
    publish_plan()
    send(belled, belled.other_principal, kind, last_on=MONDAY + timedelta(days=4))
    bundle = Tablet(belled.other_principal).fetch()
    assert bundle.sections[0].role == role
    assert pass_in(bundle).places[belled.section.id].role == role
    assert {spare.section for spare in bundle.spares} == {belled.section.id}


def test_an_observer_guardian_only_where_the_school_allows_it(belled: Cast) -> None:
    with pytest.raises(NotYours):
        send(belled, belled.guardian, "guardian")
    set_rules(belled.school, guardians_may_observe=True, teachers_may_invite=False, actor=belled.principal)
    with pytest.raises(NotYours):
        send(belled, belled.other_guardian, "guardian")  # of no child of this class
    assert Tablet(belled.guardian).fetch().pass_ is None
    send(belled, belled.guardian, "guardian")
    opened = pass_in(Tablet(belled.guardian).fetch())
    assert opened.kind == "guardian"
    assert {place.role for place in opened.places.values()} == {"observer"}


def test_nobody_arranges_a_child_or_a_guardian_as_staff(belled: Cast) -> None:
    for kind in ("substitute", "co_teacher", "aide", "interpreter", "visit"):
        for who in (belled.other_student, belled.guardian):
            with pytest.raises(NotYours):
                send(belled, who, kind)


def test_a_day_ends_by_itself(belled: Cast, reader: Reader) -> None:
    tablet = Tablet(belled.other_teacher)
    send(belled, belled.other_teacher, "substitute")
    tablet.fetch()
    publish_plan()
    with clock.at(MONDAY_7 + timedelta(days=1)):
        publish_plan()
        assert belled.section.id not in {section.id for section in tablet.fetch().sections}
        assert pass_in(tablet.fetch()).places == {}
        assert reader.index().deny.removed == (), "the place in her pass is over: nobody has to be denied"


def test_ended_early_she_is_denied_and_the_class_moves_away(belled: Cast, reader: Reader) -> None:
    tablet = Tablet(belled.other_teacher)
    made = send(belled, belled.other_teacher, "substitute", last_on=MONDAY + timedelta(days=4))
    publish_plan()
    held = tablet.fetch()
    before = open_with(reader, held)
    assert before == 4, "two classes of two days"
    end(access_arrangement(belled.principal, made.id), actor=belled.principal)
    publish_plan()
    assert (belled.other_teacher.id, belled.section.id) in reader.index().deny.removed
    assert open_with(reader, held) == before - 2
    assert belled.section.id not in {section.id for section in tablet.fetch().sections}
    ended = Arrangement.objects.get()
    end(ended, actor=belled.principal)
    assert AuditEntry.objects.filter(verb="arrangement.end").count() == 1, "twice it ends once"


def test_her_device_hears_in_the_morning_that_she_was_sent_for(belled: Cast) -> None:
    def told(who: Person) -> list[str]:
        client = Client()
        client.force_login(who)
        comes_to: list[str] = client.get("/api/me").json()["comes_to"]
        return comes_to

    made = send(belled, belled.other_teacher, "substitute")
    send(
        belled,
        belled.other_principal,
        "visit",
        begins_on=MONDAY + timedelta(days=1),
        last_on=MONDAY + timedelta(days=1),
    )
    assert told(belled.other_teacher) == [belled.section.id]
    assert told(belled.other_principal) == [], "tomorrow"
    for who in (belled.teacher, belled.student, belled.guardian):
        assert told(who) == []
    end(made, actor=belled.principal)
    assert told(belled.other_teacher) == []
    assert Client().get("/api/me").json()["comes_to"] == []


def test_asked_twice_it_is_one(belled: Cast) -> None:
    first = send(belled, belled.other_teacher, "substitute")
    assert send(belled, belled.other_teacher, "substitute") == first
    with pytest.raises(AlreadyThere):
        send(belled, belled.other_teacher, "visit")
    with pytest.raises(AlreadyThere):
        send(belled, belled.teacher, "substitute")
    end(first, actor=belled.principal)
    assert send(belled, belled.other_teacher, "visit") != first
    assert AuditEntry.objects.filter(verb="arrangement.make").count() == 2


@pytest.mark.parametrize(("begins", "last"), [(0, -1), (-1, 0), (-2, -1), (0, 200), (366, 367)])
def test_days_that_make_no_sense(belled: Cast, begins: int, last: int) -> None:
    with pytest.raises(BadRequest):
        send(
            belled,
            belled.other_teacher,
            "substitute",
            begins_on=MONDAY + timedelta(days=begins),
            last_on=MONDAY + timedelta(days=last),
        )


def test_who_may_arrange(belled: Cast) -> None:
    for who in (belled.principal, belled.operator):
        assert "substitute" in leave_of(who, belled.section).kinds
    assert leave_of(belled.teacher, belled.section).kinds == ()
    set_rules(belled.school, guardians_may_observe=False, teachers_may_invite=True, actor=belled.principal)
    leave = leave_of(belled.teacher, belled.section)
    assert set(leave.kinds) == {"aide", "interpreter", "visit"}
    with pytest.raises(NotYours):
        actions.arrange(
            leave,
            person_id=belled.other_teacher.id,
            kind="substitute",
            begins_on=MONDAY,
            last_on=MONDAY,
            actor=belled.teacher,
        )
    made = send(belled, belled.other_teacher, "substitute")
    with pytest.raises(NotYours):
        access_arrangement(belled.teacher, made.id)  # a teacher does not end the office's substitute
    outsiders = (
        belled.other_principal, belled.other_teacher, belled.student, belled.guardian, belled.other_guardian,
    )  # fmt: skip
    for who in outsiders:
        with pytest.raises(NotYours):
            leave_of(who, belled.section)
        with pytest.raises(NotYours):
            access_arrangement(who, made.id)


def test_finding_by_name_or_mail(belled: Cast) -> None:
    Person.objects.filter(id=belled.other_teacher.id).update(email="c.okafor@example.org")
    leave = leave_of(belled.principal, belled.section)
    for words in ("okafor", "Chidi Oka", "c.okafor@example.org", "c.okafor"):
        assert search(leave, "substitute", words) == [belled.other_teacher]
    assert search(leave, "substitute", "pierre") == [], "children and guardians are not found"


def test_a_roster_that_comes_again_ends_nothing(tmp_path: Path) -> None:
    run(small_12(), tmp_path)
    section = Section.objects.get(sourced_id="k1")
    operator, who = person("u-reyes"), person("u-stone")
    with clock.at(MONDAY_7):
        today = access_section(operator, section.id).on
        leave = Leave(section, today, ("substitute",), is_office=True)
        made = arrange(
            leave,
            person_id=who.id,
            kind="substitute",
            begins_on=today,
            last_on=today + timedelta(days=9),
            actor=operator,
        )
        for accept in (False, True):
            assert news(run(small_12(), tmp_path, accept_deletes=accept)) == {}
    assert Enrollment.objects.get(arrangement=made).is_active


def test_the_bundle_takes_as_many_queries_for_three_substitutions_as_for_one(belled: Cast) -> None:
    tablet = Tablet(belled.other_teacher)
    tablet.fetch()
    counts = []
    for number in (1, 3):
        for other in range(number):
            school = belled.school
            section = Section.objects.create(
                sourced_id=f"more-{number}-{other}",
                title=f"Art {number}{other}",
                school=school,
                course=belled.section.course,
            )
            leave = leave_of(belled.principal, section)
            arrange(
                leave,
                person_id=belled.other_teacher.id,
                kind="substitute",
                begins_on=MONDAY,
                last_on=MONDAY,
                actor=belled.principal,
            )
        tablet.fetch()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tablet.fetch()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_somebody_of_the_district_alone_can_be_a_substitute(belled: Cast) -> None:
    pool = make_person("sub.pool", "Sam", "Pool", "teacher", Org.objects.get(id=belled.district.id))
    send(belled, pool, "substitute")
    assert pass_in(Tablet(pool).fetch()).places[belled.section.id].role == "teacher"
