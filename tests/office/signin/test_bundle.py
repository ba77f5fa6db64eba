"""The bundle: who is in it, the pass it carries, and whom it refuses."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.contracts import keys as key_contract
from schoolday.contracts import passes
from schoolday.contracts.bundle import Bundle
from schoolday.contracts.passes import Pass
from schoolday.contracts.proofs import DeviceKey, thumbprint
from schoolday.lib import clock, signing
from schoolday.office.people.models import Person
from schoolday.office.signin import actions
from schoolday.office.signin.keys import KeyFolder
from schoolday.office.signin.models import Device, RevokedPass
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.signin.devices import Answer, day_header, key_json, new_key

pytestmark = pytest.mark.django_db
MONDAY_7 = datetime(2026, 9, 14, 11, tzinfo=UTC)  # 7:00 in New York


@pytest.fixture(autouse=True)
def _on_a_monday_morning() -> "object":
    with clock.at(MONDAY_7):
        yield


def ask(client: Client, key: DeviceKey, **headers: str) -> Answer:
    return client.post("/api/bundle", key_json(key), content_type="application/json", headers=headers)


def bundle_of(person: Person, key: DeviceKey | None = None) -> Bundle:
    client = Client()
    client.force_login(person)
    answer = ask(client, key or new_key())
    assert answer.status_code == 200, answer.content
    return msgspec.json.decode(answer.content, type=Bundle)


def pass_of(bundle: Bundle, keys: KeyFolder) -> Pass:
    """Open the pass as a door does: root key, key set, tag, signature."""
    assert bundle.pass_
    root = signing.unb64(bundle.root_public)
    key_set = key_contract.open_key_set(keys.key_set_token(), root_public=root)
    secret = settings.SCHOOLDAY["CELL_SECRET"]
    day = bundle.pass_.tag.partition(".")[0]
    assert passes.tag_fits(bundle.pass_.token, bundle.pass_.tag, key_of_day=passes.tag_key(secret, day))
    verifier = key_set.verifier(at=clock.now_seconds())
    return passes.open_pass(bundle.pass_.token, verifier, kinds=frozenset({"student", "teacher", "operator"}))


def test_a_student_gets_her_class_and_a_pass_for_this_device(cast: Cast, keys: KeyFolder) -> None:
    key = new_key()
    bundle = bundle_of(cast.student, key)
    assert bundle.person.kind == "student"
    assert [section.id for section in bundle.sections] == [cast.section.id]
    members = bundle.sections[0].members
    assert [member.role for member in members] == ["teacher", "student", "student"]
    assert len({member.name for member in members}) == 3, "twins of one name are told apart"
    assert bundle.schools == (cast.school.id,)
    assert bundle.doors
    assert bundle.plan_hosts
    opened = pass_of(bundle, keys)
    assert (opened.iss, opened.sub, opened.kind, opened.org) == ("demo", cast.student.id, "student", cast.school.id)
    assert opened.sections == (cast.section.id,)
    assert opened.cnf == thumbprint(key)
    assert opened.cohort == "6-8"
    assert opened.doors == tuple(door.id for door in bundle.doors)
    # Monday to Friday, until midnight in New York; then Monday to Wednesday in grace.
    assert datetime.fromtimestamp(opened.exp, UTC) == datetime(2026, 9, 19, 4, tzinfo=UTC)
    assert datetime.fromtimestamp(opened.grace, UTC) == datetime(2026, 9, 24, 4, tzinfo=UTC)
    assert opened.nbf < clock.now_seconds()


def test_who_else_gets_what(cast: Cast, keys: KeyFolder) -> None:
    teacher = bundle_of(cast.teacher)
    assert pass_of(teacher, keys).kind == "teacher"
    assert len(teacher.sections[0].members) == 3

    guardian = bundle_of(cast.guardian)
    assert guardian.pass_ is None
    assert guardian.sections == ()
    assert {child.id for child in guardian.children} == {cast.student.id, cast.twin.id}
    assert len({child.name for child in guardian.children}) == 2
    assert all(section.members == () for child in guardian.children for section in child.sections)
    assert guardian.schools == (cast.school.id,)

    principal = bundle_of(cast.principal)
    assert pass_of(principal, keys).kind == "operator"
    assert principal.person.duty == (cast.school.id,), "of her own school, for nobody made another list"
    operator = bundle_of(cast.operator)
    of_the_district = pass_of(operator, keys)  # for the desk at the doors: it is of no school, and opens no class
    assert (of_the_district.kind, of_the_district.org, of_the_district.sections) == ("operator", cast.district.id, ())
    assert operator.spares == ()
    assert operator.person.duty == ()
    for office in (principal, operator):
        assert office.person.staff_pages is True
        assert office.sections == ()
        assert office.spares == ()


def test_nobody_sees_another_section(cast: Cast) -> None:
    everything = msgspec.json.encode(bundle_of(cast.other_student)).decode()
    for stranger in (cast.student, cast.twin, cast.teacher, cast.guardian):
        assert stranger.id not in everything
    everything = msgspec.json.encode(bundle_of(cast.other_guardian)).decode()
    assert cast.student.id not in everything
    assert cast.other_student.id in everything


def test_strangers_are_refused(cast: Cast, client: Client) -> None:
    key = new_key()
    assert ask(client, key).status_code == 401
    assert ask(client, key, Authorization="Day ds1.20260914.xx.yy").status_code == 401
    assert ask(client, key, Authorization="Day nonsense").status_code == 401
    Person.objects.filter(id=cast.student.id).update(is_active=False)
    assert ask(client, key, **day_header(cast.student, key)).status_code == 401


def test_the_cookie_needs_the_csrf_token_and_the_day_session_does_not(cast: Cast, browser: Client) -> None:
    browser.force_login(cast.student)
    key = new_key()
    refused = ask(browser, key)
    assert refused.status_code == 403
    assert refused.json()["code"] == "csrf"
    browser.get("/api/me")
    token = browser.cookies["csrftoken"].value
    assert ask(browser, key, **{"X-CSRFToken": token}).status_code == 200
    assert ask(Client(enforce_csrf_checks=True), key, **day_header(cast.student, key)).status_code == 200


def test_a_day_session_renews_the_pass_of_its_own_device_only(cast: Cast, client: Client, keys: KeyFolder) -> None:
    key = new_key()
    answer = ask(client, key, **day_header(cast.student, key))
    assert pass_of(msgspec.json.decode(answer.content, type=Bundle), keys).cnf == thumbprint(key)
    assert ask(client, new_key(), **day_header(cast.student, key)).status_code == 401


@pytest.mark.parametrize("how", ["badge", "let_in"])
def test_a_badge_is_for_today_it_brings_names_and_no_pass(cast: Cast, client: Client, how: str) -> None:
    key = new_key()
    answer = ask(client, key, **day_header(cast.student, key, how=how))
    bundle = msgspec.json.decode(answer.content, type=Bundle)
    assert bundle.pass_ is None
    assert len(bundle.sections[0].members) == 3
    assert not Device.objects.exists()


def test_day_sessions_that_the_office_no_longer_agrees_with(cast: Cast, client: Client) -> None:
    key = new_key()
    old = day_header(cast.student, key)
    for bad in (
        day_header(cast.student, key, grace=True),
        day_header(cast.student, key, kind="drill"),
        day_header(cast.student, key, exp=clock.now_seconds() - 1),
    ):
        assert ask(client, key, **bad).status_code == 401
    actions.new_badge(cast.student, actor=None)
    assert ask(client, key, **old).status_code == 401
    RevokedPass.objects.create(jti="gone", until=clock.now() + timedelta(days=9), revoked_at=clock.now())
    assert ask(client, key, **day_header(cast.student, key, jti="gone")).status_code == 401


def test_a_key_that_is_none(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    good = new_key()
    for bad in (DeviceKey(x="", y=""), DeviceKey(x=good.x, y=good.x), DeviceKey(x=good.x + "=", y=good.y)):
        answer = ask(client, bad)
        assert answer.status_code == 400
        assert answer.json()["code"] == "bad_request"
    assert not Device.objects.exists()


def test_all_passes_of_a_device_have_one_serial_and_the_eleventh_device_pushes_one_out(
    cast: Cast, keys: KeyFolder
) -> None:
    first = new_key()
    one, again = pass_of(bundle_of(cast.student, first), keys), pass_of(bundle_of(cast.student, first), keys)
    assert one.jti == again.jti
    for minutes in range(1, actions.DEVICES_PER_PERSON + 1):
        with clock.shifted(timedelta(minutes=minutes)):
            bundle_of(cast.student)
    assert Device.objects.filter(person=cast.student).count() == actions.DEVICES_PER_PERSON
    assert not Device.objects.filter(thumbprint=thumbprint(first)).exists()
    assert RevokedPass.objects.get().jti == one.jti
    back = pass_of(bundle_of(cast.student, first), keys)
    assert back.jti != one.jti, "the device may come back by signing on; its old passes stay dead"


def test_siblings_share_a_tablet(cast: Cast, keys: KeyFolder) -> None:
    key = new_key()
    assert pass_of(bundle_of(cast.student, key), keys).sub == cast.student.id
    assert pass_of(bundle_of(cast.twin, key), keys).sub == cast.twin.id


def test_the_pass_remembers_what_earlier_passes_open(cast: Cast) -> None:
    key = new_key()
    bundle_of(cast.student, key)
    cast.student.enrollments.update(is_active=False)
    bundle = bundle_of(cast.student, key)
    assert bundle.sections == ()
    assert set(Device.objects.get().pass_sections) == {cast.section.id}, "an earlier pass still opens it"


def test_on_the_saturday_before_the_term_the_pass_opens_monday(cast: Cast, keys: KeyFolder) -> None:
    with clock.at(datetime(2026, 7, 31, 15, tzinfo=UTC)):  # the year begins on Saturday, 1 August
        opened = pass_of(bundle_of(cast.student), keys)
        assert opened.sections == (cast.section.id,)
        assert datetime.fromtimestamp(opened.exp, UTC) == datetime(2026, 8, 8, 4, tzinfo=UTC)


def test_when_the_year_is_over_there_is_no_pass(cast: Cast) -> None:
    with clock.at(datetime(2027, 7, 5, 15, tzinfo=UTC)):
        bundle = bundle_of(cast.student)
        assert bundle.pass_ is None
        assert bundle.sections == ()


def test_the_same_number_of_queries_for_one_class_and_for_three(cast: Cast) -> None:
    def queries(person: Person, key: DeviceKey) -> int:
        client = Client()
        client.force_login(person)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert ask(client, key).status_code == 200
        return len(captured)

    keys = {person.id: new_key() for person in (cast.student, cast.guardian, cast.teacher)}
    people = (cast.student, cast.guardian, cast.teacher)
    before = [queries(person, keys[person.id]) for person in people]
    before = [queries(person, keys[person.id]) for person in people]
    for number in (2, 3):
        section = make_section(cast.school, f"More {number}", periods=str(number))
        enroll(section, cast.student, "student")
        enroll(section, cast.teacher, "teacher")
        for n in range(4):
            enroll(section, make_person(f"kid{number}{n}", "Kid", "Many", "student", cast.school), "student")
    assert [queries(person, keys[person.id]) for person in people] == before
    assert max(before) <= 24
