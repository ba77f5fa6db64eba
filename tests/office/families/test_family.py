from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from schoolday.lib import clock
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
    assert child == {"id": cast.other_student.id, "meetings": []}


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
