from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from schoolday.contracts import phone
from schoolday.lib import clock
from schoolday.office.arrangements.actions import say_as_guardian
from schoolday.office.people.models import Guardianship, Org, Person
from tests.cast import Cast, enroll, make_person
from tests.office.attendance.day import BELL, DURING, ON, event, meet, queries_of, took


def family(person: Person) -> Any:
    client = Client()
    client.force_login(person)
    return client.get("/api/family")


def test_a_guardian_sees_her_own_children_today(cast: Cast) -> None:
    meeting = meet(cast.section)
    meet(cast.section, bell=BELL + timedelta(days=1), on=ON + timedelta(days=1))
    with clock.at(DURING):
        took(event("arrived", cast.student, meeting, 6))
        children = {child["id"]: child["meetings"] for child in family(cast.guardian).json()["children"]}
    here = {"id": meeting.id, "section": cast.section.id}
    why = {"not_charged_because": None}
    assert children == {
        cast.student.id: [here | {"status": "tardy", "arrived_at": int(BELL.timestamp()) + 360, "charged": True} | why],
        cast.twin.id: [here | {"status": "", "arrived_at": None, "charged": False} | why],
    }


def test_another_guardian_sees_nothing_of_them(cast: Cast) -> None:
    meet(cast.section)
    with clock.at(DURING):
        (child,) = family(cast.other_guardian).json()["children"]
    assert child == {"id": cast.other_student.id, "meetings": [], "recording": None, "by_phone": None}


@pytest.mark.parametrize("who", ["student", "teacher", "principal", "operator"])
def test_people_without_children_here_see_nothing(cast: Cast, who: str) -> None:
    assert family(getattr(cast, who)).status_code == 404


def test_a_stranger_is_asked_to_sign_on(cast: Cast) -> None:
    assert Client().get("/api/family").status_code == 401


def test_what_counts_is_the_teachers_mark(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        took(event("teacher_mark", cast.student, meeting, 5, by=cast.teacher.id, status="excused"))
        children = {child["id"]: child["meetings"] for child in family(cast.guardian).json()["children"]}
    assert children[cast.student.id][0]["status"] == "excused"


def test_today_is_the_schools_own_day(cast: Cast) -> None:
    Org.objects.filter(id=cast.other_school.id).update(time_zone="Pacific/Auckland")
    Guardianship.objects.create(guardian=cast.guardian, student=cast.other_student)
    here = meet(cast.section)
    there = meet(cast.other_section, bell=BELL + timedelta(hours=9), on=ON + timedelta(days=1))
    with clock.at(BELL + timedelta(hours=1)):  # 9:00 on 1 September in New York, 1:00 on the 2nd in Auckland
        children = {child["id"]: child["meetings"] for child in family(cast.guardian).json()["children"]}
    assert [meeting["id"] for meeting in children[cast.student.id]] == [here.id]
    assert [meeting["id"] for meeting in children[cast.other_student.id]] == [there.id]


def test_one_and_three_children_take_the_same_number_of_queries(cast: Cast) -> None:
    meet(cast.section)
    client = Client()
    client.force_login(cast.guardian)
    with clock.at(DURING):
        two = queries_of(lambda: client.get("/api/family"))
        third = make_person("woodley.p", "Woodley", "Pierre", "student", cast.school)
        enroll(cast.section, third, "student")
        Guardianship.objects.create(guardian=cast.guardian, student=third)
        assert queries_of(lambda: client.get("/api/family")) == two
        assert len(client.get("/api/family").json()["children"]) == 3


def test_she_reads_what_counts_for_recordings(cast: Cast) -> None:
    def shown() -> dict[str, object]:
        return {child["id"]: child["recording"] for child in family(cast.guardian).json()["children"]}

    assert shown() == {cast.student.id: None, cast.twin.id: None}
    say_as_guardian(cast.student, subject="recording", yes=True, guardian=cast.guardian)
    say_as_guardian(cast.twin, subject="recording", yes=False, guardian=cast.guardian)
    assert shown() == {cast.student.id: True, cast.twin.id: False}


def test_the_digits_that_a_bridge_takes_are_her_guardians_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meet(cast.section)

    def shown(who: Person) -> dict[str, Any]:
        return {child["id"]: child["by_phone"] for child in family(who).json()["children"]}

    with clock.at(DURING):
        assert set(shown(cast.guardian).values()) == {None}, "without a number nobody is told of a phone"
        monkeypatch.setitem(settings.SCHOOLDAY.values, "PHONE_NUMBERS", "+13055550100 +13055550101")
        week, secret = phone.week_of(clock.now_seconds()), settings.SCHOOLDAY["CELL_SECRET"]
        digits = phone.dialled(section=cast.section.id, sub=cast.student.id, cell_secret=secret, week=week)
        mine = shown(cast.guardian)
        assert mine[cast.student.id] == {"number": "+13055550100", "digits": {cast.section.id: digits}}
        assert mine[cast.twin.id]["digits"] != mine[cast.student.id]["digits"]
        assert set(shown(cast.other_guardian).values()) == {None}
        monkeypatch.setitem(settings.SCHOOLDAY.values, "PHONE_SCHOOLS", cast.other_school.id)
        assert set(shown(cast.guardian).values()) == {None}, "her school has no way by phone"
