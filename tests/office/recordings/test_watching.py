"""Who watches, publishes, keeps and deletes a recording; strangers learn nothing of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolday.lib import clock
from schoolday.office.people.models import AuditEntry, Person
from schoolday.office.recordings.models import Recording
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast
from tests.office.attendance.day import DURING
from tests.office.recordings.bring import begin, brought, client_of

OUTSIDERS = ("other_student", "other_guardian", "other_teacher", "other_principal")


def statuses(person: Person | None, recording: Recording) -> set[int]:
    base = f"/office/recordings/{recording.id}/"
    return {client_of(person).get(base + name).status_code for name in ("", "media")}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_find_nothing(cast: Cast, meeting: Meeting, who: str) -> None:
    one = brought(cast.teacher, meeting, heard=cast.student.id)
    client_of(cast.teacher).post(f"/office/recordings/{one.id}/publish", {"published": "1"})
    person = getattr(cast, who)
    assert statuses(person, one) == {404}
    assert one.id not in client_of(person).get("/office/recordings/").content.decode()
    for name in ("publish", "extend", "delete/"):
        assert client_of(person).post(f"/office/recordings/{one.id}/{name}").status_code == 404
    assert client_of(person).get(f"/office/recordings/of/{cast.student.id}/").status_code == 404
    assert Recording.objects.filter(id=one.id, published=True).exists()


def test_who_did_not_sign_on_is_sent_to_the_sign_on(cast: Cast, meeting: Meeting) -> None:
    assert statuses(None, brought(cast.teacher, meeting)) == {302}


@pytest.mark.parametrize("who", ["student", "guardian"])
def test_the_class_watches_what_is_published_and_takes_no_copy(cast: Cast, meeting: Meeting, who: str) -> None:
    one = brought(cast.teacher, meeting)
    person = getattr(cast, who)
    assert statuses(person, one) == {404}
    client_of(cast.teacher).post(f"/office/recordings/{one.id}/publish", {"published": "1"})
    assert statuses(person, one) == {200}
    copy = client_of(person).get(f"/office/recordings/{one.id}/media?download").status_code
    assert copy == (404 if who == "student" else 200)
    assert client_of(person).post(f"/office/recordings/{one.id}/delete/").status_code == 404
    client_of(cast.teacher).post(f"/office/recordings/{one.id}/publish", {"published": "0"})
    assert statuses(person, one) == {404}


def test_what_is_not_whole_is_not_played(cast: Cast, meeting: Meeting) -> None:
    id_ = begin(client_of(cast.teacher), meeting).json()["id"]
    assert client_of(cast.teacher).get(f"/office/recordings/{id_}/").status_code == 200
    assert client_of(cast.teacher).get(f"/office/recordings/{id_}/media").status_code == 404


@pytest.mark.parametrize("who", ["teacher", "principal", "operator"])
def test_every_look_is_written_down(cast: Cast, meeting: Meeting, who: str) -> None:
    one = brought(cast.teacher, meeting)
    person = getattr(cast, who)
    assert statuses(person, one) == {200}
    looks = AuditEntry.objects.filter(verb__startswith="look.", actor_id=person.id, subject_id=one.id)
    assert sorted(looks.values_list("verb", flat=True)) == ["look.recording", "look.recording_file"]


def test_a_teacher_deletes_and_only_the_office_keeps_longer(cast: Cast, meeting: Meeting) -> None:
    one = brought(cast.teacher, meeting)
    url = f"/office/recordings/{one.id}/"
    assert client_of(cast.teacher).post(url + "extend", {"days": "9", "reason": "x"}).status_code == 404
    for bad in ({"days": "9", "reason": " "}, {"days": "0", "reason": "x"}, {"days": "9999", "reason": "x"}):
        client_of(cast.principal).post(url + "extend", bad)
    one.refresh_from_db()
    assert one.kept_because == ""
    client_of(cast.principal).post(url + "extend", {"days": "90", "reason": "a hearing"})
    one.refresh_from_db()
    assert (one.keep_until - DURING).days == 90
    assert one.kept_because == "a hearing"
    assert client_of(cast.teacher).get(url + "delete/").status_code == 200
    client_of(cast.teacher).post(url + "delete/")
    assert not Recording.objects.exists()


def test_when_a_family_withdraws_all_with_the_child_go_from_one_page(cast: Cast, meeting: Meeting) -> None:
    with_her = [brought(cast.teacher, meeting, heard=cast.student.id) for _ in range(2)]
    without = brought(cast.teacher, meeting, heard=cast.twin.id)
    url = f"/office/recordings/of/{cast.student.id}/"
    for who in (cast.teacher, cast.guardian, cast.student):
        assert client_of(who).get(url).status_code == 404
    page = client_of(cast.principal).get(url).content.decode()
    assert all(one.id in page for one in with_her)
    assert without.id not in page
    client_of(cast.principal).post(url, {"recording": [*(one.id for one in with_her), without.id]})
    assert [one.id for one in Recording.objects.all()] == [without.id]


def test_nobody_watches_what_is_over(cast: Cast, meeting: Meeting) -> None:
    one = brought(cast.teacher, meeting)
    with clock.at(DURING + timedelta(days=31)):
        assert statuses(cast.teacher, one) == {404}


@pytest.mark.parametrize("who", ["teacher", "guardian", "principal", "operator"])
def test_the_list_asks_the_same_of_one_and_of_three(cast: Cast, meeting: Meeting, who: str) -> None:
    client = client_of(getattr(cast, who))

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert client.get("/office/recordings/").status_code == 200
        return len(context)

    brought(cast.teacher, meeting)
    Recording.objects.update(published=True)
    one = queries()
    brought(cast.teacher, meeting)
    brought(cast.teacher, meeting)
    Recording.objects.update(published=True)
    assert queries() == one
