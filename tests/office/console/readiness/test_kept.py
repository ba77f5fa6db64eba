"""A large district is counted by the worker, and its page says of when the count is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.console.models import ReadinessCount
from schoolday.office.console.readiness import figures
from schoolday.office.console.readiness.figures import Calls, Tally, figures_of
from schoolday.office.console.readiness.kept import CountWhenDue, kept
from schoolday.office.console.readiness.whole import figures_of_all, lately_ready
from schoolday.office.console.views.health import metrics_token
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import AcademicSession
from tests.cast import Cast
from tests.office.attendance.day import queries_of
from tests.office.console.readiness.evening import EVENING, TUESDAY, as_person, give_pass, give_phones


@pytest.fixture
def large(bells: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A cast whose district is a large one."""
    monkeypatch.setattr(figures, "LARGE_FROM_SCHOOLS", 2)
    give_phones(bells)
    return bells


def schools() -> list[Org]:
    return list(Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True))


def district_page(person: Person, language: str = "en") -> str:
    answer = as_person(person, language).get(reverse("console:readiness"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_kept_is_what_was_counted(large: Cast) -> None:
    give_pass(large.student)
    give_pass(large.teacher)
    CountWhenDue()()
    for asked in (schools(), [large.other_school]):
        found = kept(asked)
        assert found is not None
        assert found.lines == figures_of(asked).lines


def test_the_page_reads_the_last_count_and_says_of_when_it_is(large: Cast) -> None:
    job = CountWhenDue()
    assert job() is not None
    with clock.at(EVENING + timedelta(minutes=4)):
        give_pass(large.student)
        assert job() is None
        assert "As of 2026-09-14 18:00." in district_page(large.operator)
        assert "0 of 3 students are ready" in district_page(large.operator)
        one = as_person(large.principal).get(reverse("console:readiness-school", args=[large.school.id]))
        assert "1 of 2 students are ready" in one.content.decode()  # a school is counted when somebody looks
    with clock.at(EVENING + timedelta(minutes=6)):
        assert job() is not None
        assert "As of 2026-09-14 18:06." in district_page(large.operator)
        assert "1 of 3 students are ready" in district_page(large.operator)


def test_before_the_first_count_the_page_says_so_and_leads_to_the_schools(large: Cast) -> None:
    page = district_page(large.operator)
    assert "The district is being counted." in page
    assert reverse("console:readiness-school", args=[large.school.id]) in page
    assert "students are ready" not in page
    for language in ("es", "ht"):
        assert "The district is being counted." not in district_page(large.operator, language)


def test_a_count_takes_the_place_of_the_one_before(large: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    CountWhenDue()()
    Org.objects.filter(id=large.other_school.id).update(is_active=False)
    monkeypatch.setattr(figures, "LARGE_FROM_SCHOOLS", 1)
    CountWhenDue()()
    assert [row.school for row in ReadinessCount.objects.all()] == [large.school]


def test_a_school_whose_year_is_over_is_kept_as_such(large: Cast) -> None:
    AcademicSession.objects.update(ends_on=TUESDAY)
    CountWhenDue()()
    found = kept(schools())
    assert found is not None
    assert [line.day for line in found.lines] == [None, None]
    assert "No school day is left" in district_page(large.operator).replace("&#x27;", "'")


def test_a_small_district_is_counted_when_somebody_looks(bells: Cast) -> None:
    assert CountWhenDue()() is None
    assert not ReadinessCount.objects.exists()
    found = figures_of_all(schools())
    assert found is not None
    assert found.students == Tally(enrolled=3)
    assert found.calls == Calls(no_number=3)


def test_reading_takes_the_same_queries_for_any_number_of_schools(large: Cast) -> None:
    CountWhenDue()()
    before = queries_of(lambda: kept(schools()))
    for name in "abc":
        Org.objects.create(sourced_id=name, kind=Org.Kind.SCHOOL, name=name, parent=large.district)
    CountWhenDue()()
    assert queries_of(lambda: kept(schools())) == before


def test_the_scrapers_figures_are_asked_once_in_five_minutes(bells: Cast) -> None:
    first = lately_ready()
    assert first is not None
    assert first.students == Tally(enrolled=3)
    give_pass(bells.student)
    assert queries_of(lately_ready) == 0
    assert lately_ready() == first


def test_of_a_large_district_machines_are_told_nothing_before_it_is_counted(large: Cast) -> None:
    def scraped() -> str:
        answer = Client().get("/office/metrics", headers={"Authorization": f"Bearer {metrics_token()}"})
        return answer.content.decode()

    assert "schoolday_families_to_call" not in scraped()
    CountWhenDue()()
    assert "schoolday_families_to_call 2.0" in scraped()
    assert "schoolday_readiness_counted_at_seconds" in scraped()
