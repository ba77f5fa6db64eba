"""The deny list: whatever a pass says, at the next plan it opens no more than the roster does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolday.contracts.plan import Deny
from schoolday.lib import clock
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.denials import deny_list
from schoolday.office.pathways.models import Denial
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.signin import actions
from schoolday.office.signin.models import Device
from tests.cast import Cast, enroll, make_person
from tests.office.pathways.plans import Reader

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = date(2026, 9, 14), date(2026, 9, 15)
UNTIL = datetime(2026, 9, 24, 4, tzinfo=UTC)


def give_pass(person: Person, *sections: Section, until: datetime = UNTIL, thumbprint: str = "t") -> Device:
    device = Device.objects.create(
        person=person, thumbprint=thumbprint, key_x="x", key_y="y", made_at=clock.now(), seen_at=clock.now(),
        pass_jti=f"jti-{person.id}-{thumbprint}",
    )  # fmt: skip
    actions.note_pass(device, sections=[section.id for section in sections], until=until)
    return device


def denied() -> Deny:
    return deny_list(TODAY, TOMORROW)


def test_on_a_calm_day_nobody_is_denied(cast: Cast) -> None:
    give_pass(cast.student, cast.section)
    give_pass(cast.teacher, cast.section)
    assert denied() == Deny()


def test_who_was_taken_out_of_a_class(cast: Cast) -> None:
    for person in (cast.student, cast.teacher):
        give_pass(person, cast.section)
        person.enrollments.update(is_active=False)
    pairs = {(cast.student.id, cast.section.id), (cast.teacher.id, cast.section.id)}
    assert set(denied().removed) == pairs
    cast.teacher.enrollments.update(is_active=True)
    assert denied().removed == ((cast.student.id, cast.section.id),), "who is back is let in again"
    with clock.at(UNTIL + timedelta(seconds=1)):
        assert denied() == Deny(), "no pass opens it any more"


def test_who_ends_today_or_whose_class_is_gone(cast: Cast) -> None:
    give_pass(cast.student, cast.section)
    cast.student.enrollments.update(ends_on=TODAY)
    assert denied().removed == ((cast.student.id, cast.section.id),)
    cast.student.enrollments.update(ends_on=date(2026, 9, 16))
    assert denied().removed == ()
    Section.objects.filter(id=cast.section.id).update(is_active=False)
    assert denied().removed == ((cast.student.id, cast.section.id),)


def test_an_earlier_pass_counts_as_long_as_it_is_good(cast: Cast) -> None:
    device = give_pass(cast.student, cast.section)
    cast.student.enrollments.update(is_active=False)
    later = UNTIL + timedelta(days=2)
    actions.note_pass(device, sections=[], until=later)
    assert denied().removed == ((cast.student.id, cast.section.id),)
    with clock.at(UNTIL + timedelta(seconds=1)):
        assert denied() == Deny()


def test_who_left_the_district(cast: Cast) -> None:
    give_pass(cast.student, cast.section)
    Person.objects.filter(id__in=(cast.student.id, cast.twin.id)).update(is_active=False)
    found = denied()
    assert found.epochs == {cast.student.id: 1}, "above every epoch that her passes have; her twin has none"
    assert found.removed == ()


def test_a_new_badge_and_a_device_taken_away(cast: Cast) -> None:
    device = give_pass(cast.twin, cast.section)
    actions.new_badge(cast.student, actor=None)
    assert denied().epochs == {cast.student.id: 1}, "also without a pass: a badge opens day sessions"
    actions.remove_device(device)
    assert denied().jtis == (device.pass_jti,)
    with clock.at(datetime(2026, 9, 16, tzinfo=UTC)):
        assert denied().epochs == {}
        assert denied().jtis == (device.pass_jti,)
    with clock.at(UNTIL + timedelta(seconds=1)):
        assert denied() == Deny()


def test_a_day_session_of_this_morning_is_denied_too(cast: Cast) -> None:
    cast.student.enrollments.update(is_active=False, gone_at=clock.now())
    assert denied().removed == ((cast.student.id, cast.section.id),)
    with clock.shifted(timedelta(hours=37)):
        assert denied().removed == ()


def test_a_person_said_so(cast: Cast) -> None:
    common = {"reason": "asked by the office", "made_at": clock.now(), "until": UNTIL}
    Denial.objects.create(person=cast.student, section=cast.section, **common)
    Denial.objects.create(person=cast.twin, below_epoch=3, **common)
    Denial.objects.create(person=cast.teacher, below_epoch=1, **{**common, "until": clock.now() - timedelta(hours=1)})
    found = denied()
    assert found.removed == ((cast.student.id, cast.section.id),)
    assert found.epochs == {cast.twin.id: 3}


def test_it_reaches_the_plan(belled: Cast, reader: Reader) -> None:
    give_pass(belled.student, belled.section)
    first = publish_plan()
    assert reader.index().deny == Deny()
    belled.student.enrollments.update(is_active=False)
    assert publish_plan().version > first.version
    assert reader.index().deny.removed == ((belled.student.id, belled.section.id),)


def test_queries_do_not_grow_with_people(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            denied()
        return len(captured)

    give_pass(cast.student, cast.section)
    before = queries()
    for number in range(3):
        kid = make_person(f"kid{number}", "Kid", "Many", "student", cast.school)
        enroll(cast.section, kid, "student")
        give_pass(kid, cast.section, thumbprint="a")
        give_pass(kid, cast.section, thumbprint="b")
    assert queries() == before
