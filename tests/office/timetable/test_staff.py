"""The timetable's editor."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from schoolday.lib import clock
from schoolday.office.people.models import AuditEntry, Org, Person
from schoolday.office.timetable.models import BellSchedule, CalendarDay, Meeting, Period
from tests.cast import Cast
from tests.office.timetable.bells import set_bells

TUESDAY = date(2026, 9, 1)
TOMORROW = date(2026, 9, 2)


@pytest.fixture(autouse=True)
def morning(cast: Cast) -> Iterator[None]:
    set_bells(cast.school, "1 08:30 09:15,2 09:20 10:05")
    with clock.at(datetime(2026, 9, 1, 10, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def principal(client: Client, cast: Cast) -> Client:
    client.force_login(cast.principal)
    return client


def page_of(school: Org) -> str:
    return f"/office/timetable/{school.id}/"


def bells_page(school: Org, day_type: str = "regular") -> str:
    return f"{page_of(school)}bells/{BellSchedule.objects.get(school=school, day_type=day_type).pk}"


def filled(
    client: Client, url: str, *rows: tuple[str, str, str], remove: int | None = None, **extra: str
) -> dict[str, str]:
    """What a browser sends of the page at `url` after these rows were put in."""
    html = client.get(url).content.decode()
    data = {}
    for name in ("seen", "p-TOTAL_FORMS", "p-INITIAL_FORMS", "p-MIN_NUM_FORMS", "p-MAX_NUM_FORMS"):
        (data[name],) = re.findall(f'name="{name}"[^>]*value="([^"]*)"', html)
    data["seen"] = data["seen"].replace("&quot;", '"')
    for n in range(int(data["p-TOTAL_FORMS"])):
        code, starts, ends = rows[n] if n < len(rows) else ("", "", "")
        data |= {f"p-{n}-code": code, f"p-{n}-starts": starts, f"p-{n}-ends": ends}
    if remove is not None:
        data[f"p-{remove}-DELETE"] = "on"
    return data | extra


def periods(school: Org, day_type: str = "regular") -> list[str]:
    found = Period.objects.filter(schedule__school=school, schedule__day_type=day_type).order_by("starts")
    return [f"{p.code} {p.starts:%H:%M}-{p.ends:%H:%M}" for p in found]


def test_list_of_schools_is_ones_own(client: Client, cast: Cast) -> None:
    client.force_login(cast.principal)
    html = client.get("/office/timetable/").content.decode()
    assert cast.school.name in html
    assert cast.other_school.name not in html
    client.force_login(cast.operator)
    html = client.get("/office/timetable/").content.decode()
    assert cast.school.name in html
    assert "no bells yet" in html


def test_page_shows_bells_calendar_and_todays_classes(principal: Client, cast: Cast) -> None:
    CalendarDay.objects.create(school=None, on=date(2026, 9, 7), day_type="", name="Labor Day")
    html = principal.get(page_of(cast.school)).content.decode()
    for text in ("08:30", "10:05", "1 class meets", "America/New_York", "Labor Day", "2026-09-30"):
        assert text in html
    assert "2026-10-31" in principal.get(page_of(cast.school) + "?month=2026-10").content.decode()
    for odd in ("x", "0000-01", "9999-12", "2026-13"):
        assert "2026-09-30" in principal.get(page_of(cast.school) + f"?month={odd}").content.decode()


def test_saving_bells_writes_them_and_moves_todays_meetings(principal: Client, cast: Cast) -> None:
    url = bells_page(cast.school)
    data = filled(principal, url, ("1", "09:00", "09:45"), ("2", "09:50", "10:30"), ("3", "10:40", "11:20"))
    response = principal.post(url, data, follow=True)
    assert "Saved. 1 classes meet today." in response.content.decode()
    assert periods(cast.school) == ["1 09:00-09:45", "2 09:50-10:30", "3 10:40-11:20"]
    assert {f"{m.on} {m.starts_at:%H:%M}" for m in Meeting.objects.all()} == {"2026-09-01 13:00", "2026-09-02 13:00"}
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject_id, entry.actor_id) == ("timetable.bells", cast.school.id, cast.principal.id)
    assert entry.detail["before"] == [["1", "08:30", "09:15"], ["2", "09:20", "10:05"]]


def test_saving_the_same_bells_writes_no_audit(principal: Client, cast: Cast) -> None:
    url = bells_page(cast.school)
    principal.post(url, filled(principal, url, ("1", "08:30", "09:15"), ("2", "09:20", "10:05")))
    assert not AuditEntry.objects.exists()


def test_a_period_and_a_whole_schedule_can_be_removed(principal: Client, cast: Cast) -> None:
    url = bells_page(cast.school)
    principal.post(url, filled(principal, url, ("1", "08:30", "09:15"), ("2", "09:20", "10:05"), remove=1))
    assert periods(cast.school) == ["1 08:30-09:15"]
    principal.post(url, filled(principal, url, ("1", "08:30", "09:15"), remove=0))
    assert not BellSchedule.objects.exists()
    assert "no class meets" in principal.get(page_of(cast.school)).content.decode()


@pytest.mark.parametrize(
    ("rows", "field", "says"),
    [
        ([("1", "08:30", "09:15"), ("2", "09:10", "10:05")], "p-1-starts", "It overlaps with period 1."),
        ([("1", "08:30", "08:30"), ("2", "09:20", "10:05")], "p-0-ends", "It must end later than it begins"),
        ([("1", "08:30", "09:15"), ("1", "09:20", "10:05")], "p-1-code", "This period is there twice."),
        ([("1", "8h30", "09:15"), ("2", "09:20", "10:05")], "p-0-starts", "Write a time as 08:30."),
        ([("1,2", "08:30", "09:15"), ("2", "09:20", "10:05")], "p-0-code", "A comma cannot be part of it"),
        ([("", "08:30", "09:15"), ("2", "09:20", "10:05")], "p-0-code", "This field is required."),
        ([("", "", ""), ("2", "09:20", "10:05")], "p-0-code", "This field is required."),
        ([("x" * 41, "08:30", "09:15"), ("2", "09:20", "10:05")], "p-0-code", "at most 40"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written(
    principal: Client, cast: Cast, rows: list[tuple[str, str, str]], field: str, says: str
) -> None:
    url = bells_page(cast.school)
    response = principal.post(url, filled(principal, url, *rows))
    assert response.status_code == 400
    html = response.content.decode()
    error = re.search(f'id="id_{field}-error"[^>]*>([^<]*)<', html)
    assert error is not None
    assert says in error[1]
    assert re.search(f'name="{field}"[^>]*aria-invalid="true"', html)
    assert periods(cast.school) == ["1 08:30-09:15", "2 09:20-10:05"]
    assert not AuditEntry.objects.exists()


def test_all_day_may_overlap(principal: Client, cast: Cast) -> None:
    url = bells_page(cast.school)
    rows = [("1", "08:30", "09:15"), ("2", "09:20", "10:05"), ("ALL", "08:30", "15:00")]
    assert principal.post(url, filled(principal, url, *rows)).status_code == 302


def test_new_type_of_day(principal: Client, cast: Cast) -> None:
    url = page_of(cast.school) + "bells/new"
    assert principal.post(url, filled(principal, url, ("1", "08:00", "08:30"), day_type="early")).status_code == 302
    assert periods(cast.school, "early") == ["1 08:00-08:30"]
    again = principal.post(url, filled(principal, url, ("1", "08:00", "08:30"), day_type="early"))
    assert (again.status_code, "bells for this type of day already" in again.content.decode()) == (400, True)
    empty = principal.post(url, filled(principal, url, day_type="late"))
    assert (empty.status_code, "one period at least" in empty.content.decode()) == (400, True)


def test_who_saves_second_is_told_and_overwrites_nothing(principal: Client, cast: Cast) -> None:
    url = bells_page(cast.school)
    mine = filled(principal, url, ("1", "09:00", "09:45"), ("2", "09:50", "10:30"))
    theirs = filled(principal, url, ("1", "07:00", "07:45"), ("2", "09:50", "10:30"))
    assert principal.post(url, theirs).status_code == 302
    refused = principal.post(url, mine)
    assert (refused.status_code, "Somebody changed this" in refused.content.decode()) == (409, True)
    assert principal.post(url, mine | {"seen": "{"}).status_code == 409
    assert periods(cast.school)[0] == "1 07:00-07:45"


def test_holiday_is_marked_and_undone_once(principal: Client, cast: Cast) -> None:
    url = f"{page_of(cast.school)}day/2026-09-02"
    response = principal.post(url, {"kind": "none", "name": "Storm day"})
    assert response["Location"].endswith("?month=2026-09#calendar")
    day = CalendarDay.objects.get()
    assert (day.school, day.on, day.day_type, day.name) == (cast.school, TOMORROW, "", "Storm day")
    assert not Meeting.objects.filter(on=TOMORROW).exists()
    assert "Storm day" in principal.get(url).content.decode()
    page = principal.get(page_of(cast.school)).content.decode()
    assert "Undo the last change (calendar, 2026-09-02)" in page
    principal.post(page_of(cast.school) + "undo")
    assert not CalendarDay.objects.exists()
    assert Meeting.objects.filter(on=TOMORROW).count() == 1
    assert principal.post(page_of(cast.school) + "undo").status_code == 409
    assert "Undo the last change" not in principal.get(page_of(cast.school)).content.decode()
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["timetable.day", "timetable.undone"]


def test_type_of_day_and_back_to_usual(principal: Client, cast: Cast) -> None:
    set_bells(cast.school, "1 10:00 10:20", "early")
    url = f"{page_of(cast.school)}day/2026-09-02"
    principal.post(url, {"kind": "type:early", "name": ""})
    assert Meeting.objects.get(on=TOMORROW).starts_at == datetime(2026, 9, 2, 14, 0, tzinfo=UTC)
    principal.post(url, {"kind": "usual", "name": ""})
    assert Meeting.objects.get(on=TOMORROW).starts_at == datetime(2026, 9, 2, 12, 30, tzinfo=UTC)
    assert not CalendarDay.objects.exists()
    assert principal.post(url, {"kind": "type:made up", "name": ""}).status_code == 400
    assert principal.post(url, {"name": ""}).status_code == 400


def test_bells_are_undone_unless_they_changed_since(principal: Client, cast: Cast) -> None:
    url = bells_page(cast.school)
    principal.post(url, filled(principal, url, ("1", "09:00", "09:45"), ("2", "09:50", "10:30")))
    principal.post(page_of(cast.school) + "undo")
    assert periods(cast.school) == ["1 08:30-09:15", "2 09:20-10:05"]
    assert Meeting.objects.get(on=TUESDAY).starts_at == datetime(2026, 9, 1, 12, 30, tzinfo=UTC)
    url = bells_page(cast.school)
    principal.post(url, filled(principal, url, ("1", "09:00", "09:45"), ("2", "09:50", "10:30")))
    set_bells(cast.school, "1 06:00 07:00")
    assert principal.post(page_of(cast.school) + "undo").status_code == 409
    assert periods(cast.school) == ["1 06:00-07:00"]


def test_a_day_that_is_over_stays(principal: Client, cast: Cast) -> None:
    url = f"{page_of(cast.school)}day/2026-08-31"
    assert principal.get(url).status_code == 404
    assert principal.post(url, {"kind": "none", "name": ""}).status_code == 404
    assert principal.get(f"{page_of(cast.school)}day/2026-02-30").status_code == 404


@pytest.mark.parametrize("who", ["other_principal", "teacher", "student", "guardian", "other_guardian", None])
def test_outsiders(client: Client, cast: Cast, who: str | None) -> None:
    page = page_of(cast.school)
    urls = [page, page + "bells/new", bells_page(cast.school), page + "day/2026-09-02"]
    if who is not None:
        person: Person = getattr(cast, who)
        client.force_login(person)
    refused = 302 if who is None else 404
    for url in urls:
        assert client.get(url).status_code == refused
    for url in (*urls[1:], page + "undo"):
        assert client.post(url, {"kind": "none"}).status_code == refused
    if who != "other_principal":
        assert client.get("/office/timetable/").status_code == refused
    assert not CalendarDay.objects.exists()
    assert len(periods(cast.school)) == 2


def test_bells_of_another_school_are_not_reached_through_ones_own(principal: Client, cast: Cast) -> None:
    set_bells(cast.other_school, "1 08:00 09:00")
    pk = BellSchedule.objects.get(school=cast.other_school).pk
    assert principal.get(f"{page_of(cast.school)}bells/{pk}").status_code == 404
    assert principal.post(f"{page_of(cast.school)}bells/{pk}", {}).status_code == 404


def test_forms_need_the_token_of_their_page(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.principal)
    assert client.post(page_of(cast.school) + "day/2026-09-02", {"kind": "none"}).status_code == 403


def test_as_many_queries_for_three_rows_as_for_one(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.operator)
    Org.objects.filter(id=cast.other_school.id).update(kind="district")
    with django_assert_num_queries(5):
        client.get("/office/timetable/")
    with django_assert_num_queries(15):
        client.get(page_of(cast.school))
    Org.objects.filter(id=cast.other_school.id).update(kind="school")
    Org.objects.create(sourced_id="s3", kind="school", name="Heron High", parent=cast.district)
    for day_type in ("early", "late"):
        set_bells(cast.school, "1 08:00 09:00", day_type)
    with django_assert_num_queries(5):
        client.get("/office/timetable/")
    with django_assert_num_queries(15):
        client.get(page_of(cast.school))


@pytest.mark.parametrize(("language", "says"), [("es", "no hay clases"), ("ht", "pa gen lekòl")])
def test_speaks_the_readers_language(principal: Client, cast: Cast, language: str, says: str) -> None:
    principal.cookies["language"] = language
    html = principal.get(page_of(cast.school)).content.decode()
    assert says in html
    assert "no school" not in html
    assert "Monday" not in html
