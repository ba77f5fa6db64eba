"""Who is told: scope, staff first, guardians once and by right, preferences and defaults."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolday.contracts.plan import DetourScope
from schoolday.lib import clock
from schoolday.office.notices import people_actions, queries
from schoolday.office.notices.addresses import address_key, mail_of, phone_of
from schoolday.office.notices.audience import Audience, BadAudience, check_audience, people_in
from schoolday.office.notices.choosing import Contacts, wanted
from schoolday.office.notices.delivery.preparing import prepare, prepare_waiting
from schoolday.office.notices.models import Delivery, Preference
from schoolday.office.people.models import Guardianship, Org, Person
from tests.cast import Cast, make_person
from tests.office.notices.sending import give_contacts, many_guardians, moved

pytestmark = pytest.mark.django_db
State = Delivery.State


def told(audience: Audience) -> list[str]:
    return [person.user_name for _who, _school, people in people_in(audience) for person in people]


def test_the_whole_district_staff_first(cast: Cast) -> None:
    names = told(Audience(students=True))
    assert set(names[:4]) == {"e.ruiz", "c.okafor", "p.stone", "q.vale"}
    assert set(names[4:6]) == {"m.pierre", "a.garcia"}
    assert set(names[6:]) == {"naika.p", "naika.p2", "leo.g"}


def test_each_scope_narrows_down(cast: Cast) -> None:
    Org.objects.filter(id=cast.school.id).update(region="north")
    Person.objects.filter(user_name="leo.g").update(grade="10")
    cast.other_section.grades = "10"
    cast.other_section.save()
    assert set(told(Audience(schools=(cast.school.id,)))) == {"e.ruiz", "p.stone", "m.pierre"}
    assert set(told(Audience(regions=("north",)))) == {"e.ruiz", "p.stone", "m.pierre"}
    assert set(told(Audience(bands=("9-12",)))) == {"c.okafor", "q.vale", "p.stone", "a.garcia"}
    assert set(told(Audience(sections=(cast.section.id,)))) == {"e.ruiz", "p.stone", "m.pierre"}
    assert told(Audience(sections=(cast.section.id,), guardians=False, staff=False, students=True)) == sorted(
        ["naika.p", "naika.p2"], key=lambda name: Person.objects.get(user_name=name).id
    )
    assert told(Audience(bands=("PK-5",), staff=False)) == []


def test_nobody_in_particular_is_refused(cast: Cast) -> None:
    check_audience(Audience())
    for bad in (
        Audience(staff=False, guardians=False),
        Audience(schools=("no-such-one",)),
        Audience(regions=("nowhere",)),
        Audience(bands=("13-14",)),
        Audience(sections=("no-such-one",)),
        Audience(schools=(cast.school.id,), sections=(cast.other_section.id,)),
    ):
        with pytest.raises(BadAudience):
            check_audience(bad)


def test_a_detours_scope_is_an_audience(cast: Cast) -> None:
    scope = DetourScope(bands=("6-8", "9-12"), regions=("north",))
    found = Audience.of_scope(scope)
    assert (found.bands, found.regions, found.schools, found.sections) == (("6-8", "9-12"), ("north",), (), ())
    assert found.who == ("staff", "guardians")


def test_it_is_kept_as_data(cast: Cast) -> None:
    audience = Audience(bands=("6-8",), schools=(cast.school.id,), students=True)
    assert Audience.from_dict(audience.as_dict()) == audience
    assert Audience.from_dict({**audience.as_dict(), "later": 1}) == audience


def test_a_guardian_who_is_barred_from_one_child_is_told_for_the_other_only(cast: Cast) -> None:
    people_actions.bar_guardian(cast.student, cast.guardian.id, actor=cast.principal, is_barred=True)
    assert "m.pierre" in told(Audience(schools=(cast.school.id,))), "she has another child there"
    people_actions.bar_guardian(cast.twin, cast.guardian.id, actor=cast.principal, is_barred=True)
    assert "m.pierre" not in told(Audience(schools=(cast.school.id,)))
    # A roster that brings the guardianship anew does not undo what the school decided.
    Guardianship.objects.filter(guardian=cast.guardian).delete()
    for child in (cast.student, cast.twin):
        Guardianship.objects.create(guardian=cast.guardian, student=child)
    assert "m.pierre" not in told(Audience(schools=(cast.school.id,)))
    people_actions.bar_guardian(cast.twin, cast.guardian.id, actor=cast.principal, is_barred=False)
    assert "m.pierre" in told(Audience(schools=(cast.school.id,)))


def test_a_person_at_two_schools_and_in_two_roles_gets_it_once(cast: Cast) -> None:
    give_contacts(cast)
    Guardianship.objects.create(guardian=cast.teacher, student=cast.other_student)
    Guardianship.objects.create(guardian=cast.guardian, student=cast.other_student)
    notice = moved(cast, audience=Audience())
    prepare_waiting()
    for person in (cast.teacher, cast.guardian):
        assert notice.deliveries.filter(person=person, channel="mail").count() == 1
    assert notice.deliveries.get(person=cast.teacher, channel="mail").rank == 0


def test_made_twice_the_rows_are_the_same(cast: Cast) -> None:
    give_contacts(cast)
    notice = moved(cast)
    prepare(notice)
    before = set(notice.deliveries.values_list("id", flat=True))
    type(notice).objects.filter(id=notice.id).update(state="preparing")
    prepare(notice)
    assert set(notice.deliveries.values_list("id", flat=True)) == before


def test_making_rows_costs_queries_by_the_school_and_not_by_the_person(cast: Cast) -> None:
    many_guardians(cast.school, 30)
    with CaptureQueriesContext(
        connection,
    ) as few:
        prepare(moved(cast))
    many = [
        Person(
            sourced_id=f"x{n}",
            user_name=f"x{n}",
            given_name="X",
            family_name="Y",
            email=f"x{n}@a.example",
            password="!",
        )
        for n in range(60)
    ]
    Person.objects.bulk_create(many)
    Guardianship.objects.bulk_create([Guardianship(guardian=person, student=cast.student) for person in many])
    with CaptureQueriesContext(connection) as more:
        prepare(moved(cast))
    assert len(more) <= len(few) + 2, "SQLite takes a long insert in parts"


def test_who_cannot_be_reached_is_counted_with_the_reason(cast: Cast) -> None:
    Preference.objects.create(
        person=cast.teacher, mail=False, sms=False, voice=False, push=False, changed_at=clock.now()
    )
    Person.objects.filter(id=cast.teacher.id).update(email="teacher@bay.example")
    notice = moved(cast)
    prepare_waiting()
    reasons = dict(notice.deliveries.filter(channel="none").values_list("person__user_name", "reason"))
    assert reasons == {"e.ruiz": "not_wanted", "p.stone": "no_contact", "m.pierre": "no_contact"}


@pytest.mark.parametrize(
    ("contacts", "preference", "level", "ways"),
    [
        (Contacts("a@b.example", "+1305"), None, "info", {"mail"}),
        (Contacts("", "+1305"), None, "info", {"sms"}),
        (Contacts("a@b.example", "", ("x",)), None, "warning", {"mail", "push"}),
        (Contacts("", ""), None, "emergency", set()),
        (Contacts("a@b.example", "+1305", ("x",)), None, "emergency", {"mail", "sms", "voice", "push"}),
        (Contacts("a@b.example", "+1305"), (False, True, True, True), "info", {"sms", "voice"}),
        (Contacts("a@b.example", "+1305"), (False, False, False, False), "info", set()),
        (Contacts("a@b.example", "+1305"), (False, False, False, False), "emergency", {"mail", "sms", "voice"}),
    ],
)
def test_ways(contacts: Contacts, preference: tuple[bool, ...] | None, level: str, ways: set[str]) -> None:
    chosen = None
    if preference is not None:
        mail, sms, voice, push = preference
        chosen = Preference(mail=mail, sms=sms, voice=voice, push=push)
    assert wanted(contacts, chosen, level) == ways  # type: ignore[arg-type]  # a plain word in the table


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("(305) 555-0100", "+13055550100"), ("1-305-555-0100", "+13055550100"), ("+509 34 56 7890", "+50934567890"),
        ("305.555.0100", "+13055550100"), ("555-0100", ""), ("call me", ""), ("", ""), ("+1", ""), ("911", ""),
    ],
)  # fmt: skip
def test_numbers(typed: str, number: str) -> None:
    assert phone_of(typed) == number


def test_addresses() -> None:
    assert mail_of("Ana@Reef.Example") == "Ana@reef.example"
    for bad in ("", "ana", "ana@reef", "a b@reef.example", "ana@reef.example, b@reef.example", "<ana@reef.example>"):
        assert mail_of(bad) == ""
    assert mail_of("ana@reef.example\nBcc: x@y.example") == ""
    assert address_key("mail", "ANA@reef.example") == address_key("mail", "ana@reef.example")
    assert address_key("sms", "+1305") != address_key("voice", "+1305")
    assert "ana" not in address_key("mail", "ana@reef.example")


class TestUnreached:
    def test_a_family_is_reached_when_one_guardian_is(self, cast: Cast) -> None:
        give_contacts(cast)
        father = make_person("father", "Jean", "Pierre", "guardian", cast.school)
        Guardianship.objects.create(guardian=father, student=cast.student)
        notice = moved(cast)
        assert queries.unreached(notice, cast.school).pending == 2, "nothing is prepared yet"
        prepare_waiting()
        notice.refresh_from_db()
        assert queries.unreached(notice, cast.school) == queries.Unreached([], 2)
        rows = notice.deliveries.filter(person=cast.guardian, channel="mail")
        rows.update(state=State.SENT)
        assert queries.unreached(notice, cast.school) == queries.Unreached([], 0)
        rows.update(state=State.UNDELIVERABLE, reason="smtp_550")
        found = queries.unreached(notice, cast.school)
        assert [[child.id for child in family.children] for family in found.families] == sorted(
            ([[cast.student.id], [cast.twin.id]]), key=lambda ids: ids[0]
        )
        assert found.families[0].phones == ["+13055550100"]

    def test_brothers_and_sisters_are_one_call_and_who_is_barred_is_not_called(self, cast: Cast) -> None:
        notice = moved(cast)
        prepare_waiting()
        notice.refresh_from_db()
        found = queries.unreached(notice, cast.school).families
        assert len(found) == 1
        assert {child.id for child in found[0].children} == {cast.student.id, cast.twin.id}
        assert found[0].reason == "no_contact"
        people_actions.bar_guardian(cast.student, cast.guardian.id, actor=cast.principal, is_barred=True)
        found = queries.unreached(notice, cast.school).families
        assert {family.reason for family in found} == {"no_contact", "no_guardian"}
        alone = next(family for family in found if not family.guardians)
        assert alone.children == [cast.student]

    def test_a_notice_for_staff_only_has_no_families(self, cast: Cast) -> None:
        notice = moved(cast, audience=Audience(guardians=False))
        prepare_waiting()
        assert queries.unreached(notice, cast.school) == queries.Unreached([], 0)


def test_what_is_counted_before_sending_is_what_goes_out(cast: Cast) -> None:
    give_contacts(cast)
    many_guardians(cast.school, 12, phone=True)
    Guardianship.objects.create(guardian=cast.teacher, student=cast.student)
    notice = moved(cast, audience=replace(Audience(), students=True))
    reach = queries.reach_of(notice)
    prepare_waiting()
    rows = notice.deliveries.exclude(person=None)
    for channel in ("mail", "sms", "push"):
        assert reach.messages.get(channel, 0) == rows.filter(channel=channel).count(), channel
    assert reach.unreachable == rows.filter(channel="none").count()
    assert reach.people == rows.values("person").distinct().count()
    assert sum(reach.by_who.values()) == reach.people
