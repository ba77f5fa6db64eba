from datetime import timedelta

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from schoolday.lib import clock
from schoolday.office.attendance.models import DoorCursor
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import ImportRun
from tests.cast import Cast
from tests.office.attendance.day import ON, queries_of


def home(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.get("/office/").content.decode()


def test_a_principal_sees_her_school_and_no_machinery(cast: Cast) -> None:
    page = home(cast.principal)
    assert "Olinda Middle" in page
    assert "Mangrove Middle" not in page
    assert 'href="/office/register/"' in page
    assert 'href="/office/badges/"' in page
    assert 'href="/office/roster/"' not in page
    assert "How it runs" not in page


def test_an_operator_sees_how_it_runs(cast: Cast) -> None:
    now = clock.now()
    PlanRelease.objects.create(version=77, made_at=now, from_date=ON, until_date=ON, schools=2, meetings=12)
    DoorCursor.objects.create(door="d1", spool="a", last=3, drained_at=now - timedelta(seconds=50))
    ImportRun.objects.create(state="refused", started_at=now, source="roster.zip")
    ImportRun.objects.create(state="refused", started_at=now - timedelta(days=8), source="older.zip")
    page = home(cast.operator)
    assert 'href="/office/roster/"' in page
    assert "77 ·" in page
    assert "12 classes" in page
    assert "read 50 seconds ago" in page
    assert "0 jobs · 1 import · 0 events refused" in page
    assert "students: 3" in page
    assert "does not run" in page


def test_what_was_never_is_said(cast: Cast) -> None:
    page = home(cast.operator)
    assert "none yet" in page
    assert "never read" in page


@pytest.mark.parametrize("who", ["student", "guardian", "teacher", "other_guardian"])
def test_everybody_else_is_sent_to_the_app(cast: Cast, who: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    answer = client.get("/office/")
    assert (answer.status_code, answer.headers["Location"], answer.content) == (302, "/", b"")


def test_a_stranger_is_sent_to_the_sign_on(db: None) -> None:
    assert Client().get("/office/").headers["Location"] == "/?next=%2Foffice%2F"


def test_any_number_of_doors_and_jobs_takes_the_same_number_of_queries(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.operator)
    one = queries_of(lambda: client.get("/office/"))
    for name in ("a", "b", "c"):
        DoorCursor.objects.create(door=name, spool=name, drained_at=clock.now())
        DBTaskResult.objects.create(
            args_kwargs={},
            task_path="x",
            backend_name="default",
            run_after=clock.now(),
            exception_class_path="",
            traceback="",
        )
    assert queries_of(lambda: client.get("/office/")) == one
