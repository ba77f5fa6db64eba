"""The calendar feed of a person."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from schoolday.lib import clock
from schoolday.office.people.models import AuditEntry, Guardianship, Person
from schoolday.office.timetable.actions import compute_meetings
from schoolday.office.timetable.models import CalendarDay
from tests.cast import Cast, enroll, make_person, make_section
from tests.forging import altered
from tests.office.timetable.bells import set_bells

MONDAY = datetime(2026, 8, 31, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def morning(cast: Cast) -> Iterator[None]:
    set_bells(cast.school, "1 08:30 09:15,2 09:20 10:05")
    set_bells(cast.other_school, "1 07:00 08:00")
    with clock.at(MONDAY):
        yield


def url_of(client: Client, person: Person) -> str:
    client.force_login(person)
    url: str = client.get("/api/calendar").json()["url"]
    return url


def events(body: bytes) -> list[tuple[str, str, str]]:
    """Title and real times of every event."""
    calendar = Calendar.from_ical(body)
    assert isinstance(calendar, Calendar)
    return [(str(event["summary"]), f"{event.start:%m-%d %H:%M %Z}", f"{event.end:%H:%M}") for event in calendar.events]


def test_two_weeks_of_own_meetings_in_utc(client: Client, cast: Cast) -> None:
    CalendarDay.objects.create(school=None, on=date(2026, 9, 7), day_type="", name="Labor Day")
    response = Client().get(url_of(client, cast.student))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, max-age=900"
    found = events(response.content)
    assert found[0] == ("Math 7", "08-31 12:30 UTC", "13:15")
    assert [start[:5] for _, start, _ in found] == [
        "08-31", "09-01", "09-02", "09-03", "09-04", "09-08", "09-09", "09-10", "09-11",
    ]  # fmt: skip


def test_names_no_child_and_speaks_the_readers_language(client: Client, cast: Cast) -> None:
    body = Client().get(url_of(client, cast.guardian)).content.decode()
    for person in (cast.student, cast.guardian, cast.teacher):
        assert person.given_name not in body
        assert person.family_name not in body
        assert person.id not in body
    assert "Peryòd 1" in body


def test_guardian_sees_the_classes_of_her_children_once_and_nobody_elses(client: Client, cast: Cast) -> None:
    assert {title for title, _, _ in events(Client().get(url_of(client, cast.guardian)).content)} == {"Math 7"}
    assert len(events(Client().get(url_of(client, cast.guardian)).content)) == 10
    assert {title for title, _, _ in events(Client().get(url_of(client, cast.other_guardian)).content)} == {"Science 7"}
    assert events(Client().get(url_of(client, cast.principal)).content) == []


def test_child_in_two_schools_meets_by_the_bells_of_each(client: Client, cast: Cast) -> None:
    enroll(cast.other_section, cast.student, "student")
    found = events(Client().get(url_of(client, cast.student)).content)
    assert [row for row in found if row[1].startswith("08-31")] == [
        ("Science 7", "08-31 11:00 UTC", "12:00"),
        ("Math 7", "08-31 12:30 UTC", "13:15"),
    ]


def test_enrollment_counts_only_while_it_lasts(client: Client, cast: Cast) -> None:
    enrollment = cast.section.enrollments.get(person=cast.student)
    enrollment.begins_on, enrollment.ends_on = date(2026, 9, 2), date(2026, 9, 4)
    enrollment.save()
    found = events(Client().get(url_of(client, cast.student)).content)
    assert [start[:5] for _, start, _ in found] == ["09-02", "09-03"]


def test_ids_are_those_of_the_meetings(client: Client, cast: Cast) -> None:
    (meeting,) = compute_meetings(cast.school, date(2026, 9, 1))
    body = Client().get(url_of(client, cast.student)).content.decode()
    assert f"UID:{meeting.id}@demo.schoolday" in body


def test_unchanged_feed_is_not_sent_again(client: Client, cast: Cast) -> None:
    url = url_of(client, cast.student)
    etag = Client().get(url)["ETag"]
    again = Client().get(url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    set_bells(cast.school, "1 08:40 09:15")
    assert Client().get(url, headers={"If-None-Match": etag}).status_code == 200


def test_address_stays_until_it_is_renewed_and_then_the_old_one_is_dead(client: Client, cast: Cast) -> None:
    url = url_of(client, cast.student)
    assert url == url_of(client, cast.student)
    assert len(url) >= len("/calendar/.ics") + 32
    renewed = client.post("/api/calendar/new").json()["url"]
    assert renewed != url
    assert Client().get(url).status_code == 404
    assert Client().get(renewed).status_code == 200
    assert list(AuditEntry.objects.values_list("verb", "subject_id")) == [
        ("calendar_feed.made", cast.student.id),
        ("calendar_feed.renewed", cast.student.id),
    ]


def test_outsiders(client: Client, cast: Cast) -> None:
    url = url_of(client, cast.student)
    assert Client().get("/api/calendar").status_code == 401
    assert Client().post("/api/calendar/new").status_code == 401
    assert Client(enforce_csrf_checks=True).post("/api/calendar/new").status_code == 403
    assert Client().get(altered(url, -len("x.ics"))).status_code == 404
    assert Client().post(url).status_code == 405
    assert url_of(Client(), cast.other_student) != url
    cast.student.is_active = False
    cast.student.save()
    assert Client().get(url).status_code == 404


def test_as_many_queries_for_three_sections_as_for_one(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = url_of(client, cast.guardian)
    with django_assert_num_queries(5):
        Client().get(url)
    for number in range(3):
        child = make_person(f"child{number}", "Lou", "Pierre", "student", cast.other_school)
        Guardianship.objects.create(guardian=cast.guardian, student=child)
        enroll(make_section(cast.other_school, f"Art {number}", periods="1"), child, "student")
    with django_assert_num_queries(5):
        Client().get(url)
